"""The place that a role is held at: what each role needs, and what must fit what."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

import sqlalchemy as sa

from app import sealing
from app.db import db
from app.domain.actor import ENTERPRISE_ROLES, PAIRED_ROLES, UNIT_ROLES, Role
from app.domain.errors import FieldError, InvalidInput
from app.domain.separation import ADMINISTRATORS
from app.models.area import Area
from app.models.enterprise import Enterprise
from app.models.housekeeper import Housekeeper
from app.models.organisation import Organisation

Found = TypeVar("Found")

_AREA = frozenset({"area_code"})
_UNIT = frozenset({"organisation_id"})
_NEEDED: Mapping[Role, frozenset[str]] = (
    dict.fromkeys(ENTERPRISE_ROLES, frozenset({"enterprise_id"}))
    | dict.fromkeys(PAIRED_ROLES, frozenset({"housekeeper_id"}))
    | dict.fromkeys(UNIT_ROLES, _UNIT)
    | dict.fromkeys((Role.COORDINATOR, Role.SUPERVISOR, Role.LAY_SUPERVISOR), _AREA)
    | dict.fromkeys((Role.OPERATOR, Role.REVISITOR, Role.REGISTER_OFFICER), _AREA | _UNIT)
    | dict.fromkeys(ADMINISTRATORS, frozenset())
)
"""A desk sees what its unit took in; a revisitor nothing that the own unit handled."""
_FORBIDDEN: Mapping[Role, frozenset[str]] = (
    dict.fromkeys(Role, frozenset({"enterprise_id", "housekeeper_id"}))
    | dict.fromkeys(ENTERPRISE_ROLES, frozenset({"housekeeper_id"}) | _AREA | _UNIT)
    | dict.fromkeys(PAIRED_ROLES, frozenset({"enterprise_id"}) | _AREA | _UNIT)
)
_MISSING = {
    "enterprise_id": "该角色须指定企业。",
    "housekeeper_id": "该角色须指定管家名册中的人。",
    "organisation_id": "该角色须指定单位。",
    "area_code": "该角色须指定区划。",
}
_TOO_MUCH = "该角色不按此项划定范围。"


@dataclass(frozen=True, slots=True)
class Seat:
    """Where a role is held, by identity. What the role does not need is None."""

    organisation_id: int | None = None
    area_code: str | None = None
    enterprise_id: int | None = None
    housekeeper_id: int | None = None


@dataclass(frozen=True, slots=True)
class Place:
    """Where a role is held, in words that people have at hand."""

    organisation: str | None = None
    area: str | None = None
    uscc: str | None = None
    phone: str | None = None


def seat_of(place: Place) -> Seat:
    """The place by identity. Raises `InvalidInput` for what is not there."""
    phone_hash = sealing.fingerprint(place.phone or "")
    return Seat(
        organisation_id=_known(
            place.organisation,
            sa.select(Organisation.id).where(Organisation.name == place.organisation),
            ("/organisation", "没有这个单位。"),
        ),
        area_code=place.area,
        enterprise_id=_known(
            place.uscc,
            sa.select(Enterprise.id).where(Enterprise.uscc == place.uscc),
            ("/uscc", "没有这个统一社会信用代码的企业。"),
        ),
        housekeeper_id=_known(
            place.phone,
            sa.select(Housekeeper.id).where(Housekeeper.phone_hash == phone_hash),
            ("/phone", "管家名册中没有这个手机号。"),
        ),
    )


def columns_of(role: Role, seat: Seat) -> dict[str, Any]:
    """What a membership in `role` at `seat` holds. Raises `InvalidInput` when they do not fit.

    An area lies within that of the unit, where the unit has one; a housekeeper's unit is the
    roster's.
    """
    _check_members(role, seat)
    columns: dict[str, Any] = {
        "enterprise_id": _there(Enterprise, seat.enterprise_id, "/enterprise_id", "没有这家企业。"),
        "housekeeper_id": seat.housekeeper_id,
        "organisation_id": seat.organisation_id,
    }
    if seat.housekeeper_id is not None:
        query = sa.select(Housekeeper.organisation_id).where(Housekeeper.id == seat.housekeeper_id)
        unit = db.session.scalar(query)
        columns["organisation_id"] = _required(unit, "/housekeeper_id", "管家名册中没有这个人。")
    _known(seat.organisation_id, _standing(seat), ("/organisation_id", "没有这个单位，或已撤销。"))
    if seat.area_code is not None:
        in_force = Area.code == seat.area_code, Area.ended_on.is_(None)
        prefix = db.session.scalar(sa.select(Area.prefix).where(*in_force))
        columns["area_prefix"] = _required(prefix, "/area_code", "没有这个区划代码。")
        columns["area_code"] = seat.area_code
        _check_area(columns["area_prefix"], seat.organisation_id)
    return columns


def _standing(seat: Seat) -> sa.Select[int]:
    return sa.select(Organisation.id).where(
        Organisation.id == seat.organisation_id, Organisation.closed_on.is_(None)
    )


def _check_members(role: Role, seat: Seat) -> None:
    given = {name for name in _MISSING if getattr(seat, name) is not None}
    wrong = [(name, "missing", _MISSING[name]) for name in _NEEDED[role] - given]
    wrong += [(name, "not-needed", _TOO_MUCH) for name in _FORBIDDEN[role] & given]
    if wrong:
        errors = [FieldError(f"/{name}", code, detail) for name, code, detail in sorted(wrong)]
        raise InvalidInput(errors, errors[0].detail)


def _check_area(area_prefix: str, organisation_id: int | None) -> None:
    query = (
        sa.select(Area.prefix)
        .join(Organisation, Organisation.area_code == Area.code)
        .where(Organisation.id == organisation_id)
    )
    of_unit = db.session.scalar(query)
    if of_unit is not None and not area_prefix.startswith(of_unit):
        detail = "区划须在该单位的区划之内。"
        raise InvalidInput([FieldError("/area_code", "beyond-unit", detail)], detail)


def _there(model: Any, key: int | None, pointer: str, detail: str) -> int | None:
    return _known(key, sa.select(model.id).where(model.id == key), (pointer, detail))


def _known(given: Any, query: sa.Select[int], refusal: tuple[str, str]) -> int | None:
    """What the query finds, where something is given that it should find."""
    return None if given is None else _required(db.session.scalar(query), *refusal)


def _required(found: Found | None, pointer: str, detail: str) -> Found:
    if found is None:
        raise InvalidInput([FieldError(pointer, "unknown", detail)], detail)
    return found
