"""谁会知道: for every step, exactly these parts of the cast get exactly this message."""

from dataclasses import fields
from datetime import timedelta

import pytest
import sqlalchemy as sa

from app.db import db
from app.domain.facts.acceptance import RefusalRuling
from app.domain.facts.aftercare import Rating
from app.domain.facts.handling import Approval
from app.domain.facts.warnings import CardIssue
from app.domain.permissions import Permission as Act
from app.domain.sla_clock import ClockKind, Rung
from app.domain.vocabulary import Status
from app.models.notification import Notification
from app.models.sla import SlaClock
from tests.domain.story import UNREACHED, UNSOLVED
from tests.factories import MONDAY, Case, Person, make_account, make_ticket

pytestmark = pytest.mark.usefixtures("database")

S = Status
COORDINATORS = {"coordinator", "second_coordinator"}
REFUSED = RefusalRuling(approved=False)
RETURNED = Approval(approved=False, note="请补充依据")


def heard(case: Case, seq: int) -> dict[str, set[str]]:
    """The messages of an event: kind → parts of the cast."""
    parts = {
        getattr(case.cast, each.name).account.id: each.name
        for each in fields(case.cast)
        if isinstance(getattr(case.cast, each.name), Person)
    }
    query = sa.select(Notification).where(
        Notification.ticket_id == case.ticket.id, Notification.event_seq == seq
    )
    found: dict[str, set[str]] = {}
    for message in db.session.scalars(query):
        assert case.number in message.title + message.body
        found.setdefault(message.kind, set()).add(parts[message.account_id])
    return found


@pytest.mark.parametrize(
    ("status", "before", "action", "given", "messages"),
    [
        (S.SUBMITTED, (), Act.FIRST_CONTACT, None, {}),
        (S.SUBMITTED, (), Act.ACCEPT, None, {"accepted": {"applicant"}}),
        (
            S.SUBMITTED,
            (),
            Act.PROPOSE_REFUSAL,
            None,
            {"new_todo": {"second_coordinator", "supervisor"}},
        ),
        (S.SUBMITTED, (Act.PROPOSE_REFUSAL,), Act.RULE_REFUSAL, None, {"refused": {"applicant"}}),
        (
            S.SUBMITTED,
            (Act.PROPOSE_REFUSAL,),
            Act.RULE_REFUSAL,
            REFUSED,
            {"new_todo": {"housekeeper"}},
        ),
        (S.SUBMITTED, (), Act.REQUEST_SUPPLEMENT, None, {"supplement_needed": {"applicant"}}),
        (S.SUPPLEMENTING, (), Act.SUPPLY, None, {"new_todo": {"housekeeper"}}),
        (S.SUBMITTED, (), Act.WITHDRAW, None, {"withdrawn": {"housekeeper"}}),
        (
            S.HANDLING,
            (),
            Act.WITHDRAW,
            None,
            {"withdrawn": {"housekeeper", "handler", "co_handler"}},
        ),
        (S.SUBMITTED, (), Act.URGE, None, {"urged": {"housekeeper", *COORDINATORS}}),
        (
            S.HANDLING,
            (),
            Act.URGE,
            None,
            {"urged": {"housekeeper", *COORDINATORS, "handler", "co_handler", "unit_approver"}},
        ),
        (S.HANDLING, (), Act.REQUEST_PURGE, None, {"new_todo": {"supervisor"}}),
        (
            S.HANDLING,
            (Act.REQUEST_PURGE,),
            Act.RULE_PURGE,
            None,
            {"purge_ruled": {"applicant", "housekeeper", *COORDINATORS}},
        ),
        (S.ACCEPTED, (), Act.DISPATCH, None, {"new_todo": {"handler", "co_handler"}}),
        (S.HANDLING, (), Act.SIGN_FOR, None, {}),
        (S.HANDLING, (), Act.GIVE_OPINION, None, {"new_todo": {"handler"}}),
        (
            S.HANDLING,
            (),
            Act.REPLY,
            None,
            {"new_todo": {"unit_approver"}, "countersign_asked": {"co_handler"}},
        ),
        (
            S.HANDLING,
            (Act.GIVE_OPINION, Act.REPLY, Act.COUNTERSIGN),
            Act.RULE_REPLY,
            None,
            {"feedback_ready": {"applicant", "housekeeper"}},
        ),
        (S.HANDLING, (Act.REPLY,), Act.RULE_REPLY, RETURNED, {"returned": {"handler"}}),
        (S.ACCEPTED, (), Act.ANSWER_DIRECTLY, None, {"feedback_ready": {"applicant"}}),
        (S.FEEDBACK, (), Act.RECEIVE_FEEDBACK, None, {"new_todo": {"revisitor"}}),
        (S.REVISITING, (), Act.RECORD_REVISIT, None, {"evaluation_invited": {"applicant"}}),
        (S.REVISITING, (), Act.RECORD_REVISIT, UNREACHED, {}),
        (
            S.REVISITING,
            (),
            Act.RECORD_REVISIT,
            UNSOLVED,
            {"new_todo": {"housekeeper", *COORDINATORS}},
        ),
        (S.EVALUATING, (), Act.EVALUATE, Rating(4), {}),
        (S.EVALUATING, (), Act.EVALUATE, Rating(2), {"bad_review": {"supervisor", *COORDINATORS}}),
        (S.FEEDBACK, (), Act.OBJECT, None, {"new_todo": {"housekeeper", *COORDINATORS}}),
        (
            S.REVISITING,
            (),
            Act.ORDER_REWORK,
            None,
            {"new_todo": {"housekeeper", *COORDINATORS}, "rework_started": {"applicant"}},
        ),
        (S.EVALUATING, (), Act.CLOSE, None, {"closed": {"applicant"}}),
        (S.EVALUATING, (Act.EVALUATE,), Act.ARCHIVE, None, {}),
    ],
)
def test_who_hears_of_a_step(status, before, action, given, messages):
    case = make_ticket(status)
    for step in before:
        case.act(step)
    assert heard(case, case.act(action, given).event.seq) == messages


def test_who_acts_is_not_told_of_the_own_act():
    case = make_ticket()
    change = case.act(Act.WITHDRAW)
    assert "applicant" not in heard(case, change.event.seq).get("withdrawn", set())
    colleague = make_account("enterprise_staff", enterprise_id=case.cast.enterprise.id)
    other = make_ticket(cast=case.cast)
    seq = other.act(Act.ACCEPT).event.seq
    told = sa.select(Notification.account_id).where(
        Notification.ticket_id == other.ticket.id, Notification.event_seq == seq
    )
    assert colleague.account.id in set(db.session.scalars(told))


@pytest.mark.parametrize(
    "term",
    [{"valid_from": "2026-07-01T00:00:00+08:00"}, {"valid_until": "2026-05-31T00:00:00+08:00"}],
)
def test_memberships_out_of_their_term_hear_nothing(term):
    case = make_ticket()
    absent = make_account("enterprise_staff", enterprise_id=case.cast.enterprise.id, **term)
    case.act(Act.ACCEPT)
    told = sa.select(Notification.account_id).where(Notification.ticket_id == case.ticket.id)
    assert absent.account.id not in set(db.session.scalars(told))


@pytest.mark.parametrize("rung", [Rung.YELLOW, Rung.RED])
def test_a_card_of_the_revisit_goes_to_who_revisits(rung):
    case = make_ticket(S.REVISITING)
    late = MONDAY + timedelta(days=9)
    clock = next(one for one in clocks_of(case) if one.kind == ClockKind.REVISIT)
    at = clock.yellow_at if rung is Rung.YELLOW else late
    seq = case.act(Act.ISSUE_CARD, CardIssue(ClockKind.REVISIT, rung), at=at).event.seq
    [told] = heard(case, seq).values()
    assert "revisitor" in told


def test_a_card_of_another_clock_is_not_the_revisitors():
    case = make_ticket()
    late = MONDAY + timedelta(days=9)
    seq = case.act(Act.ISSUE_CARD, CardIssue(ClockKind.ACCEPT, Rung.RED), at=late).event.seq
    [told] = heard(case, seq).values()
    assert "revisitor" not in told


def clocks_of(case) -> list[SlaClock]:
    return list(db.session.scalars(sa.select(SlaClock).where(SlaClock.ticket_id == case.ticket.id)))
