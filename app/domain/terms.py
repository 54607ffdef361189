"""The promises in force: limits by class, the calendar they are counted on, the other numbers."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TypeAlias

from app.domain.errors import Refused
from app.domain.ladder import Ladders
from app.domain.limits import Limit, Unit
from app.domain.rules import Rules
from app.domain.sla_clock import ClockKind
from app.domain.vocabulary import Kind, TicketClass
from app.domain.work_calendar import Calendars, WorkCalendar


class MissingPolicy(Refused):
    """没有配置适用的办理时限标准，请联系管理员。"""

    code = "missing-policy"


PRESUMED_CLASS: Mapping[Kind, TicketClass] = {Kind.CONSULTATION: TicketClass.CONSULT}
"""The class whose limits hold before acceptance sets the real one; all others: normal."""


def presumed_class(kind: Kind) -> TicketClass:
    """The class a submission is treated as until it is accepted."""
    return PRESUMED_CLASS.get(kind, TicketClass.NORMAL)


@dataclass(frozen=True, slots=True)
class Policy:
    """时限标准: one row of the table. `amount` None = set when the clock starts, in `unit`.

    `extension_days`, `total_days`: how far it may be extended, in working days; None = no bound of
    this kind, and both None = not at all.
    """

    id: int
    amount: int | None
    unit: Unit
    extension_days: int | None = None
    total_days: int | None = None


Policies: TypeAlias = Mapping[tuple[TicketClass, ClockKind], Policy]


@dataclass(frozen=True, slots=True)
class Terms:
    """Policies and rules in force on a day, and the newest work calendar; `calendars`: the older.

    `ladders` are those of all policies, in force or not: a clock that runs keeps that of its own.
    A rule that is not there raises `MissingRule`.
    """

    calendar: WorkCalendar
    policies: Policies
    calendars: Calendars
    ladders: Ladders
    rules: Rules

    def policy(self, ticket_class: TicketClass, kind: ClockKind) -> Policy:
        """Raises `MissingPolicy`."""
        try:
            return self.policies[ticket_class, kind]
        except KeyError:
            raise MissingPolicy from None

    def limit(
        self, ticket_class: TicketClass, kind: ClockKind, promised_days: int | None = None
    ) -> Limit:
        """The limit, with the promised days where the policy leaves the amount open."""
        policy = self.policy(ticket_class, kind)
        amount = policy.amount or promised_days
        if amount is None:
            raise MissingPolicy
        return Limit(amount, policy.unit)


@dataclass(frozen=True, slots=True)
class Moment:
    """When something is decided, and under which terms.

    `terms` has policies and rules under which the ticket began, `renewed` those of today where
    they may differ: only a retarget changes over to them.
    """

    at: datetime
    terms: Terms
    renewed: Terms | None = None

    @property
    def terms_of_today(self) -> Terms:
        return self.renewed or self.terms
