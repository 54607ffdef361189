"""涉密清除 as it is asked for, stored, listed and shown."""

from dataclasses import replace
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask

from app import clock
from app.db import db
from app.domain.errors import InvalidInput, NotFound
from app.domain.facts.acceptance import Supplement
from app.domain.facts.extension import Ruling
from app.domain.facts.handling import Opinion
from app.domain.facts.purging import PurgeRequest
from app.domain.keyset import Page
from app.domain.labels import PURGED_NAME
from app.domain.permissions import Permission as Act
from app.domain.vocabulary import Status
from app.models.notification import Notification
from jobs.archive_silent import archive_silent
from services.gateways.file_store import FileStore
from services.tickets.find import find_tickets
from services.tickets.show import show_ticket
from tests.domain.story import PATHS, USUAL
from tests.factories import Case, make_cast, make_ticket
from tests.services.tickets.purged import REASON, faults, purge, row, upload, with_file


@pytest.fixture
def files(app: Flask, database: None, tmp_path: Path) -> FileStore:
    """The store that the job works on."""
    return FileStore(app.config["SETTINGS"].file_store)


def listed(case: Case, person) -> list[str]:
    page = Page(20, None)
    found, _ = find_tickets(person.actor, {"queue": "to_rule_purge"}, "due_at", page, at=case.at)
    return [one["number"] for one in found]


@pytest.mark.parametrize("status", PATHS)
def test_what_is_granted_leaves_a_tombstone_and_a_history_that_holds(files, status):
    case, file = with_file(files, status)
    before = row(file)
    size, digest = before.size, before.sha256
    purge(case, file)
    left = row(file)
    assert (left.purged_at, left.purged_by) == (case.at, case.cast.supervisor.account.id)
    assert (left.filename, left.purge_reason) == (PURGED_NAME, REASON)
    assert (left.size, left.sha256) == (size, digest)
    assert case.ticket.status == status
    assert faults() == []


def test_a_request_alone_changes_no_file(files):
    case, file = with_file(files)
    case.act(Act.REQUEST_PURGE, PurgeRequest((file,), REASON))
    assert (row(file).purged_at, row(file).filename) == (None, "甲公司报价.pdf")
    case.act(Act.RULE_PURGE, Ruling(approved=False, note="不涉密"))
    assert row(file).purged_at is None
    assert faults() == []


def test_only_the_named_files_go(files):
    cast = make_cast()
    first, second = upload(files, cast.applicant), upload(files, cast.applicant)
    submitted = replace(USUAL[Act.SUBMIT], attachment_ids=(first, second))
    case = make_ticket(cast=cast, submit=submitted)
    purge(case, first)
    assert [bool(row(one).purged_at) for one in (first, second)] == [True, False]
    shown = show_ticket(cast.applicant.actor, case.number, at=case.at)["attachments"]
    assert [bool(one["purged_at"]) for one in shown] == [True, False]
    assert [one["filename"] for one in shown] == [PURGED_NAME, "甲公司报价.pdf"]


def test_what_is_not_the_tickets_or_not_for_the_reader_is_not_named(files):
    cast = make_cast()
    opinion, own = upload(files, cast.co_handler), upload(files, cast.applicant)
    given = Opinion("同意。", attachment_ids=(opinion,))
    case = make_ticket(Status.FEEDBACK, cast, give_opinion=given)
    for unknown in (own, opinion, 987654):
        with pytest.raises(InvalidInput) as refused:
            case.act(Act.REQUEST_PURGE, PurgeRequest((unknown,), REASON))
        [error] = refused.value.errors
        assert (error.pointer, error.code) == ("/attachment_ids/0", "unknown-attachment")


def test_what_was_purged_is_not_asked_for_again(files):
    case, file = with_file(files)
    purge(case, file)
    with pytest.raises(InvalidInput):
        case.act(Act.REQUEST_PURGE, PurgeRequest((file,), REASON))


def test_the_purge_of_an_inner_file_stays_inside(files):
    cast = make_cast()
    opinion = upload(files, cast.co_handler)
    given = Opinion("同意。", attachment_ids=(opinion,))
    case = make_ticket(Status.FEEDBACK, cast, give_opinion=given)
    request = PurgeRequest((opinion,), REASON)
    case.act(Act.REQUEST_PURGE, request, by=cast.coordinator.actor)
    case.act(Act.RULE_PURGE)
    assert show_ticket(cast.applicant.actor, case.number, at=case.at)["matters"] == []
    [matter] = show_ticket(cast.coordinator.actor, case.number, at=case.at)["matters"]
    assert matter["outcome"] == "granted"
    hearers = sa.select(Notification.account_id).where(Notification.kind == "purge_ruled")
    told = set(db.session.scalars(hearers))
    assert {cast.housekeeper.account.id, cast.coordinator.account.id} <= told
    assert cast.applicant.account.id not in told


def test_one_inner_file_among_others_keeps_all_of_it_inside(files):
    cast = make_cast()
    own, opinion = upload(files, cast.applicant), upload(files, cast.co_handler)
    submitted = replace(USUAL[Act.SUBMIT], attachment_ids=(own,))
    given = Opinion("同意。", attachment_ids=(opinion,))
    case = make_ticket(Status.FEEDBACK, cast, submit=submitted, give_opinion=given)
    request = PurgeRequest((own, opinion), REASON)
    case.act(Act.REQUEST_PURGE, request, by=cast.coordinator.actor)
    assert show_ticket(cast.applicant.actor, case.number, at=case.at)["matters"] == []


def test_it_waits_with_a_supervisor_and_the_enterprise_hears_the_end(files):
    case, file = with_file(files)
    cast = case.cast
    case.act(Act.REQUEST_PURGE, PurgeRequest((file,), REASON))
    assert listed(case, cast.supervisor) == [case.number]
    case.act(Act.RULE_PURGE)
    assert listed(case, cast.supervisor) == []
    [matter] = show_ticket(cast.applicant.actor, case.number, at=case.at)["matters"]
    assert (matter["outcome"], matter["settled_by"]) == ("granted", None)
    told = sa.select(Notification.account_id).where(Notification.kind == "purge_ruled")
    assert cast.applicant.account.id in db.session.scalars(told).all()


def test_a_ticket_is_archived_while_a_purge_is_asked_for(files):
    case, file = with_file(files, Status.EVALUATING)
    case.act(Act.EVALUATE)
    case.act(Act.REQUEST_PURGE, PurgeRequest((file,), REASON))
    with clock.frozen(case.at):
        archive_silent()
    assert case.ticket.status == "archived"
    case.act(Act.RULE_PURGE)
    assert faults() == []


def test_purging_takes_no_room_of_what_is_still_to_come(files):
    cast = make_cast()
    nine = tuple(upload(files, cast.applicant) for _ in range(9))
    case = make_ticket(cast=cast, submit=replace(USUAL[Act.SUBMIT], attachment_ids=nine))
    purge(case, nine[0])
    case.act(Act.REQUEST_SUPPLEMENT)
    with pytest.raises(InvalidInput):
        case.act(Act.SUPPLY, Supplement("补上。", (upload(files, cast.applicant),)))


def test_strangers_do_not_learn_of_the_ticket(files):
    case, file = with_file(files)
    with pytest.raises(NotFound):
        case.act(Act.REQUEST_PURGE, PurgeRequest((file,), REASON), by=make_cast().applicant.actor)
