"""Areas, organisations, enterprises, housekeepers and pairings of a small Anshan."""

from dataclasses import replace
from datetime import datetime
from itertools import count
from typing import Any

from app.db import db
from app.domain.uscc import check_character
from app.domain.work_calendar import LOCAL_ZONE
from app.models.area import Area
from app.models.enterprise import Enterprise
from app.models.housekeeper import Housekeeper
from app.models.organisation import Organisation
from app.models.pairing import Pairing
from services.directory.areas import AreaEntry, store_areas
from services.directory.enterprises import (
    EnterpriseEntry,
    Filing,
    new_enterprise_ids,
    store_enterprises,
)
from services.directory.housekeepers import HousekeeperEntry, store_housekeepers
from services.pairing.assign import Wish, assign_housekeepers

CITY = "210300000000"
COUNTY = "210302000000"
TOWN = "210302002000"
OTHER_COUNTY = "210303000000"
CONTACT = "赵联系"
PAIRED_AT = datetime(2026, 1, 5, 9, 0, tzinfo=LOCAL_ZONE)

_numbers = count(1)


def make_area(code: str = "2103Z0000000", **changes: Any) -> Area:
    """A local zone below the city; the national areas are in every test database already."""
    entry = AreaEntry(code, "测试开发区", "county", CITY, is_local=True)
    store_areas([replace(entry, **changes)])
    return _stored(Area, code)


def make_organisation(name: str | None = None, **columns: Any) -> Organisation:
    """A confirmed department of 铁东区."""
    organisation = _organisation(name, columns)
    db.session.add(organisation)
    db.session.flush()
    return organisation


def make_organisations(*kinds: str) -> list[Organisation]:
    """A confirmed organisation of 铁东区 of each kind, in one statement."""
    organisations = [_organisation(None, {"kind": kind}) for kind in kinds]
    db.session.add_all(organisations)
    db.session.flush()
    return organisations


def make_enterprise(name: str | None = None, **changes: Any) -> Enterprise:
    """An operating enterprise in 解放街道 with a valid credit code, reported by a new unit.

    `changes` are fields of `EnterpriseEntry`; `reported_by` is the organisation.
    """
    reporting = changes.pop("reported_by", None) or make_organisation()
    number = next(_numbers)
    body = f"91210302MA{number:07d}"
    entry = EnterpriseEntry(
        name=name or f"企业{number}",
        uscc=body + check_character(body),
        categories=("其他",),
        area_code=TOWN,
        contact_name=CONTACT,
        contact_phone=f"139{number:08d}",
        reporting_organisation=reporting.name,
    )
    [enterprise_id] = new_enterprise_ids(1)
    store_enterprises([Filing(replace(entry, **changes), enterprise_id, reporting.id)], None)
    return _stored(Enterprise, enterprise_id)


def make_housekeeper(name: str | None = None, **changes: Any) -> Housekeeper:
    """A housekeeper on duty in 解放街道. `changes` are fields of `HousekeeperEntry`;

    `organisation` is the unit itself.
    """
    unit = changes.pop("organisation", None) or make_organisation(kind="township")
    number = next(_numbers)
    entry = HousekeeperEntry(
        name=name or f"管家{number}",
        phone=f"138{number:08d}",
        organisation=unit.name,
        area_code=TOWN,
    )
    entry = replace(entry, **changes)
    store_housekeepers([entry], {unit.name: unit.id}, None)
    return db.session.query(Housekeeper).order_by(Housekeeper.id.desc()).limit(1).one()


def make_pairing(
    enterprise: Enterprise | None = None,
    housekeeper: Housekeeper | None = None,
    *,
    role: str = "lead",
    is_active: bool = True,
    at: datetime = PAIRED_AT,
) -> Pairing:
    """An active pairing of the enterprise with its A role (`lead`)."""
    enterprise = enterprise or make_enterprise()
    housekeeper = housekeeper or make_housekeeper()
    assign_housekeepers([Wish(enterprise.id, housekeeper.id, role, is_active)], at=at)
    chosen = {"enterprise_id": enterprise.id, "housekeeper_id": housekeeper.id, "role": role}
    query = db.session.query(Pairing).filter_by(**chosen).filter(Pairing.state != "ended")
    return query.populate_existing().one()


def _organisation(name: str | None, columns: dict[str, Any]) -> Organisation:
    defaults = {"kind": "department", "area_code": COUNTY, "is_confirmed": True}
    return Organisation(name=name or f"单位{next(_numbers)}", **defaults | columns)


def _stored(model: type[Any], key: Any) -> Any:
    return db.session.get_one(model, key, populate_existing=True)
