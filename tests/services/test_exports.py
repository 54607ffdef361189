"""Exports: what is in them, who has to agree, and how they are marked."""

from datetime import timedelta
from io import BytesIO
from typing import Any

import pytest
import sqlalchemy as sa
from openpyxl import load_workbook

from app import clock
from app.db import db
from app.domain.actor import Role
from app.domain.errors import Forbidden, InvalidInput, NotFound
from app.domain.export_rules import ExportKind, Ground
from app.models.account import Membership
from app.models.audit_entry import AuditEntry
from app.models.export import Export
from jobs.make_exports import make_exports
from services.attachments import LinkInvalid
from services.exports import files, requests
from services.exports.files import FileLink, NoFile
from services.exports.making import LEASE, MAX_ATTEMPTS, claim_export, make_workbook
from services.exports.requests import NotAwaiting, OwnExport
from services.exports.workbook import Watermark, write_workbook
from tests.factories import (
    Person,
    make_account,
    make_cast,
    make_enterprise,
    make_organisation,
    make_ticket,
)
from tests.factories.exports import PURPOSE, ask, store

KEY = b"k" * 32
PHONE = "13812345678"
AT = clock.real()


@pytest.fixture
def county(database) -> Person:
    """A coordinator of one county."""
    return make_account(
        Role.COORDINATOR, area_prefix="210302", organisation_id=make_organisation().id
    )


@pytest.fixture
def city(database) -> Person:
    return make_account(Role.SUPERVISOR, organisation_id=make_organisation().id)


def rule(person: Person, export: Export, *, approved: bool = True) -> None:
    requests.rule_export(person.actor, export.id, approved=approved, note=None, at=clock.now())


def download(person: Person, export: Export) -> Any:
    link = files.sign_file(person.actor, export.id, KEY, at=AT)
    file = files.open_file(person.actor, link, KEY, store(), at=AT)
    return load_workbook(file)


def made(person: Person, export: Export) -> list[tuple[Any, ...]]:
    assert make_exports().failures == 0
    return list(download(person, export).active.iter_rows(min_row=2, values_only=True))


def actions() -> list[str]:
    about = AuditEntry.subject.like("export:%")
    return list(
        db.session.scalars(sa.select(AuditEntry.action).where(about).order_by(AuditEntry.id))
    )


def test_an_export_has_what_its_maker_sees_and_is_masked(county):
    here = make_enterprise("铁东机械", contact_name="王建国", contact_phone=PHONE)
    make_enterprise(area_code="210303002000")
    headings, *rows = made(county, ask(county))
    [row] = [dict(zip(headings, row, strict=True)) for row in rows]
    assert (row["编号"], row["名称"]) == (here.id, "铁东机械")
    assert (row["联系人"], row["联系电话"]) == ("王**", "138****5678")
    assert "法定代表人" not in headings


def test_the_filters_of_the_list_narrow_it(county):
    make_enterprise("铁东机械")
    make_enterprise("别的公司")
    _, *rows = made(county, ask(county, filters={"q": "机械"}))
    assert [row[1] for row in rows] == ["铁东机械"]
    with pytest.raises(InvalidInput):
        ask(county, filters={"area": "999999999999"})


def test_tickets_are_exported_with_their_contacts_once_somebody_agreed(county, city):
    cast = make_cast(make_enterprise(contact_name="王建国", contact_phone=PHONE))
    case = make_ticket("handling", cast)
    plain = ask(county, ExportKind.TICKETS)
    personal = ask(county, ExportKind.TICKETS, personal=True)
    headings, *rows = made(county, plain)
    assert rows[0][0] == case.number
    assert "联系电话" not in headings
    assert personal.state == "awaiting"
    rule(city, personal)
    headings, *rows = made(county, personal)
    row = dict(zip(headings, rows[0], strict=True))
    assert (row["联系人"], row["联系电话"]) == ("王建国", PHONE)


def test_the_workbook_says_who_when_and_why_on_every_page(county):
    make_enterprise()
    export = ask(county, purpose="分析 A&B 两类企业")
    make_exports()
    book = download(county, export)
    sheet = book.active
    mark = str(sheet["A1"].value)
    account = f"账号 {county.account.id}"
    for told in (mark, book.properties.title, book.properties.description):
        assert county.account.name in told
        assert account in told
        assert "分析 A&B 两类企业" in told
    for place in (sheet.oddHeader.center, sheet.oddFooter.center):
        assert account in place.text
        assert "A&&B" in place.text
    assert clock.now().strftime("%Y-%m-%d") in mark


@pytest.mark.parametrize("text", ['=HYPERLINK("x")', "+1", "-1", "@SUM(A1)", "\tx"])
def test_what_looks_like_a_formula_is_text(text):
    mark = Watermark("王", 1, AT, PURPOSE)
    book = load_workbook(BytesIO(write_workbook(mark, [text], [[text], [7], [None]])))
    for cell in (book.active["A2"], book.active["A3"]):
        assert (cell.data_type, cell.value, cell.quotePrefix) == ("s", text, True)
    assert book.active["A4"].value == 7


@pytest.mark.parametrize(
    ("role", "area", "wish", "grounds"),
    [
        (Role.COORDINATOR, "210302", {}, []),
        (Role.COORDINATOR, "210302", {"personal": True}, [Ground.PERSONAL]),
        (Role.COORDINATOR, "2103", {}, [Ground.CROSS_AREA]),
        (Role.COORDINATOR, "2103", {"filters": {"area": "210302000000"}}, []),
        (Role.COORDINATOR, "210302", {"filters": {"area": "210300000000"}}, []),
        (Role.SUPERVISOR, "2103", {"personal": True}, [Ground.PERSONAL, Ground.CROSS_AREA]),
        (Role.REGISTER_OFFICER, "210302", {}, [Ground.CROSS_UNIT]),
    ],
)
def test_what_goes_far_needs_a_second_person(database, role, area, wish, grounds):
    unit = make_organisation().id
    export = ask(make_account(role, area_prefix=area, organisation_id=unit), **wish)
    assert export.grounds == grounds
    assert export.state == ("awaiting" if grounds else "queued")


def test_the_tickets_of_the_own_unit_need_nobody_else(database):
    approver = make_account(Role.UNIT_APPROVER)
    assert ask(approver, ExportKind.TICKETS).grounds == []
    with pytest.raises(Forbidden):
        ask(approver, ExportKind.ENTERPRISES)
    with pytest.raises(InvalidInput):
        ask(approver, ExportKind.TICKETS, personal=True)


def test_nothing_is_made_before_somebody_agreed(county, city):
    export = ask(county, personal=True)
    assert make_exports().items == 0
    with pytest.raises(NoFile):
        files.sign_file(county.actor, export.id, KEY, at=AT)
    rule(city, export, approved=False)
    assert export.state == "refused"
    assert make_exports().items == 0
    with pytest.raises(NotAwaiting):
        rule(city, export)


def test_nobody_agrees_to_the_own_export(county):
    export = ask(county, personal=True)
    with pytest.raises(OwnExport):
        rule(county, export)
    twice = make_account(Role.SUPERVISOR, area_prefix="2103")
    twice.membership.account_id = county.account.id
    same = Person(county.account, twice.membership)
    with pytest.raises(OwnExport):
        rule(same, export)
    assert export.state == "awaiting"


@pytest.mark.parametrize("area", ["210303", "210302002"])
def test_who_agrees_oversees_all_of_it(county, area):
    export = ask(county, personal=True)
    with pytest.raises(NotFound):
        rule(make_account(Role.SUPERVISOR, area_prefix=area), export)
    rule(make_account(Role.COORDINATOR, area_prefix="210302"), export)
    assert export.state == "queued"


def test_only_the_maker_downloads_and_for_five_minutes(county, city):
    export = ask(county, personal=True)
    rule(city, export)
    make_exports()
    with pytest.raises(Forbidden):
        files.sign_file(city.actor, export.id, KEY, at=AT)
    link = files.sign_file(county.actor, export.id, KEY, at=AT)
    with pytest.raises(Forbidden):
        files.open_file(city.actor, link, KEY, store(), at=AT)
    for bad, at in (
        (link, AT + timedelta(minutes=5, seconds=1)),
        (FileLink(export.id, link.expires + 60, link.signature), AT),
        (FileLink(export.id, link.expires, "0" * 64), AT),
    ):
        with pytest.raises(LinkInvalid):
            files.open_file(county.actor, bad, KEY, store(), at=at)
    colleague = make_account(Role.REGISTER_OFFICER, area_prefix="210302")
    with pytest.raises(NotFound):
        requests.get_export(colleague.actor, export.id)


def test_all_of_it_is_in_the_audit_with_its_purpose(county, city):
    make_enterprise(contact_phone=PHONE)
    export = ask(county, personal=True, filters={"q": "王建国"})
    rule(city, export)
    made(county, export)
    assert actions() == ["request_export", "approve_export", "make_export", "download_export"]
    entries = db.session.scalars(sa.select(AuditEntry).where(AuditEntry.action == "request_export"))
    [asked] = entries
    assert asked.facts["purpose"] == PURPOSE
    assert asked.facts["with_personal"]
    assert "王建国" not in str(asked.facts)


def test_rights_are_those_of_the_moment_of_making(county):
    export = ask(county)
    membership = db.session.get_one(Membership, county.membership.id)
    membership.valid_until = clock.now() - timedelta(minutes=1)
    db.session.flush()
    assert make_exports().failures == 1
    db.session.refresh(export)
    assert export.state == "failed"
    assert "申请时的身份" in str(export.failure)


def test_a_worker_that_died_is_followed_by_another_and_comes_too_late(county):
    export, at = ask(county), clock.real()
    first = claim_export(at=at)
    assert first is not None
    assert claim_export(at=at + LEASE / 2) is None
    second = claim_export(at=at + 2 * LEASE)
    assert second is not None
    assert second.attempt == first.attempt + 1
    assert make_workbook(second, at=clock.now()).rows == 0
    for again in range(MAX_ATTEMPTS):
        claim_export(at=at + (4 + 2 * again) * LEASE)
    assert export.state == "failed"
