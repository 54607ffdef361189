"""Who acts: roles, and the person or process behind a change."""

from dataclasses import dataclass
from enum import StrEnum


class Role(StrEnum):
    """角色 of a membership."""

    ENTERPRISE_ADMIN = "enterprise_admin"
    ENTERPRISE_STAFF = "enterprise_staff"
    HOUSEKEEPER = "housekeeper"
    DEPUTY_HOUSEKEEPER = "deputy_housekeeper"
    OPERATOR = "operator"
    COORDINATOR = "coordinator"
    HANDLER = "handler"
    UNIT_APPROVER = "unit_approver"
    CO_HANDLER = "co_handler"
    SUPERVISOR = "supervisor"
    REVISITOR = "revisitor"
    LAY_SUPERVISOR = "lay_supervisor"
    REGISTER_OFFICER = "register_officer"
    SYS_ADMIN = "sys_admin"
    SEC_ADMIN = "sec_admin"
    AUDITOR = "auditor"
    SYSTEM = "system"


ENTERPRISE_ROLES = frozenset({Role.ENTERPRISE_ADMIN, Role.ENTERPRISE_STAFF})
PAIRED_ROLES = frozenset({Role.HOUSEKEEPER, Role.DEPUTY_HOUSEKEEPER})
UNIT_ROLES = frozenset({Role.HANDLER, Role.UNIT_APPROVER, Role.CO_HANDLER})
AREA_ROLES = frozenset({Role.COORDINATOR, Role.SUPERVISOR, Role.REVISITOR, Role.OPERATOR})


@dataclass(frozen=True, slots=True)
class Actor:
    """A person in one membership, or a job. `area_prefix` is the cut code of the area, "" = all.

    A delegate acts in the pairings of somebody else, whose `housekeeper_id` this is, and `name`
    tells for whom.
    """

    role: Role
    name: str
    account_id: int | None = None
    membership_id: int | None = None
    organisation_id: int | None = None
    enterprise_id: int | None = None
    housekeeper_id: int | None = None
    area_prefix: str | None = None
    ip: str | None = None
    is_delegate: bool = False

    @property
    def is_enterprise(self) -> bool:
        return self.role in ENTERPRISE_ROLES

    @property
    def pairing_role(self) -> str:
        """As what the actor is paired: a delegate stands where the housekeeper stands."""
        return pairing_role(self.role, is_delegate=self.is_delegate)


def pairing_role(role: Role, *, is_delegate: bool) -> str:
    """`lead` or `deputy`: which pairings of its housekeeper a membership is about."""
    return "lead" if role is Role.HOUSEKEEPER or is_delegate else "deputy"


def system(job: str) -> Actor:
    """The actor of a job."""
    return Actor(role=Role.SYSTEM, name=job, area_prefix="")
