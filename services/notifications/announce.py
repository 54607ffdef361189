"""Event → outbox: who hears of a change, as notices that the writer spreads over memberships.

What a phone is shown, and from when until when, is settled here too, with the change: the sender
only carries it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from app.domain.audience import Address, Channel, addresses
from app.domain.fallbacks import Fallback, fallback_for, is_urgent, plan_for
from app.domain.permissions import Permission
from app.domain.phone_forms import OWN_CLOCK, Form, Occasion, Template, fill, form_for
from app.domain.quiet_hours import expires_at, rings_always, send_at
from app.domain.rung_recipients import RUNG_ACTIONS, heard_by
from app.domain.sla_clock import Clock, ClockKind, Rung
from app.domain.ticket_state import Change
from app.domain.vocabulary import TicketClass
from app.domain.work_calendar import WorkCalendar
from services.notifications.places import Place, Standing, places_of
from services.notifications.wording import wording


@dataclass(frozen=True, slots=True)
class Notice:
    """One message to all who hold one of `roles` at the one place that is given.

    From `template` on: how and when it goes to phones; nothing when it stays in the inbox. With
    `patient_until` it goes another way where WeChat has not brought it until then.
    """

    kind: str
    title: str
    body: str
    roles: tuple[str, ...]
    enterprise_id: int | None = None
    housekeeper_id: int | None = None
    organisation_id: int | None = None
    area_code: str | None = None
    template: Template | None = None
    fields: Mapping[str, str] | None = None
    rank: int | None = None
    send_at: datetime | None = None
    expires_at: datetime | None = None
    rings_always: bool = False
    patient_until: datetime | None = None
    is_urgent: bool = False


def announce(change: Change, standing: Standing, calendar: WorkCalendar) -> list[Notice]:
    """The notices of a change; none for events that nobody is told about."""
    telling = Telling(change, standing, calendar)
    return [
        telling.notice(address, place)
        for address in _addresses(change, standing)
        for place in places_of(address.audience, standing, change)
    ]


def _addresses(change: Change, standing: Standing) -> tuple[Address, ...]:
    """Who hears of an event stands in the code; who hears of a rung, in the rows of its day."""
    action, facts = Permission(change.event.action), change.event.facts
    if action not in RUNG_ACTIONS:
        return addresses(action, change.outcome)
    rung, clock = Rung(facts["rung"]), ClockKind(facts["clock"])
    return heard_by(standing.recipients, rung, clock, standing.ticket_class)


@dataclass(frozen=True, slots=True)
class Telling:
    """A change, the ticket after it, and the calendar by which phones are left alone."""

    change: Change
    standing: Standing
    calendar: WorkCalendar

    def notice(self, address: Address, place: Place) -> Notice:
        """The message to who is found at `place`, with all that a phone is shown of it."""
        clock = self.change.event.facts.get("clock")
        title, body = wording(address.kind, self.change.number, clock)
        rings = address.channel is not Channel.INBOX
        form = form_for(address.kind, address.audience) if rings else None
        phone = self._on_phone(form, place) | self._insisting(form, address) if form else {}
        return Notice(
            address.kind.value,
            title,
            body,
            place.roles,
            place.enterprise_id,
            place.housekeeper_id,
            place.organisation_id,
            place.area_code,
            **phone,
        )

    def _on_phone(self, form: Form, place: Place) -> dict[str, Any]:
        event, due_at = self.change.event, self._due_at(form, place)
        clock = event.facts.get("clock")
        occasion = Occasion(
            number=self.change.number,
            action=Permission(event.action),
            at=event.at,
            due_at=due_at,
            clock=ClockKind(clock) if clock else None,
        )
        opening = send_at(form, self.standing.ticket_class, self.calendar, at=event.at)
        return {
            "template": form.template,
            "fields": fill(form, occasion),
            "rank": form.rank,
            "send_at": opening,
            "expires_at": expires_at(form, opening, due_at),
            "rings_always": rings_always(form, self.standing.ticket_class),
        }

    def _insisting(self, form: Form, address: Address) -> dict[str, Any]:
        """How the message goes on without WeChat, where nobody may miss it."""
        ticket_class = self.standing.ticket_class
        fallback = _fallback(address, ticket_class)
        if fallback is None:
            return {}
        opening = send_at(form, ticket_class, self.calendar, at=self.change.event.at)
        return {
            "patient_until": opening + fallback.patience,
            "is_urgent": is_urgent(ticket_class),
        }

    def _due_at(self, form: Form, place: Place) -> datetime | None:
        """Of the clock that a card names, else of the reader's own, else the one that is shown."""
        stated = self.change.event.facts.get("due_at")
        if stated:
            return datetime.fromisoformat(stated)
        in_round = self.change.values["round"]
        for clock in self.standing.clocks:
            if clock.is_running and clock.round == in_round and _is_own(clock, form, place):
                return clock.due_at
        return self.change.values.get("due_at")


def _fallback(address: Address, ticket_class: TicketClass | None) -> Fallback | None:
    if address.channel is None:
        return fallback_for(address.kind, address.audience, ticket_class)
    is_told = address.channel is Channel.TEXT
    return plan_for(address.kind, urgent=is_urgent(ticket_class)) if is_told else None


def _is_own(clock: Clock, form: Form, place: Place) -> bool:
    if place.organisation_id is not None:
        return clock.organisation_id == place.organisation_id
    return clock.kind is OWN_CLOCK.get(form.template)
