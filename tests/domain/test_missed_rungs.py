"""Whoever comes back after a while gives of each clock the latest rung alone, whichever it is."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.late_rungs import LATE_RUNGS
from app.domain.limits import Limit, Unit
from app.domain.sla import mark, rung_due, start_clock
from app.domain.sla_clock import Clock, ClockKind, Rung
from tests.domain.calendars import CALENDAR, local
from tests.domain.ladders import FULL, ladders_for, terms_of

BEGIN = local("2026-06-01 10:00")
FIVE_DAYS = Limit(5, Unit.WORKING_DAYS)
ORDER = list(Rung)


def swept(clock: Clock, at) -> list[Rung]:
    """All that is given where nobody had looked before `at`, and then looks again and again."""
    given_now: list[Rung] = []
    while rung := rung_due(clock, at=at):
        given_now.append(rung)
        clock = mark(clock, rung, at=at)
    return given_now


@pytest.mark.parametrize("kind", sorted(ClockKind))
@given(draws=st.data())
def test_of_all_rungs_that_were_missed_only_the_latest_is_given(kind, draws):
    """The red card is a record as well as a message: it is not left out under a higher rung."""
    terms = terms_of(kind, FIVE_DAYS, ladder=draws.draw(ladders_for(kind)))
    clock = start_clock(terms, CALENDAR, at=BEGIN)
    at = BEGIN + timedelta(hours=draws.draw(st.integers(0, 24 * 60)))
    found = swept(clock, at)
    later = swept(clock, at + timedelta(days=60))
    higher = [rung for rung in found if rung is not Rung.RED]
    assert len(higher) <= 1
    assert set(found) <= {Rung.RED, *LATE_RUNGS} or len(found) == 1
    if found and later:
        assert ORDER.index(found[-1]) <= ORDER.index(later[-1])


@pytest.mark.parametrize(
    ("at", "expected"),
    [
        ("2026-06-04 15:00", [Rung.NUDGE]),
        ("2026-06-05 17:00", [Rung.REMINDER]),
        ("2026-06-08 16:00", [Rung.YELLOW]),
        ("2026-06-09 09:00", [Rung.RED]),
        ("2026-06-11 09:00", [Rung.RED, Rung.ORDER]),
        ("2026-06-16 09:00", [Rung.RED, Rung.BULLETIN]),
        ("2026-07-20 09:00", [Rung.RED, Rung.ESCALATION]),
    ],
)
def test_it_is_so_at_every_place_of_the_whole_ladder(at, expected):
    clock = start_clock(terms_of(ClockKind.FINISH, FIVE_DAYS, ladder=FULL), CALENDAR, at=BEGIN)
    assert swept(clock, local(at)) == expected
