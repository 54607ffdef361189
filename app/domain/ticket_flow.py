"""诉求流程: the one function that decides what happens to a ticket.

People, bulk actions, imports and jobs all come through `decide`. The order of refusals is fixed:
not your business (403), not in this state (409), not with these facts (422 or 409).
"""

from collections.abc import Iterable, Mapping
from functools import cache
from typing import Any

from app.domain import permissions
from app.domain.actor import Actor, Role
from app.domain.clock_moves import ClockKey, board_of
from app.domain.errors import Forbidden, IllegalTransition
from app.domain.event_chain import Draft, Previous
from app.domain.guards.ticket import Guard, always
from app.domain.matters import lapsing, told_in_short
from app.domain.permissions import GRANTS
from app.domain.permissions import Permission as Act
from app.domain.sla_clock import Clock, ClockKind
from app.domain.terms import Moment
from app.domain.ticket_records import Record
from app.domain.ticket_state import Change, Effect, Situation, TicketState
from app.domain.transition import Transition
from app.domain.transitions import BY_ACTION, TRANSITIONS
from app.domain.urging import heeded
from app.domain.vocabulary import STEP_OF, Status
from app.domain.written import left_by

LEADING_CLOCK: Mapping[Status, ClockKind] = {
    Status.SUBMITTED: ClockKind.ACCEPT,
    Status.SUPPLEMENTING: ClockKind.ACCEPT,
    Status.ACCEPTED: ClockKind.FINISH,
    Status.COORDINATING: ClockKind.FINISH,
    Status.HANDLING: ClockKind.FINISH,
    Status.SUSPENDED: ClockKind.FINISH,
    Status.REVISITING: ClockKind.REVISIT,
    Status.EVALUATING: ClockKind.EVALUATION,
}
"""The clock that a ticket shows in each status; in the others nothing is due."""

SHOWN_CLOCK = (
    *("due_at", "yellow_at", "remaining_seconds", "limit_unit", "calendar_version", "hours_area"),
)
"""What of it stands on the ticket too."""


def allowed_actions(state: Situation, actor: Actor) -> list[str]:
    """The actions that `actor` could take now, in the order of the table."""
    allowed = []
    for action, guards in _open_to(actor.role, state.status):
        for guard in guards:
            if not guard(state, actor):
                break
        else:
            allowed.append(action)
    return allowed


@cache
def _open_to(role: Role, status: str) -> tuple[tuple[str, tuple[Guard, ...]], ...]:
    """What the role may do at all and the status allows, and what is still to be asked of each."""
    return tuple(
        (row.action.value, tuple(one for one in (row.entitled, row.ready) if one is not always))
        for row in TRANSITIONS
        if role in GRANTS[row.action] and status in row.sources
    )


def authorise(state: TicketState, action: Act, actor: Actor) -> None:
    """Raises `Forbidden` when the person may see the ticket but not do this to it, ever."""
    row = BY_ACTION[action]
    permissions.demand(actor, action)
    if state.status in row.sources and not row.entitled(state, actor):
        raise Forbidden


def decide(state: TicketState, action: Act, facts: Any, actor: Actor, moment: Moment) -> Change:
    """What `action` does to the ticket.

    Raises `Forbidden`, `IllegalTransition` (naming what is allowed), `InvalidInput`, `Refused`.
    """
    row = BY_ACTION[action]
    authorise(state, action, actor)
    if state.status not in row.sources or not row.ready(state, actor):
        raise IllegalTransition(state.status, action, allowed_actions(state, actor))
    return _change(state, row, row.decision(state, facts, actor, moment), actor, moment)


def _change(
    state: TicketState, row: Transition, effect: Effect, actor: Actor, moment: Moment
) -> Change:
    status, next_round = effect.status or row.target or state.status, effect.round or state.round
    board = board_of(state.clocks, state.round, moment.terms)
    clocks = board.apply(effect.moves, at=moment.at)
    ended = lapsing(state.matters, effect.records, status, at=moment.at)
    records = (*effect.records, *ended)
    draft = Draft(state.number, row.action, effect, actor, moment)
    own = _own(state, row, effect, status) | _handlers(state, row, actor) | _matters(state, records)
    event = draft.event(
        previous=Previous(state.event_seq, state.event_head, state.status, state.round),
        status=status,
        is_public=row.is_public and effect.outcome not in row.private_outcomes,
        left=left_by(own | _round(state, next_round), records),
    )
    values = {
        **own,
        **_shown_clock(state, status, next_round, clocks),
        "status": status,
        "step": STEP_OF.get(status, state.step),
        "round": next_round,
        "version": state.version + row.is_new_version,
        "event_seq": event.seq,
        "event_head": event.hash,
        "changed_at": moment.at,
    }
    besides = effect.outcome, effect.attachment_ids, effect.purge
    return Change(state.number, values, event, (*records, *clocks.values()), *besides)


def _own(state: TicketState, row: Transition, effect: Effect, status: Status) -> dict[str, Any]:
    return {**effect.values, **heeded(state, row.action, status, effect.values)}


def _round(state: TicketState, next_round: int) -> dict[str, int]:
    return {} if next_round == state.round else {"round": next_round}


def _handlers(state: TicketState, row: Transition, actor: Actor) -> dict[str, Any]:
    known = state.handler_account_ids
    if not row.makes_handler or actor.account_id is None or actor.account_id in known:
        return {}
    return {"handler_account_ids": [*known, actor.account_id]}


def _matters(state: TicketState, records: Iterable[Record]) -> dict[str, Any]:
    told = told_in_short(state.matters, records)
    return {} if told == [*state.open_matters] else {"open_matters": told}


def _shown_clock(
    state: TicketState, status: Status, in_round: int, changed: Mapping[ClockKey, Clock]
) -> dict[str, Any]:
    clocks = {(c.round, c.kind, c.organisation_id): c for c in state.clocks} | dict(changed)
    return shown(leading(clocks, status, in_round))


def leading(clocks: Mapping[ClockKey, Clock], status: Status, in_round: int) -> Clock | None:
    """The clock that a ticket of this status and round shows; while rectifying, that limit."""
    rectifying = clocks.get((in_round, ClockKind.RECTIFICATION, None))
    if status is Status.EVALUATING and rectifying and not rectifying.is_stopped:
        return rectifying
    kind = LEADING_CLOCK.get(status)
    return clocks.get((in_round, kind, None)) if kind else None


def shown(clock: Clock | None) -> dict[str, Any]:
    """The columns of the ticket that mirror its leading clock."""
    if clock is None or clock.stopped_at is not None:
        return dict.fromkeys(SHOWN_CLOCK)
    return {name: getattr(clock, name) for name in SHOWN_CLOCK}
