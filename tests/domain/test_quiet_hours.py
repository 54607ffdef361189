"""免打扰: lunch, evenings and rest days are quiet; answers and urgent tickets are not held."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.message_kinds import MessageKind as K
from app.domain.phone_forms import FORMS
from app.domain.quiet_hours import USEFUL_WITHOUT_CLOCK, expires_at, next_opening, send_at
from app.domain.vocabulary import TicketClass
from tests.domain.calendars import CALENDAR, NIGHT_SHIFT, local

TODO, DUE_SOON = FORMS[K.NEW_TODO], FORMS[K.DUE_SOON]
FRIDAY_EVENING = local("2026-06-05 18:00")
MONDAY_MORNING = local("2026-06-08 08:30")
FIRST, LAST = local("2024-01-01 12:00"), local("2026-12-30 00:00")
INSTANTS = st.timedeltas(timedelta(0), LAST - FIRST).map(FIRST.__add__)


@pytest.mark.parametrize(
    ("at", "opening"),
    [
        ("2026-06-03 10:00", "2026-06-03 10:00"),
        ("2026-06-03 08:30", "2026-06-03 08:30"),
        ("2026-06-03 11:59:59", "2026-06-03 11:59:59"),
        ("2026-06-03 12:00", "2026-06-03 13:30"),
        ("2026-06-03 13:29:59", "2026-06-03 13:30"),
        ("2026-06-03 17:30", "2026-06-04 08:30"),
        ("2026-06-03 22:00", "2026-06-04 08:30"),
        ("2026-06-04 00:00", "2026-06-04 08:30"),
        ("2026-06-04 08:29:59", "2026-06-04 08:30"),
        ("2026-06-05 18:00", "2026-06-08 08:30"),
        ("2026-06-06 10:00", "2026-06-08 08:30"),
        ("2026-09-30 18:00", "2026-10-08 08:30"),
        ("2026-10-03 10:00", "2026-10-08 08:30"),
        ("2026-09-20 10:00", "2026-09-20 10:00"),
        ("2026-10-10 10:00", "2026-10-10 10:00"),
        ("2026-10-09 18:00", "2026-10-10 08:30"),
        ("2026-02-14 09:00", "2026-02-14 09:00"),
    ],
)
def test_outside_office_hours_a_message_waits_for_the_next_ones(at, opening):
    assert next_opening(CALENDAR, at=local(at)) == local(opening)


def test_the_periods_are_those_of_the_calendar():
    assert next_opening(NIGHT_SHIFT, at=local("2026-06-03 18:00")) == local("2026-06-03 22:00")


def test_a_part_of_a_second_is_not_lost():
    at = local("2026-06-03 10:00:00.500000")
    assert next_opening(CALENDAR, at=at) == at


def test_where_the_calendar_ends_nothing_is_held():
    at = local(f"{max(CALENDAR.years)}-12-31 23:00")
    assert next_opening(CALENDAR, at=at) == at


@given(INSTANTS)
def test_an_opening_is_in_office_hours_not_earlier_and_its_own(at):
    opening = next_opening(CALENDAR, at=at)
    assert opening >= at
    assert CALENDAR.working_seconds(opening, opening + timedelta(seconds=2)) >= 1
    assert next_opening(CALENDAR, at=opening) == opening
    assert CALENDAR.working_seconds(at, opening) == 0


@pytest.mark.parametrize("kind", FORMS)
def test_answers_to_own_acts_go_at_once_and_all_else_waits(kind):
    opening = send_at(FORMS[kind], TicketClass.NORMAL, CALENDAR, at=FRIDAY_EVENING)
    is_answer = kind in {K.ACCEPTED, K.REFUSED, K.SUPPLEMENT_NEEDED, K.FEEDBACK_READY}
    assert opening == (FRIDAY_EVENING if is_answer else MONDAY_MORNING)


@pytest.mark.parametrize("ticket_class", [None, *TicketClass])
def test_only_urgent_tickets_ring_at_any_hour(ticket_class):
    opening = send_at(TODO, ticket_class, CALENDAR, at=FRIDAY_EVENING)
    is_urgent = ticket_class is TicketClass.URGENT
    assert opening == (FRIDAY_EVENING if is_urgent else MONDAY_MORNING)


def test_a_message_held_over_a_holiday_is_of_use_at_its_opening():
    held = send_at(TODO, None, CALENDAR, at=local("2026-09-30 18:00"))
    useless = expires_at(TODO, held, None)
    assert useless - held == TODO.useful_for
    assert expires_at(TODO, held, local("2026-10-01 09:00")) == useless


def test_a_message_about_a_due_time_ends_with_it():
    due = local("2026-06-09 17:30")
    assert expires_at(DUE_SOON, MONDAY_MORNING, due) == due
    assert expires_at(DUE_SOON, MONDAY_MORNING, FRIDAY_EVENING) < MONDAY_MORNING
    assert expires_at(DUE_SOON, MONDAY_MORNING, None) == MONDAY_MORNING + USEFUL_WITHOUT_CLOCK
