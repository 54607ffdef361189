"""Limits are added for days to come; what has begun keeps those of its day."""

from datetime import timedelta
from functools import partial
from typing import Any

import pytest
import sqlalchemy as sa

from app import clock
from app.db import db
from app.domain.actor import Role
from app.domain.decisions.extension import NotExtendable
from app.domain.facts.extension import ExtensionRequest
from app.domain.facts.retarget import Retargeting
from app.domain.permissions import Permission as Act
from app.domain.vocabulary import Status
from app.models.audit_entry import AuditEntry
from app.models.sla import SlaClock
from jobs.audit_deadlines import audit_deadlines
from tests.callers import Caller
from tests.domain.calendars import local
from tests.domain.ladders import FULL
from tests.factories import Case, make_account, make_ticket
from tests.problems import places, refused

YESTERDAY = local("2026-05-31 10:00")
BODY: dict[str, Any] = {
    "ticket_class": "normal",
    "clock": "assignment",
    "amount": 3,
    "unit": "working_days",
    "effective_from": "2026-06-02",
    "reason": "市营商局关于压缩办理时限的通知",
}


def set_limit(client, **changes: Any) -> Any:
    """What the administrator is answered on 31 May 2026."""
    with clock.frozen(YESTERDAY):
        return Caller(client, make_account(Role.SYS_ADMIN)).post("/sla-policies", BODY | changes)


def limit(case: Case, kind: str) -> int | None:
    query = sa.select(SlaClock.limit_amount).where(
        SlaClock.ticket_id == case.ticket.id, SlaClock.kind == kind
    )
    return db.session.scalars(query.order_by(SlaClock.id)).first()


def test_a_limit_is_set_for_a_day_to_come(client, database):
    made = set_limit(client)
    assert made.status_code == 201, made.text
    assert made.json["is_in_force"] is False
    caller = Caller(client, make_account(Role.COORDINATOR))
    items = caller.get("/sla-policies?ticket_class=normal&limit=100").json["items"]
    assert items[0] == made.json | {"is_in_force": True}, "by now it is"
    of_clock = [one for one in items if one["clock"] == "assignment"]
    assert [one["is_in_force"] for one in of_clock] == [True, False]
    assert {one["ticket_class"] for one in items} == {"normal"}


def test_who_set_what_and_why_is_in_the_audit(client, database):
    set_limit(client)
    entry = db.session.scalars(
        sa.select(AuditEntry).where(AuditEntry.action == "set_sla_policy")
    ).one()
    assert entry.facts["reason"] == BODY["reason"]
    assert entry.facts["amount"] == 3


def test_a_ticket_keeps_the_limits_of_the_day_it_was_submitted(client, database):
    before, after = make_ticket(), make_ticket()
    db.session.execute(
        sa.text("UPDATE tickets SET submitted_at = submitted_at + interval '1 day' WHERE id = :id"),
        {"id": after.ticket.id},
    )
    set_limit(client)
    at = local("2026-06-02 11:00")
    for case in (before, after):
        case.act(Act.ACCEPT, at=at)
        case.act(Act.DISPATCH, at=at + timedelta(minutes=1))
    assert (limit(before, "assignment"), limit(after, "assignment")) == (5, 3)


def test_running_clocks_stay_and_a_retarget_changes_over(client, database):
    case = make_ticket(Status.HANDLING)
    set_limit(client, clock="finish", amount=8)
    assert limit(case, "finish") == 5
    case.act(Act.RETARGET, Retargeting("按新标准重定"), at=local("2026-06-02 11:00"))
    assert limit(case, "finish") == 8
    assert case.ticket.policies_on.isoformat() == "2026-06-02"
    assert audit_deadlines().failures == 0


@pytest.mark.parametrize("day", ["2026-05-31", "2026-05-01"])
def test_no_day_that_has_begun_gets_another_limit(client, database, day):
    assert places(set_limit(client, effective_from=day)) == {"/effective_from": "past"}


def test_only_what_is_promised_at_acceptance_goes_without_an_amount(client, database):
    assert places(set_limit(client, amount=None)) == {"/amount": "required"}
    assert set_limit(client, amount=None, ticket_class="approval").status_code == 201


def test_one_limit_a_day(client, database):
    assert set_limit(client).status_code == 201
    refused(set_limit(client, amount=4), 409, "already-exists")


@pytest.mark.parametrize("role", [Role.COORDINATOR, Role.SUPERVISOR, Role.SEC_ADMIN])
def test_nobody_else_sets_limits(client, database, role):
    refused(Caller(client, make_account(role)).post("/sla-policies", BODY), 403, "forbidden")


def test_a_time_to_finish_says_how_far_it_is_extended(client, database):
    made = set_limit(client, clock="finish", extension_days=6, total_days=9)
    assert (made.json["extension_days"], made.json["total_days"]) == (6, 9)
    case = make_ticket(Status.HANDLING, at=local("2026-06-02 10:00"))
    asking = partial(case.act, Act.REQUEST_EXTENSION, at=local("2026-06-02 11:00"))
    with pytest.raises(NotExtendable):
        asking(ExtensionRequest(7, "设备未到", "到货后即装"))
    asking(ExtensionRequest(6, "设备未到", "到货后即装"))


@pytest.mark.parametrize(
    "other", [{}, {"clock": "finish", "unit": "minutes"}, {"clock": "opinion"}]
)
def test_nothing_else_is_extended(client, database, other):
    answer = set_limit(client, extension_days=6, total_days=9, **other)
    assert places(answer) == dict.fromkeys(("/extension_days", "/total_days"), "not-extendable")


LADDER = {
    "nudge_percent": 30,
    "remind_percent": 60,
    "remind_after_days": None,
    "yellow_percent": 80,
    "order_days": 1,
    "bulletin_days": None,
    "escalation_days": 6,
}
SHIPPED = {name: getattr(FULL, name) for name in LADDER}


def yellow_of(case: Case, kind: str) -> Any:
    query = sa.select(SlaClock.yellow_at).where(
        SlaClock.ticket_id == case.ticket.id, SlaClock.kind == kind
    )
    return db.session.scalars(query).one()


def test_a_limit_brings_its_ladder(client, database):
    made = set_limit(client, ladder=LADDER)
    assert made.json["ladder"] == LADDER
    items = (
        Caller(client, make_account(Role.COORDINATOR)).get("/sla-policies?limit=100").json["items"]
    )
    assert items[0]["ladder"] == LADDER
    [entry] = db.session.scalars(sa.select(AuditEntry).where(AuditEntry.action == "set_sla_policy"))
    assert LADDER.items() <= entry.facts.items()


def test_a_limit_without_a_ladder_keeps_the_one_before_it(client, database):
    assert set_limit(client).json["ladder"] == SHIPPED
    set_limit(client, effective_from="2026-06-10", ladder=LADDER)
    between = set_limit(client, effective_from="2026-06-09")
    behind = set_limit(client, effective_from="2026-06-11")
    assert (between.json["ladder"], behind.json["ladder"]) == (SHIPPED, LADDER)


def test_what_a_given_ladder_does_not_name_is_not_there(client, database):
    made = set_limit(client, ladder={"yellow_percent": 80})
    assert made.json["ladder"] == dict.fromkeys(LADDER) | {"yellow_percent": 80}
    assert set_limit(client, clock="finish", ladder={}).json["ladder"] == dict.fromkeys(LADDER)


def test_where_there_was_no_limit_the_ladder_is_told(client, database):
    first = {"ticket_class": "consult", "clock": "stage_report"}
    assert places(set_limit(client, **first)) == {"/ladder": "required"}
    assert set_limit(client, **first, ladder={"yellow_percent": 90}).status_code == 201


@pytest.mark.parametrize(
    ("changes", "pointer", "code"),
    [
        ({"ladder": {"yellow_percent": 100}}, "/ladder/yellow_percent", "range"),
        ({"ladder": {"nudge_percent": 0}}, "/ladder/nudge_percent", "range"),
        ({"ladder": {"order_days": 0}}, "/ladder/order_days", "range"),
        ({"ladder": {"red_percent": 50}}, "/ladder/red_percent", "unknown"),
        (
            {"ladder": {"remind_percent": 80, "yellow_percent": 70}},
            "/ladder/yellow_percent",
            "not-upwards",
        ),
        ({"clock": "opinion", "ladder": {"order_days": 2}}, "/ladder/order_days", "no-such-rung"),
        (
            {"clock": "evaluation", "unit": "days", "amount": 5},
            "/ladder/remind_after_days",
            "beyond-limit",
        ),
    ],
)
def test_a_ladder_that_cannot_be_is_refused_where_it_is_wrong(
    client, database, changes, pointer, code
):
    assert places(set_limit(client, **changes)) == {pointer: code}


def test_clocks_keep_their_ladder_until_they_are_retargeted(client, database):
    case = make_ticket(Status.HANDLING)
    before = yellow_of(case, "finish")
    set_limit(client, clock="finish", amount=5, ladder={"yellow_percent": 50})
    case.act(Act.REQUEST_SUSPENSION, by=case.cast.coordinator.actor, at=local("2026-06-02 12:00"))
    case.act(Act.RULE_SUSPENSION, by=case.cast.second_coordinator.actor)
    case.act(Act.RESUME, at=local("2026-06-02 13:00"))
    assert yellow_of(case, "finish") == before
    case.act(Act.RETARGET, Retargeting("按新标准重定"), at=local("2026-06-02 14:00"))
    assert yellow_of(case, "finish") == case.ticket.yellow_at == local("2026-06-04 09:15")
    assert audit_deadlines().failures == 0
