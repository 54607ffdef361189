"""提醒对象: who hears of each rung of a clock, and by which channel. What holds on a day are rows.

A row is for a rung; for one clock or all, for one class or all: the narrowest holds. What is
shipped is the table of `audience.py`, with the short messages of `fallbacks.py`.
"""

from collections.abc import Iterator, Mapping
from typing import NamedTuple, TypeAlias

from app.domain.audience import AUDIENCES, Address, Audience, Channel
from app.domain.errors import Refused
from app.domain.fallbacks import fallback_for
from app.domain.late_rungs import LATE_RUNGS
from app.domain.message_kinds import MessageKind
from app.domain.permissions import Permission as Act
from app.domain.phone_forms import FORMS
from app.domain.sla_clock import CLIMBING, REMINDING, ClockKind, Rung
from app.domain.vocabulary import TicketClass

RUNG_ACTIONS = frozenset({Act.REMIND, Act.ISSUE_CARD})
"""The acts by which a clock gives a rung."""


class MissingRecipients(Refused):
    """没有配置这一级提醒的对象，请联系管理员。"""

    code = "missing-recipients"


class Key(NamedTuple):
    """What a row is for; None: every clock, every class."""

    rung: Rung
    clock: ClockKind | None = None
    ticket_class: TicketClass | None = None


class Recipient(NamedTuple):
    """One audience and how it hears."""

    audience: Audience
    channel: Channel


Recipients: TypeAlias = Mapping[Key, tuple[Recipient, ...]]
"""The rows in force on a day. Whoever is in two audiences hears as the first of them."""

_REMINDERS: Mapping[ClockKind, MessageKind] = {
    ClockKind.SUPPLEMENT: MessageKind.SUPPLEMENT_REMINDER,
    ClockKind.DEFERRAL: MessageKind.DEFERRAL_REMINDER,
    ClockKind.EVALUATION: MessageKind.EVALUATION_REMINDER,
    ClockKind.REVISIT: MessageKind.REVISIT_DUE,
}
_KINDS: Mapping[Rung, MessageKind] = {
    Rung.NUDGE: MessageKind.NUDGE,
    Rung.REMINDER: MessageKind.DUE_SOON,
    Rung.YELLOW: MessageKind.DUE_SOON,
    Rung.RED: MessageKind.OVERDUE,
    **dict.fromkeys(LATE_RUNGS, MessageKind.SUPERVISION),
}
_QUIET = frozenset({MessageKind.NUDGE, MessageKind.SUPERVISION})
"""What is shipped for the inbox alone, but for the order."""

_ORDERED = frozenset({Audience.CLOCK_APPROVERS, Audience.SUPERVISORS})
"""Who hears of an order by short message too (domain, section 8)."""


def kind_of(rung: Rung, clock: ClockKind | None) -> MessageKind:
    """As which kind of message a rung is told."""
    of_clock = _REMINDERS.get(clock) if clock and rung is Rung.REMINDER else None
    return of_clock or _KINDS[rung]


def heard_by(
    table: Recipients, rung: Rung, clock: ClockKind, ticket_class: TicketClass | None
) -> tuple[Address, ...]:
    """Who hears of a rung. Raises `MissingRecipients`."""
    keys = (
        Key(rung, clock, ticket_class),
        Key(rung, clock),
        Key(rung, None, ticket_class),
        Key(rung),
    )
    found = next((table[key] for key in keys if key in table), None)
    if found is None:
        raise MissingRecipients
    kind = kind_of(rung, clock)
    return tuple(Address(kind, one.audience, one.channel) for one in found)


def shipped() -> dict[Key, tuple[Recipient, ...]]:
    """The rows with which an installation begins."""
    return dict(_shipped())


def _shipped() -> Iterator[tuple[Key, tuple[Recipient, ...]]]:
    for clock in sorted(CLIMBING):
        yield _row(Key(Rung.NUDGE, clock), Act.REMIND, f"nudge_{clock}")
    for clock in sorted(REMINDING):
        yield _row(Key(Rung.REMINDER, clock), Act.REMIND, clock.value)
    for rung in (Rung.YELLOW, Rung.RED):
        yield _row(Key(rung), Act.ISSUE_CARD, rung.value)
    yield _row(Key(Rung.RED, None, TicketClass.URGENT), Act.ISSUE_CARD, Rung.RED.value)
    for rung in LATE_RUNGS:
        yield _row(Key(rung), Act.REMIND, rung.value)


def _row(key: Key, action: Act, outcome: str) -> tuple[Key, tuple[Recipient, ...]]:
    told = AUDIENCES[action, outcome]
    return key, tuple(Recipient(one.audience, _channel(one, key)) for one in told)


def _channel(address: Address, key: Key) -> Channel:
    if key.rung is Rung.ORDER:
        return Channel.TEXT if address.audience in _ORDERED else Channel.PHONE
    if address.kind not in FORMS or address.kind in _QUIET:
        return Channel.INBOX
    insists = fallback_for(address.kind, address.audience, key.ticket_class)
    return Channel.TEXT if insists else Channel.PHONE
