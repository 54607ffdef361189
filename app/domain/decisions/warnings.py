"""提醒与亮牌: what a clock that nobody heeds brings about, each of its rungs once."""

from dataclasses import replace

from app.domain import sla
from app.domain.actor import Actor
from app.domain.clock_moves import ClockMove, Verb, standing
from app.domain.decisions.aftercare import NotYet
from app.domain.decisions.climbing import card_of, climbed
from app.domain.facts.warnings import CardIssue, Reminding
from app.domain.matters import open_matters
from app.domain.sla_clock import CARDS, SCORED, Clock, ClockKind, Rung
from app.domain.terms import Moment
from app.domain.ticket_state import Effect, TicketState
from app.domain.vocabulary import MatterKind


def remind(state: TicketState, facts: Reminding, _: Actor, moment: Moment) -> Effect:
    """提醒: refused when it is not due (another process was first), or would ask in vain."""
    if facts.rung in CARDS[facts.clock]:
        raise NotYet
    clock = _clock_of(state, facts)
    if clock.kind is ClockKind.EVALUATION and not _can_still_rate(state, clock, moment):
        raise NotYet("已经评价或评价期已满，不再提醒。")
    effect = _warned(clock, facts.rung, moment, outcome=_reminded(facts))
    ladder = moment.terms.ladders[clock.policy_id]
    return replace(effect, records=climbed(state, clock, ladder, facts.rung, at=moment.at))


def issue_card(state: TicketState, facts: CardIssue, _: Actor, moment: Moment) -> Effect:
    """亮牌: yellow or red; refused when it is not due (another process was first)."""
    if facts.rung not in CARDS[facts.clock]:
        raise NotYet
    clock = _clock_of(state, facts)
    effect = _warned(clock, facts.rung, moment, outcome=facts.rung.value)
    return replace(effect, records=(card_of(clock, facts.rung, at=moment.at),))


def _reminded(facts: Reminding) -> str:
    """The clock, of a reminder; the rung and the clock of a nudge; of what is late, the rung."""
    if facts.rung is Rung.REMINDER:
        return facts.clock.value
    return f"nudge_{facts.clock}" if facts.rung is Rung.NUDGE else facts.rung.value


def _can_still_rate(state: TicketState, window: Clock, moment: Moment) -> bool:
    is_over = window.due_at is not None and window.due_at <= moment.at
    return state.level is None and not is_over


def _clock_of(state: TicketState, facts: CardIssue | Reminding) -> Clock:
    if facts.clock in SCORED and open_matters(state, MatterKind.TRACKING):
        raise NotYet
    for clock in standing(state.clocks, state.round, facts.clock):
        if clock.organisation_id == facts.organisation_id:
            return clock
    raise NotYet


def _warned(clock: Clock, rung: Rung, moment: Moment, *, outcome: str) -> Effect:
    if sla.rung_due(clock, at=moment.at) is not rung:
        raise NotYet
    return Effect(
        moves=(ClockMove(Verb(rung.value), clock.kind, clock.organisation_id),),
        facts={
            "clock": clock.kind.value,
            "rung": rung.value,
            "due_at": clock.due_at.isoformat() if clock.due_at else None,
            "organisation_id": clock.organisation_id,
        },
        outcome=outcome,
    )
