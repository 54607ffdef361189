"""Whether a message is still true when it is about to be sent."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from app.domain.audience import AUDIENCES
from app.domain.message_kinds import MessageKind
from app.domain.permissions import Permission as Act
from app.domain.phone_forms import FORMS
from app.domain.relevance import STATUSES, TASKS, TODO, Present, Told, is_still_true
from app.domain.transitions import BY_ACTION
from app.domain.vocabulary import FINAL, AssignmentState, Status
from tests.domain.calendars import local

NOW = local("2026-06-01 12:00")
DUE = NOW + timedelta(hours=4)
K, S, U = MessageKind, Status, AssignmentState

USUAL = {
    K.ACCEPTED: Told(K.ACCEPTED, Act.ACCEPT, 1, S.ACCEPTED),
    K.REFUSED: Told(K.REFUSED, Act.RULE_REFUSAL, 1, S.REFUSED),
    K.SUPPLEMENT_NEEDED: Told(K.SUPPLEMENT_NEEDED, Act.REQUEST_SUPPLEMENT, 1, S.SUPPLEMENTING),
    K.NEW_TODO: Told(K.NEW_TODO, Act.DISPATCH, 1, S.HANDLING),
    K.RETURNED: Told(K.RETURNED, Act.RULE_REPLY, 1, S.HANDLING),
    K.URGED: Told(K.URGED, Act.URGE, 1, S.HANDLING),
    K.FEEDBACK_READY: Told(K.FEEDBACK_READY, Act.RULE_REPLY, 1, S.FEEDBACK),
    K.EVALUATION_INVITED: Told(K.EVALUATION_INVITED, Act.RECORD_REVISIT, 1, S.EVALUATING),
    K.REVISIT_MISSED: Told(K.REVISIT_MISSED, Act.RECORD_REVISIT, 1, S.EVALUATING),
    K.DUE_SOON: Told(K.DUE_SOON, Act.ISSUE_CARD, 1, S.HANDLING, DUE),
    K.OVERDUE: Told(K.OVERDUE, Act.ISSUE_CARD, 1, S.HANDLING, DUE),
    K.NUDGE: Told(K.NUDGE, Act.REMIND, 1, S.HANDLING, DUE),
    K.SUPERVISION: Told(K.SUPERVISION, Act.REMIND, 1, S.HANDLING, DUE),
    K.SUPPLEMENT_REMINDER: Told(K.SUPPLEMENT_REMINDER, Act.REMIND, 1, S.SUPPLEMENTING, DUE),
    K.EVALUATION_REMINDER: Told(K.EVALUATION_REMINDER, Act.REMIND, 1, S.EVALUATING, DUE),
}
"""Each kind as one of its events tells it."""

LEFT: dict[Act, dict[str, Any]] = {
    Act.PROPOSE_REFUSAL: {"refusal_waits": True},
    Act.DISPATCH: {"unit": U.DISPATCHED},
    Act.GIVE_OPINION: {"unit": U.SIGNED},
    Act.REPLY: {"unit": U.REPLIED},
    Act.RULE_REPLY: {"unit": U.SIGNED},
}
"""What an action leaves behind, for who is told what to do next."""

ABOUT_A_CLOCK = [kind for kind, told in USUAL.items() if told.due_at]


def as_told(told: Told) -> Present:
    """Nothing has happened since."""
    left = LEFT.get(told.action, {}) if told.kind in TASKS else {}
    return Present(
        told.status,
        told.round,
        is_rated=False,
        is_recipient=True,
        due_at=told.due_at,
        is_urged=told.kind is K.URGED,
        **left,
    )


def holds(kind: MessageKind, *, at=NOW, **changes) -> bool:
    return is_still_true(USUAL[kind], replace(as_told(USUAL[kind]), **changes), at=at)


def test_every_kind_that_goes_to_phones_has_its_row():
    assert STATUSES.keys() == USUAL.keys() == FORMS.keys() - {K.DIGEST}, "which is about no ticket"


def test_every_task_has_its_row():
    asked = {action for (action, _), told in AUDIENCES.items() if TASKS & {to.kind for to in told}}
    assert asked == TODO.keys()


@pytest.mark.parametrize("kind", USUAL)
def test_what_is_as_it_was_told_is_true(kind):
    assert holds(kind)


@pytest.mark.parametrize("kind", USUAL)
def test_who_is_no_longer_concerned_is_not_told(kind):
    assert not holds(kind, is_recipient=False)


@pytest.mark.parametrize("kind", USUAL)
def test_what_was_read_in_the_inbox_need_not_ring(kind):
    assert not holds(kind, is_read=True)


@pytest.mark.parametrize("kind", USUAL)
def test_another_round_is_another_matter(kind):
    assert not holds(kind, round=2)


@pytest.mark.parametrize("kind", USUAL)
@pytest.mark.parametrize("status", sorted(FINAL))
def test_a_ticket_at_its_end_has_only_its_end_to_tell(kind, status):
    assert holds(kind, status=status) is ((kind, status) == (K.REFUSED, S.REFUSED))


@pytest.mark.parametrize(
    ("kind", "status", "expected"),
    [
        (K.ACCEPTED, S.HANDLING, True),
        (K.ACCEPTED, S.FEEDBACK, False),
        (K.SUPPLEMENT_NEEDED, S.SUBMITTED, False),
        (K.SUPPLEMENT_REMINDER, S.SUBMITTED, False),
        (K.NEW_TODO, S.FEEDBACK, False),
        (K.RETURNED, S.FEEDBACK, False),
        (K.FEEDBACK_READY, S.REVISITING, True),
        (K.FEEDBACK_READY, S.EVALUATING, False),
        (K.OVERDUE, S.FEEDBACK, True),
    ],
)
def test_a_ticket_that_went_on(kind, status, expected):
    assert holds(kind, status=status) is expected


@pytest.mark.parametrize(
    ("action", "status"),
    [(Act.SUBMIT, S.SUBMITTED), (Act.RECEIVE_FEEDBACK, S.REVISITING), (Act.DISPATCH, S.HANDLING)],
)
def test_a_task_is_one_only_where_its_event_left_the_ticket(action, status):
    told = Told(K.NEW_TODO, action, 1, status)
    for now in Status:
        assert is_still_true(told, replace(as_told(told), status=now), at=NOW) is (now is status)


TO_ANSWER = {U.DISPATCHED, U.SIGNED}


@pytest.mark.parametrize(
    ("kind", "action", "states"),
    [
        (K.NEW_TODO, Act.DISPATCH, {U.DISPATCHED}),
        (K.NEW_TODO, Act.GIVE_OPINION, TO_ANSWER),
        (K.NEW_TODO, Act.REPLY, {U.REPLIED}),
        (K.RETURNED, Act.RULE_REPLY, TO_ANSWER),
    ],
)
def test_a_task_of_a_unit_is_one_only_until_the_unit_has_done_it(kind, action, states):
    told = Told(kind, action, 1, S.HANDLING)
    for unit in (None, *U):
        now = replace(as_told(told), unit=unit)
        assert is_still_true(told, now, at=NOW) is (unit in states), unit


@pytest.mark.parametrize(
    ("action", "waits"),
    [
        (Act.SUBMIT, False),
        (Act.SUPPLY, False),
        (Act.RULE_REFUSAL, False),
        (Act.PROPOSE_REFUSAL, True),
    ],
)
def test_a_proposed_refusal_is_ruled_on_before_anything_is_accepted(action, waits):
    told = Told(K.NEW_TODO, action, 1, S.SUBMITTED)
    for refusal_waits in (True, False):
        now = replace(as_told(told), refusal_waits=refusal_waits)
        assert is_still_true(told, now, at=NOW) is (refusal_waits is waits)


def test_an_urge_that_was_heeded_rings_no_more():
    assert holds(K.URGED)
    assert not holds(K.URGED, is_urged=False)


@pytest.mark.parametrize(
    ("open_matters", "is_approver", "expected"),
    [
        (("extension/7/3/0",), True, True),
        (("extension/7/3/1",), True, False),
        (("extension/7/3/1",), False, True),
        (("suspension/7/3/0",), True, False),
        ((), False, False),
    ],
)
def test_what_the_own_approver_stands_behind_waits_for_others_only(
    open_matters, is_approver, expected
):
    told = Told(K.NEW_TODO, Act.REQUEST_EXTENSION, 1, S.HANDLING)
    now = replace(as_told(told), open_matters=open_matters, is_approver=is_approver)
    assert is_still_true(told, now, at=NOW) is expected


def test_a_refusal_is_told_whatever_it_left_behind():
    assert holds(K.REFUSED, refusal_waits=True)


def test_what_is_found_unsolved_is_a_task_of_the_next_round():
    told = Told(K.NEW_TODO, Act.RECORD_REVISIT, 1, S.COORDINATING)
    assert not is_still_true(told, as_told(told), at=NOW)
    assert is_still_true(told, replace(as_told(told), round=2), at=NOW)
    card = Told(K.OVERDUE, Act.ISSUE_CARD, 2, S.COORDINATING, DUE)
    assert is_still_true(card, as_told(card), at=NOW)


@pytest.mark.parametrize("kind", [K.EVALUATION_INVITED, K.REVISIT_MISSED, K.EVALUATION_REMINDER])
def test_who_has_rated_is_not_asked_to(kind):
    assert not holds(kind, is_rated=True)


@pytest.mark.parametrize("kind", ABOUT_A_CLOCK)
def test_a_clock_that_stands_or_has_another_due_time_is_not_warned_of(kind):
    assert not holds(kind, due_at=None)
    assert not holds(kind, due_at=DUE + timedelta(seconds=1))


@pytest.mark.parametrize("kind", ABOUT_A_CLOCK)
def test_near_its_end_is_said_before_the_end_only(kind):
    assert holds(kind, at=DUE)
    assert holds(kind, at=DUE + timedelta(seconds=1)) is (kind in (K.OVERDUE, K.SUPERVISION))


def test_a_warning_without_a_due_time_goes_by_the_clock_alone():
    told = replace(USUAL[K.OVERDUE], due_at=None)
    assert is_still_true(told, replace(as_told(told), due_at=DUE), at=NOW)
    assert not is_still_true(told, as_told(told), at=NOW)


def test_every_event_that_is_told_is_still_true_at_once():
    """The table agrees with what the transitions lead to, where they say so themselves."""
    for (action, _), addresses in AUDIENCES.items():
        target = BY_ACTION[action].target if action in BY_ACTION else None
        phoned = [address for address in addresses if address.kind in FORMS]
        for address in phoned if target else ():
            statuses = STATUSES[address.kind]
            assert not statuses or target in statuses, (action, address)
