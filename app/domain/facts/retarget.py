"""重定时限: what it must bring, from a person and from the job."""

from dataclasses import dataclass

from app.domain.vocabulary import TicketClass


@dataclass(frozen=True, slots=True)
class Retargeting:
    """重定时限: by the policies and the calendar of today, for a class, for a reason.

    `promised_days` belong to approval items (working days), and to arrears that need longer than
    usual (calendar days from submission).
    """

    reason: str
    ticket_class: TicketClass | None = None
    promised_days: int | None = None


@dataclass(frozen=True, slots=True)
class CalendarFollowing:
    """A newer work calendar was published: the clocks that have counted a changed day follow it."""
