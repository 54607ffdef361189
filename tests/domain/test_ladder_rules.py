"""What a ladder may be: rungs that the kind of clock has, upwards, a reminder of one sort."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.errors import InvalidInput
from app.domain.ladder import NO_RUNGS, Ladder
from app.domain.ladder_rules import check_ladder
from app.domain.limits import Limit, Unit
from app.domain.sla_clock import ClockKind
from tests.domain.ladders import FULL, LADDERS, ladders_for

C = ClockKind
MONTH = Limit(30, Unit.DAYS)


def faults(kind: ClockKind, ladder: Ladder, limit: Limit | None = MONTH) -> dict[str, str]:
    """The rules that the ladder breaks, by their pointers."""
    try:
        check_ladder(kind, ladder, limit)
    except InvalidInput as told:
        return {error.pointer: error.code for error in told.errors}
    return {}


def wrong(kind: ClockKind, **numbers: int) -> dict[str, str]:
    """The same of a ladder of these numbers."""
    return faults(kind, Ladder(**numbers))


@pytest.mark.parametrize("kind", sorted(ClockKind))
def test_what_is_shipped_and_what_has_no_rungs_is_right(kind):
    assert faults(kind, LADDERS[kind], Limit(15, Unit.DAYS)) == {}
    assert faults(kind, NO_RUNGS, None) == {}


@pytest.mark.parametrize(
    ("numbers", "pointer"),
    [
        ({"nudge_percent": 75, "remind_percent": 75}, "remind_percent"),
        ({"remind_percent": 90, "yellow_percent": 80}, "yellow_percent"),
        ({"nudge_percent": 80, "yellow_percent": 80}, "yellow_percent"),
        ({"order_days": 5, "bulletin_days": 5}, "bulletin_days"),
        ({"bulletin_days": 5, "escalation_days": 4}, "escalation_days"),
        ({"order_days": 5, "escalation_days": 4}, "escalation_days"),
    ],
)
def test_rungs_come_upwards_whether_or_not_there_is_one_between(numbers, pointer):
    assert wrong(C.FINISH, **numbers) == {f"/ladder/{pointer}": "not-upwards"}


@pytest.mark.parametrize(
    ("kind", "name"),
    [
        (C.ACCEPT, "nudge_percent"),
        (C.OPINION, "order_days"),
        (C.STAGE_REPORT, "bulletin_days"),
        (C.SUPPLEMENT, "escalation_days"),
        (C.FIRST_CONTACT, "yellow_percent"),
        (C.EVALUATION, "yellow_percent"),
        (C.FIRST_CONTACT, "remind_percent"),
        (C.OBJECTION, "remind_percent"),
        (C.URGE, "remind_after_days"),
        (C.FINISH, "remind_after_days"),
    ],
)
def test_no_clock_has_rungs_of_which_nobody_hears(kind, name):
    assert wrong(kind, **{name: 3}) == {f"/ladder/{name}": "no-such-rung"}


def test_one_reminds_by_percent_or_by_days():
    both = {"remind_percent": 50, "remind_after_days": 5}
    assert wrong(C.EVALUATION, **both) == {"/ladder/remind_after_days": "one-reminder"}


@pytest.mark.parametrize(
    ("limit", "is_within"),
    [
        (Limit(6, Unit.DAYS), True),
        (Limit(5, Unit.DAYS), False),
        (Limit(5, Unit.WORKING_DAYS), False),
        (Limit(5 * 1440 + 1, Unit.MINUTES), True),
        (Limit(5 * 1440, Unit.MINUTES), False),
        (None, True),
    ],
)
def test_who_is_reminded_after_days_still_has_time(limit, is_within):
    told = {} if is_within else {"/ladder/remind_after_days": "beyond-limit"}
    assert faults(C.EVALUATION, Ladder(remind_after_days=5), limit) == told


def test_all_that_is_wrong_is_told_at_once():
    numbers = {"nudge_percent": 50, "remind_percent": 40, "order_days": 2}
    assert wrong(C.ACCEPT, **numbers) == {
        "/ladder/nudge_percent": "no-such-rung",
        "/ladder/order_days": "no-such-rung",
        "/ladder/remind_percent": "not-upwards",
    }


any_ladder = st.sampled_from(sorted(ClockKind)).flatmap(
    lambda kind: st.tuples(st.just(kind), ladders_for(kind))
)


@given(any_ladder)
def test_a_ladder_that_leaves_rungs_out_is_right(one):
    kind, ladder = one
    assert faults(kind, ladder) == {}


def test_the_full_ladder_has_every_rung_but_the_days_of_a_rating():
    assert [name for name in Ladder.__slots__ if getattr(FULL, name) is None] == [
        "remind_after_days"
    ]
