"""免打扰: when a message may ring on a phone. Source: domain, section 8.

The office hours of the work calendar are loud; lunch, evenings, rest days and holidays are quiet.
"""

from datetime import datetime, timedelta

from app.domain.phone_forms import Form
from app.domain.vocabulary import TicketClass
from app.domain.work_calendar import UnknownCalendarYear, WorkCalendar

USEFUL_WITHOUT_CLOCK = timedelta(days=3)
"""How long a message about a due time is of use when no clock runs."""


def next_opening(calendar: WorkCalendar, *, at: datetime) -> datetime:
    """`at` itself inside office hours, else the beginning of the next ones.

    Where the calendar ends nobody knows them, and nothing is held: a message never stops an act.
    """
    try:
        return max(at, calendar.opening_after(at))
    except UnknownCalendarYear:
        return at


def rings_always(form: Form, ticket_class: TicketClass | None) -> bool:
    """Whether quiet hours do not hold it: answers to one's own act, and urgent tickets."""
    return form.is_answer or ticket_class is TicketClass.URGENT


def send_at(
    form: Form, ticket_class: TicketClass | None, calendar: WorkCalendar, *, at: datetime
) -> datetime:
    """When a message of this form may go out; what rings always, at once."""
    if rings_always(form, ticket_class):
        return at
    return next_opening(calendar, at=at)


def expires_at(form: Form, held_until: datetime, due_at: datetime | None) -> datetime:
    """When it is of no use any more, counted from the time at which it may go out.

    What is useful until its clock is due may be past that when it may go out; then it never goes.
    """
    if form.useful_for is None and due_at is not None:
        return due_at
    return held_until + (form.useful_for or USEFUL_WITHOUT_CLOCK)
