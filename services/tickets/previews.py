"""消息预览: what would be told now, made by the code that writes the outbox, and never written."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from app.domain import ticket_flow
from app.domain.actor import Actor
from app.domain.audience import Address, Audience
from app.domain.errors import FieldError, InvalidInput, NotFound, Refused
from app.domain.fallbacks import fallback_for, letter
from app.domain.kinds_on_phone import (
    AUDIENCE_LABELS,
    Occurrence,
    Scene,
    change_in,
    occurrences,
)
from app.domain.message_kinds import MessageKind
from app.domain.phone_forms import FORMS, PAGE
from app.domain.sla_clock import Clock
from app.domain.ticket_state import TicketState
from services.notifications.announce import Notice, Telling
from services.notifications.message_templates import keys_of
from services.notifications.places import Place, Standing, places_of
from services.tickets.read_state import read_ticket
from services.tickets.terms import newest_calendar

EXAMPLE_NUMBER = "AS20260601-000123"
EXAMPLE_TERM = timedelta(days=3)
LINK = "***********"
"""In the place of a link, which is made when it is sent."""


class StaysInInbox(Refused):
    """这种消息只在站内，不上手机，没有模板可以预览。"""

    code = "stays-in-inbox"


class StandsForOthers(Refused):
    """待办汇总由几条消息合并而成，发出时才知道内容，无从预览。"""

    code = "stands-for-others"


@dataclass(frozen=True, slots=True)
class Wish:
    """What is to be shown: a kind of message, to whom, about which ticket, by which mini-program.

    Without a number about an example.
    """

    kind: str
    appid: str
    number: str | None = None
    audience: Audience | None = None


def preview(actor: Actor, wish: Wish, *, at: datetime) -> dict[str, Any]:
    """A message as it would go out at `at`.

    Raises `NotFound` (no such kind; a ticket that is not visible), `StaysInInbox`,
    `StandsForOthers`, `InvalidInput` (nobody of `audience` is told).
    """
    if wish.kind not in set(MessageKind):
        raise NotFound
    known, number = MessageKind(wish.kind), wish.number
    if known not in FORMS:
        raise StaysInInbox
    if known is MessageKind.DIGEST:
        raise StandsForOthers
    occurrence = _occurrence(known, wish.audience)
    scene, standing = _example(at) if number is None else _of_ticket(actor, number, occurrence, at)
    change = change_in(scene, occurrence)
    places = places_of(occurrence.audience, standing, change) if number else []
    place = places[0] if places else Place(())
    told = Telling(change, standing, newest_calendar()).notice(
        Address(known, occurrence.audience), place
    )
    shown = _shown(known, occurrence.audience, told, standing, scene)
    return shown | {"fields": _fields(told, wish.appid)}


def _occurrence(kind: MessageKind, audience: Audience | None) -> Occurrence:
    for each in occurrences(kind):
        if audience in (None, each.audience):
            return each
    detail = "这种消息不发给这些人。"
    raise InvalidInput([FieldError("/audience", "not-told", detail)])


def _example(at: datetime) -> tuple[Scene, Standing]:
    scene = Scene(EXAMPLE_NUMBER, at, due_at=at + EXAMPLE_TERM)
    return scene, Standing(0, "", None, is_confidential=False)


def _of_ticket(
    actor: Actor, number: str, occurrence: Occurrence, at: datetime
) -> tuple[Scene, Standing]:
    state = read_ticket(actor, number)
    scene = Scene(
        state.number,
        at,
        round=state.round,
        status=state.status,
        due_at=_shown_due(state),
        clock=_clock(state, occurrence) if occurrence.is_of_a_clock else None,
    )
    return scene, Standing(
        enterprise_id=state.enterprise_id,
        area_code=state.area_code,
        housekeeper_id=state.housekeeper_id,
        is_confidential=state.is_confidential,
        ticket_class=state.ticket_class,
        assignments=state.assignments,
        clocks=state.clocks,
        rules=state.rules,
    )


def _shown_due(state: TicketState) -> datetime | None:
    clocks = {(one.round, one.kind, one.organisation_id): one for one in state.clocks}
    leading = ticket_flow.leading(clocks, state.status, state.round)
    return leading.due_at if leading and leading.is_running else None


def _clock(state: TicketState, occurrence: Occurrence) -> Clock | None:
    """The running clock that the event is for; of a card, whichever is due first."""
    running = [one for one in state.clocks if one.is_running and one.round == state.round]
    own = [one for one in running if occurrence.clock in (None, one.kind)]
    return min(own or running, key=lambda one: (one.due_at is None, one.due_at), default=None)


def _shown(
    kind: MessageKind, audience: Audience, told: Notice, standing: Standing, scene: Scene
) -> dict[str, Any]:
    insisting = fallback_for(kind, audience, standing.ticket_class)
    return {
        "kind": kind,
        "audience": audience,
        "audience_label": AUDIENCE_LABELS[audience],
        "ticket_number": scene.number,
        "title": told.title,
        "body": told.body,
        "template": told.template,
        "page": PAGE.format(scene.number),
        "send_at": told.send_at,
        "expires_at": told.expires_at,
        "is_held": told.send_at is not None and told.send_at > scene.at,
        "text": letter(insisting.form, scene.number, LINK).text if insisting else None,
        "text_from": told.patient_until,
    }


def _fields(told: Notice, appid: str) -> list[dict[str, Any]]:
    if told.template is None or told.fields is None:
        return []
    keys = keys_of(appid, told.template)
    return [
        {"label": label, "key": keys.get(label), "text": text}
        for label, text in told.fields.items()
    ]
