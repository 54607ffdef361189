"""People like those within reach, but at another enterprise, in another unit or in another area."""

from collections.abc import Callable, Mapping

from app.domain.actor import ENTERPRISE_ROLES, PAIRED_ROLES, UNIT_ROLES, Role
from app.domain.permissions import Scope
from app.models.housekeeper import Housekeeper
from tests.api.rights.world import World
from tests.factories import (
    Person,
    make_account,
    make_enterprise,
    make_housekeeper,
    make_organisation,
    make_pairing,
)
from tests.factories.register import OTHER_COUNTY

ELSEWHERE = "210303"
TOWN_ELSEWHERE = "210303002000"
AUTHORITIES = frozenset({Role.REGISTER_OFFICER})
WITHIN_AN_AREA = frozenset({Scope.AREA, Scope.POOL, Scope.ALL})
"""What reaches over all units and enterprises of an area: foreign is who has another area."""

Maker = Callable[[World, Role], Person]


def strangers(world: World, role: Role, scope: Scope | None) -> Mapping[str, Person]:
    """A new person in `role` of each kind that is out of the reach of `scope`."""
    makers = MAKERS[_family(role)]
    if scope is None or scope in WITHIN_AN_AREA:
        return {"area": makers["area"](world, role)}
    return {kind: make(world, role) for kind, make in makers.items()}


def _family(role: Role) -> frozenset[Role]:
    families = (ENTERPRISE_ROLES, PAIRED_ROLES, UNIT_ROLES, AUTHORITIES)
    return next((family for family in families if role in family), frozenset())


def _alike(world: World, role: Role) -> Person:
    """At an enterprise, unit or housekeeper of the own."""
    return make_account(role)


def _enterprise_elsewhere(world: World, role: Role) -> Person:
    return make_account(role, enterprise_id=make_enterprise(area_code=TOWN_ELSEWHERE).id)


def _of_another_enterprise(world: World, role: Role) -> Person:
    """In the very unit of the enterprise's housekeeper, and paired with another one."""
    known = world.deputy if role is Role.DEPUTY_HOUSEKEEPER else world.cast.housekeeper_row
    colleague = make_housekeeper(organisation=world.unit_of(known))
    pairing_role = "deputy" if role is Role.DEPUTY_HOUSEKEEPER else "lead"
    make_pairing(make_enterprise(), colleague, role=pairing_role)
    return _as(role, colleague)


def _housekeeper_elsewhere(world: World, role: Role) -> Person:
    unit = make_organisation(kind="township", area_code=OTHER_COUNTY)
    return _as(role, make_housekeeper(organisation=unit, area_code=TOWN_ELSEWHERE))


def _as(role: Role, housekeeper: Housekeeper) -> Person:
    unit = housekeeper.organisation_id
    return make_account(role, housekeeper_id=housekeeper.id, organisation_id=unit)


def _unit_elsewhere(world: World, role: Role) -> Person:
    return make_account(role, organisation_id=make_organisation(area_code=OTHER_COUNTY).id)


def _other_unit(world: World, role: Role) -> Person:
    return make_account(role, organisation_id=make_organisation().id)


def _other_area(world: World, role: Role) -> Person:
    return make_account(role, organisation_id=make_organisation().id, area_prefix=ELSEWHERE)


MAKERS: Mapping[frozenset[Role], Mapping[str, Maker]] = {
    ENTERPRISE_ROLES: {"enterprise": _alike, "area": _enterprise_elsewhere},
    PAIRED_ROLES: {
        "enterprise": _of_another_enterprise,
        "unit": _alike,
        "area": _housekeeper_elsewhere,
    },
    UNIT_ROLES: {"unit": _alike, "area": _unit_elsewhere},
    AUTHORITIES: {"unit": _other_unit, "area": _other_area},
    frozenset(): {"area": _other_area},
}
