"""The yearly changes of area codes: what stands moves, what was stays, and twice is once."""

from datetime import datetime, timedelta

import pytest
import sqlalchemy as sa

from app.db import db
from app.domain.actor import Role
from app.domain.keyset import Page
from app.domain.permissions import Permission as Act
from app.domain.work_calendar import LOCAL_ZONE
from app.models.area import Area
from app.models.area_change import AreaChange, RecodedTicket
from app.models.enterprise import Enterprise
from app.models.ticket import Ticket
from services.area_changes.apply import Outcome, apply_changes
from services.area_changes.mapping_file import MappingRefused, read_mapping
from services.directory.areas import area_levels, local_zones, towns_of
from services.directory.find_areas import list_areas
from services.visibility.tickets import visible_tickets
from tests.factories import (
    CITY,
    COUNTY,
    OTHER_COUNTY,
    TOWN,
    make_account,
    make_area,
    make_cast,
    make_enterprise,
    make_housekeeper,
    make_organisation,
    make_ticket,
)

pytestmark = pytest.mark.usefixtures("database")

HEADINGS = "change,old_code,new_code,name,level,parent,effective_on"
NEW = "210398000000"
NEW_TOWN = "210398002000"
AT = datetime(2027, 1, 4, 9, 0, tzinfo=LOCAL_ZONE)
RENAMED = "rename,210302,210398,新铁东区,,,2027-01-01"
SPLIT = (
    "split,210303,210396,西一区,county,2103,2027-01-01",
    "split,210303,210397,西二区,county,2103,2027-01-01",
)


def changed(*lines: str, at: datetime = AT) -> Outcome:
    return apply_changes(read_mapping("\n".join([HEADINGS, *lines]).encode()), at=at)


def refused_for(*lines: str, **options) -> str:
    with pytest.raises(MappingRefused) as refusal:
        changed(*lines, **options)
    return refusal.value.detail


def seen_by(person) -> set[str]:
    query = sa.select(Ticket.number).where(visible_tickets(person.actor))
    return set(db.session.scalars(query))


def fresh(row):
    db.session.refresh(row)
    return row


def test_what_stands_moves_with_a_renamed_county():
    enterprise, housekeeper = make_enterprise(), make_housekeeper()
    zone = make_area("210302Z00000", level="town", parent_code=COUNTY)
    managed = make_enterprise(area_code=OTHER_COUNTY, managing_area_code=zone.code)
    unit = make_organisation(area_code=COUNTY)
    outcome = changed(RENAMED)
    assert outcome.undecided == []
    assert fresh(enterprise).area_code == NEW_TOWN
    assert fresh(housekeeper).area_code == NEW_TOWN
    assert fresh(unit).area_code == NEW
    assert (fresh(managed).area_code, managed.managing_area_code) == (OTHER_COUNTY, "210398Z00000")
    assert outcome.moved["enterprises"] == 1
    assert outcome.moved["managed_enterprises"] == 1


def test_the_old_area_keeps_its_row_and_is_no_longer_offered():
    changed(RENAMED)
    old, new = db.session.get_one(Area, COUNTY), db.session.get_one(Area, NEW)
    assert (old.name, str(old.ended_on)) == ("铁东区", "2027-01-01")
    assert (new.name, new.parent_code, new.prefix, new.ended_on) == (
        "新铁东区",
        CITY,
        "210398",
        None,
    )
    offered = {area.code for area in list_areas(CITY, Page(100, None))[0]}
    assert COUNTY not in offered
    assert NEW in offered
    assert area_levels("210302") == {}
    assert area_levels("210398")[NEW_TOWN] == "town"
    assert not [key for key in towns_of("2103") if key[0] == "210302"]


def test_a_zone_that_ended_is_no_name_for_a_workbook():
    make_area("2103Z0000000", name="老高新区")
    assert "老高新区" in local_zones()
    changed("end,2103Z0000000,,,,,2027-01-01")
    assert "老高新区" not in local_zones()


def test_memberships_in_force_move_and_ended_ones_are_history():
    there = make_account(Role.SUPERVISOR, area_prefix="210302", area_code=COUNTY).membership
    city = make_account(Role.SUPERVISOR, area_prefix="2103").membership
    past = make_account(
        Role.SUPERVISOR, area_prefix="210302", area_code=COUNTY, valid_until=AT - timedelta(days=1)
    ).membership
    changed(RENAMED)
    assert (fresh(there).area_prefix, there.area_code) == ("210398", NEW)
    assert fresh(city).area_prefix == "2103"
    assert (fresh(past).area_prefix, past.area_code) == ("210302", COUNTY)


def test_who_answers_for_the_new_area_sees_open_and_closed_tickets_of_the_old_one():
    cast = make_cast()
    numbers = {make_ticket(status, cast).number for status in ("submitted", "archived")}
    supervisor = make_account(Role.SUPERVISOR, area_prefix="210302")
    elsewhere = make_account(Role.SUPERVISOR, area_prefix="210303")
    assert seen_by(supervisor) == numbers
    outcome = changed(RENAMED)
    db.session.refresh(supervisor.membership)
    assert seen_by(supervisor) == numbers
    assert seen_by(elsewhere) == set()
    assert outcome.moved["tickets"] == 2


def test_a_ticket_tells_under_which_code_it_was_filed():
    case = make_ticket("submitted")
    changed(RENAMED)
    known = sa.select(AreaChange.old_code).join(
        RecodedTicket, RecodedTicket.change_id == AreaChange.id
    )
    where = RecodedTicket.ticket_id == case.ticket.id
    assert list(db.session.scalars(known.where(where))) == [TOWN]
    assert fresh(case.ticket).area_code == NEW_TOWN


def test_work_goes_on_after_the_change():
    case = make_ticket("submitted")
    changed(RENAMED)
    db.session.refresh(case.cast.coordinator.membership)
    case.act(Act.ACCEPT, by=case.cast.coordinator.actor)
    assert fresh(case.ticket).status == "accepted"


def test_twice_is_once():
    make_ticket("submitted")
    first = changed(RENAMED)
    count = db.session.query(AreaChange).count()
    again = changed(RENAMED)
    assert first.changes > 1
    assert (again.changes, again.made, again.ended) == (0, 0, 0)
    assert set(again.moved.values()) == {0}
    assert db.session.query(AreaChange).count() == count


def test_a_merger_moves_everything_to_the_one_that_stays():
    here, there = make_enterprise(area_code=COUNTY), make_enterprise(area_code=OTHER_COUNTY)
    outcome = changed(f"merge,{OTHER_COUNTY},{COUNTY},,,,2027-01-01", *moved_towns())
    assert outcome.ended >= 1
    assert {fresh(here).area_code, fresh(there).area_code} == {COUNTY}


def moved_towns() -> list[str]:
    """Every town of the other county goes below this one, under a code that is free."""
    codes = sorted(area_levels(OTHER_COUNTY[:6]).keys() - {OTHER_COUNTY})
    towns = [code for code in codes if code.endswith("000")]
    return [
        f"rename,{code},2103029{place:02d}000,,,{COUNTY},2027-01-01"
        for place, code in enumerate(towns)
    ]


def test_two_traders_of_one_name_are_left_to_a_person():
    for code in (COUNTY, OTHER_COUNTY):
        make_enterprise("老王五金店", uscc=None, area_code=code)
    outcome = changed(f"merge,{OTHER_COUNTY},{COUNTY},,,,2027-01-01", *moved_towns())
    assert [(one.kind, one.name, one.area_code) for one in outcome.undecided] == [
        ("enterprise", "老王五金店", OTHER_COUNTY)
    ]


def split_lines() -> list[str]:
    """铁西区 becomes two; its towns go to the first part."""
    codes = sorted(area_levels(OTHER_COUNTY[:6]).keys() - {OTHER_COUNTY})
    towns = [code for code in codes if code.endswith("000")]
    return [
        *SPLIT,
        *(f"rename,{code},210396{code[6:]},,,210396,2027-01-01" for code in towns),
    ]


def test_what_a_split_leaves_open_is_listed_and_stays_readable():
    town = next(c for c in sorted(area_levels("210303")) if c.endswith("000") and c != OTHER_COUNTY)
    clear, unclear = make_enterprise(area_code=town), make_enterprise(area_code=OTHER_COUNTY)
    cast = make_cast(unclear)
    cast.coordinator.membership.area_prefix = "210303"
    case = make_ticket("submitted", cast)
    supervisor = make_account(Role.SUPERVISOR, area_prefix="210303")
    outcome = changed(*split_lines())
    assert fresh(clear).area_code == "210396" + town[6:]
    assert fresh(unclear).area_code == OTHER_COUNTY
    assert seen_by(supervisor) == {case.number}
    waiting = {(one.kind, one.id) for one in outcome.undecided}
    assert ("enterprise", unclear.id) in waiting
    assert ("ticket", case.ticket.id) in waiting
    assert ("membership", supervisor.membership.id) in waiting
    assert ("enterprise", clear.id) not in waiting
    assert {one.choices for one in outcome.undecided} == {("210396000000", "210397000000")}


def test_tickets_of_a_split_area_follow_their_enterprise_once_it_is_decided():
    enterprise = make_enterprise(area_code=OTHER_COUNTY)
    case = make_ticket("submitted", make_cast(enterprise))
    changed(*split_lines())
    db.session.execute(
        sa.update(Enterprise).where(Enterprise.id == enterprise.id).values(area_code="210397000000")
    )
    again = changed(*split_lines())
    assert fresh(case.ticket).area_code == "210397000000"
    assert (again.changes, again.moved["tickets"]) == (0, 1)
    assert not [one for one in again.undecided if one.kind == "ticket"]


def test_nothing_is_changed_by_a_file_with_a_fault():
    told = refused_for(RENAMED, "end,210303,,,,,2027-01-01")
    assert "须说明其去向" in told
    assert db.session.get_one(Area, COUNTY).ended_on is None
    assert db.session.query(AreaChange).count() == 0


def test_a_file_is_read_as_excel_saves_it():
    lines = "\n".join([HEADINGS, RENAMED])
    assert read_mapping(lines.encode("gb18030")) == read_mapping(lines.encode("utf-8-sig"))
    with pytest.raises(MappingRefused, match="缺少列 parent"):
        read_mapping(b"change,old_code,new_code,name,level,effective_on\n")
    with pytest.raises(MappingRefused, match="第 2 行：change 应为"):
        read_mapping(f"{HEADINGS}\nmoved,210302,210398,,,,2027-01-01".encode())
