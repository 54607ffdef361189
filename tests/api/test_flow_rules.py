"""Numbers are set for days to come; what has begun keeps those of its day, also in lists."""

from datetime import datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from app import clock
from app.db import db
from app.domain.actor import Role
from app.domain.facts.retarget import Retargeting
from app.domain.keyset import Page
from app.domain.permissions import Permission as Act
from app.domain.rules import MEANINGS, Rule
from app.domain.vocabulary import Status, TicketClass
from app.models.audit_entry import AuditEntry
from services.tickets.duplicates import find_duplicates
from services.tickets.find import find_tickets
from services.tickets.terms import rules_at
from tests.callers import Caller
from tests.domain.calendars import local
from tests.domain.story import MINUTE, MONDAY
from tests.factories import Case, Cast, make_account, make_cast, make_ticket, set_number
from tests.problems import places, refused

YESTERDAY = local("2026-05-31 10:00")
TUESDAY = local("2026-06-02 10:00")
BODY: dict[str, Any] = {
    "name": "supplement_notices",
    "amount": 1,
    "effective_from": "2026-06-02",
    "reason": "市营商局关于减少补正次数的通知",
}


def set_rule(client, **changes: Any) -> Any:
    """What the administrator is answered on 31 May 2026."""
    with clock.frozen(YESTERDAY):
        return Caller(client, make_account(Role.SYS_ADMIN)).post("/flow-rules", BODY | changes)


def test_a_number_is_set_for_a_day_to_come(client, database):
    made = set_rule(client)
    assert made.status_code == 201, made.text
    assert (made.json["is_in_force"], made.json["unit_label"]) == (False, "次")
    caller = Caller(client, make_account(Role.COORDINATOR))
    now = caller.get("/flow-rules?limit=100").json["items"]
    assert now[0] == made.json | {"is_in_force": True}, "by now it is"
    assert {one["name"] for one in now} == {rule.value for rule in Rule}
    assert len(now) == len(Rule), "what it replaces is not shown"
    ever = caller.get("/flow-rules?name=supplement_notices").json["items"]
    assert [(one["amount"], one["is_in_force"]) for one in ever] == [(1, True), (2, False)]


def test_what_is_coming_stands_beside_what_is_in_force(client, database):
    set_rule(client)
    with clock.frozen(YESTERDAY):
        caller = Caller(client, make_account(Role.COORDINATOR))
        items = caller.get("/flow-rules?limit=100").json["items"]
    of_rule = [one["amount"] for one in items if one["name"] == BODY["name"]]
    assert of_rule == [1, 2]


def test_the_list_comes_a_page_at_a_time(client, database):
    caller = Caller(client, make_account(Role.COORDINATOR))
    first = caller.get("/flow-rules?limit=13").json
    rest = caller.get(f"/flow-rules?limit=13&cursor={first['next_cursor']}").json
    found = [one["name"] for one in (*first["items"], *rest["items"])]
    assert sorted(found) == sorted(Rule)


def test_who_set_what_and_why_is_in_the_audit(client, database):
    set_rule(client)
    query = sa.select(AuditEntry).where(AuditEntry.action == "set_flow_rule")
    entry = db.session.scalars(query).one()
    assert entry.facts == BODY


@pytest.mark.parametrize("day", ["2026-05-31", "2026-05-01"])
def test_no_day_that_has_begun_gets_another_number(client, database, day):
    assert places(set_rule(client, effective_from=day)) == {"/effective_from": "past"}


@pytest.mark.parametrize("rule", Rule)
def test_a_number_stays_within_the_bounds_of_its_rule(client, database, rule):
    meaning = MEANINGS[rule]
    for amount in (meaning.lowest - 1, meaning.highest + 1):
        assert places(set_rule(client, name=rule.value, amount=amount)) == {"/amount": "range"}
    for day, amount in (("2026-06-02", meaning.lowest), ("2026-06-03", meaning.highest)):
        answer = set_rule(client, name=rule.value, amount=amount, effective_from=day)
        assert answer.status_code == 201


def test_one_number_a_day(client, database):
    assert set_rule(client).status_code == 201
    refused(set_rule(client, amount=3), 409, "already-exists")


@pytest.mark.parametrize("role", [Role.COORDINATOR, Role.SUPERVISOR, Role.SEC_ADMIN])
def test_nobody_else_sets_numbers(client, database, role):
    refused(Caller(client, make_account(role)).post("/flow-rules", BODY), 403, "forbidden")


def supplied(at: datetime, cast: Cast) -> Case:
    """Supplemented once, and submitted again."""
    case = make_ticket(Status.SUPPLEMENTING, cast, at=at)
    case.act(Act.SUPPLY)
    return case


def test_a_ticket_keeps_the_numbers_of_its_day_alone_and_in_lists(client, database):
    set_rule(client)
    cast = make_cast()
    older, newer = supplied(MONDAY, cast), supplied(TUESDAY, cast)
    coordinator = Caller(client, cast.coordinator)
    for case, may_ask in ((older, True), (newer, False)):
        shown = coordinator.get(f"/tickets/{case.number}").json
        assert ("request_supplement" in shown["allowed_actions"]) is may_ask
    actor = cast.coordinator.actor
    items, _ = find_tickets(actor, {}, "-submitted_at", Page(), at=newer.at)
    allowed = {one["number"]: "request_supplement" in one["allowed_actions"] for one in items}
    assert allowed == {older.number: True, newer.number: False}


def waiting_for_others(cast: Cast) -> dict[str, bool]:
    """What lies in the supervisor's queue, and whether it may be dispatched from there."""
    wanted = {"queue": "third_round"}
    found, _ = find_tickets(cast.supervisor.actor, wanted, "-submitted_at", Page(), at=TUESDAY)
    return {one["number"]: "dispatch" in one["allowed_actions"] for one in found}


def test_from_which_round_others_see_to_it_is_the_number_of_the_ticket(client, database):
    set_number(Rule.OTHER_HANDS_FROM_ROUND, 2)
    cast = make_cast()
    older = make_ticket(Status.COORDINATING, cast)
    newer = make_ticket(Status.COORDINATING, cast, at=TUESDAY)
    assert older.ticket.round == newer.ticket.round == 2
    assert waiting_for_others(cast) == {newer.number: True}
    renewed = Retargeting("按新标准重定", ticket_class=TicketClass.COMPLEX)
    older.act(Act.RETARGET, renewed, at=newer.at + MINUTE)
    assert waiting_for_others(cast) == {newer.number: True, older.number: True}


def test_duplicates_are_looked_for_as_long_ago_as_the_ticket_says(database):
    cast = make_cast()
    gone = make_ticket(Status.WITHDRAWN, cast)
    mine = make_ticket(Status.ACCEPTED, cast, at=TUESDAY)
    later = gone.at + timedelta(days=8)
    actor = cast.coordinator.actor
    assert [one["number"] for one in find_duplicates(actor, mine.number, at=later)] == [gone.number]
    set_number(Rule.DUPLICATE_DAYS, 7, "2026-06-03")
    assert find_duplicates(actor, mine.number, at=later), "it began before"
    set_number(Rule.DUPLICATE_DAYS, 7)
    assert find_duplicates(actor, mine.number, at=later) == []
    assert find_duplicates(actor, mine.number, at=later - timedelta(days=1))


def test_what_is_no_tickets_goes_by_the_numbers_of_the_day(database):
    set_number(Rule.HANDOVER_SIGNING_DAYS, 5)
    days = [rules_at(at=at)[Rule.HANDOVER_SIGNING_DAYS] for at in (MONDAY, TUESDAY)]
    assert days == [2, 5]
