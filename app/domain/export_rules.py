"""导出的规则: what can be exported, and what a second person has to agree to beforehand.

Source: the domain, section 2: exports across areas or units need a second approver. What names
people needs one, too (our default).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType

from app.domain.actor import Role

COUNTY_DIGITS = 6
MAX_ROWS = 200_000


class ExportKind(StrEnum):
    """导出的内容."""

    TICKETS = "tickets"
    ENTERPRISES = "enterprises"
    HOUSEKEEPERS = "housekeepers"


class Ground(StrEnum):
    """须另一人审批的理由."""

    PERSONAL = "personal"
    CROSS_AREA = "cross_area"
    CROSS_UNIT = "cross_unit"


GROUND_LABEL: Mapping[Ground, str] = MappingProxyType(
    {
        Ground.PERSONAL: "含个人信息",
        Ground.CROSS_AREA: "跨县区",
        Ground.CROSS_UNIT: "跨单位",
    }
)

KINDS_OF: Mapping[Role, frozenset[ExportKind]] = MappingProxyType(
    {
        Role.COORDINATOR: frozenset(ExportKind),
        Role.SUPERVISOR: frozenset(ExportKind),
        Role.REGISTER_OFFICER: frozenset({ExportKind.ENTERPRISES, ExportKind.HOUSEKEEPERS}),
        Role.UNIT_APPROVER: frozenset({ExportKind.TICKETS}),
    }
)
"""Which kinds a role may export at all."""

REVEALING: frozenset[Role] = frozenset({Role.COORDINATOR, Role.SUPERVISOR})
"""Who may ask for contact data in an export; everybody else asks for it case by case."""


@dataclass(frozen=True, slots=True)
class Reach:
    """How far an export goes. `area_prefix`: every row lies within it, "" is everywhere."""

    role: Role
    kind: ExportKind
    area_prefix: str
    with_personal: bool


def narrower(own: str, asked: str | None) -> str:
    """The prefix within which rows lie that are in both areas; where none is, the one asked for."""
    return asked if asked is not None and not own.startswith(asked) else own


def grounds_for(reach: Reach) -> tuple[Ground, ...]:
    """Why a second person has to agree; () = nobody has to.

    A unit's own tickets are its own wherever they come from. Who reports to the register sees the
    rows of other reporting units of the area, too.
    """
    found = {
        Ground.PERSONAL: reach.with_personal,
        Ground.CROSS_AREA: reach.role is not Role.UNIT_APPROVER
        and len(reach.area_prefix) < COUNTY_DIGITS,
        Ground.CROSS_UNIT: reach.role is Role.REGISTER_OFFICER,
    }
    return tuple(ground for ground, is_given in found.items() if is_given)
