"""差评整改: contact within a day, verify by others than who handled, settle, rate again.

Source: the domain, section 6 (bad review) and 4.4 (rework).
"""

from dataclasses import replace

from app.domain.actor import Actor
from app.domain.clock_moves import ClockMove, Verb, moves_of, standing
from app.domain.decisions.rework import next_round
from app.domain.errors import FieldError, Forbidden, InvalidInput
from app.domain.facts.rectification import ReviewContact, ReviewVerdict, SetAsideRuling
from app.domain.matters import matter_of, opened, settled
from app.domain.rating import Verdict
from app.domain.sla_clock import ClockKind
from app.domain.terms import Moment
from app.domain.ticket_records import Matter
from app.domain.ticket_state import Effect, TicketState
from app.domain.vocabulary import MatterKind, MatterOutcome

OUTCOMES = {
    Verdict.UPHELD: MatterOutcome.GRANTED,
    Verdict.FIXED: MatterOutcome.DONE,
    Verdict.EXPLAINED: MatterOutcome.REJECTED,
    Verdict.SET_ASIDE: MatterOutcome.REJECTED,
}


def record_review_contact(
    state: TicketState, facts: ReviewContact, _: Actor, moment: Moment
) -> Effect:
    """差评联系: the clock stops when somebody was reached."""
    contacted_at = facts.contacted_at or moment.at
    if not rectification_of(state).opened_at <= contacted_at <= moment.at:
        detail = "联系时间应在评价之后、现在之前。"
        raise InvalidInput([FieldError("/contacted_at", "range", detail)])
    waiting = standing(state.clocks, state.round, ClockKind.REVIEW_CONTACT)
    return Effect(
        moves=moves_of(Verb.STOP, waiting) if facts.is_reached else (),
        facts={"note": facts.note, "contacted_at": contacted_at.isoformat()},
        outcome="reached" if facts.is_reached else "attempted",
    )


def verify_review(state: TicketState, facts: ReviewVerdict, actor: Actor, moment: Moment) -> Effect:
    """差评核查: upheld → next round; put right, explained → settled; else a second office rules."""
    told = {"verdict": facts.verdict.value, "explanation": facts.explanation}
    if facts.verdict is Verdict.SET_ASIDE:
        return Effect(
            records=(_proposal(state, facts, actor, moment),),
            facts=told,
            outcome=facts.verdict.value,
        )
    matter = _concluded(state, facts.verdict, facts.explanation, actor, moment)
    if facts.verdict is Verdict.UPHELD:
        again = next_round(replace(state, matters=()), actor, moment)
        return replace(again, records=(matter,), facts=told, outcome=facts.verdict.value)
    return Effect(
        values={"may_rate_again": True},
        records=(matter,),
        moves=_stopped(state),
        facts=told,
        outcome=facts.verdict.value,
    )


def rule_set_aside(
    state: TicketState, facts: SetAsideRuling, actor: Actor, moment: Moment
) -> Effect:
    """不予采信的裁定: the rating stays as it was given, and counts no longer; or goes on to be
    verified."""
    proposal = matter_of(state, MatterKind.SET_ASIDE)
    if proposal is None or state.evaluation is None:
        raise LookupError("a proposal to set aside has a rating")
    if not facts.approved:
        refused = settled(proposal, MatterOutcome.REJECTED, actor, moment, facts.note)
        return Effect(records=(refused,), facts={"note": facts.note}, outcome="rejected")
    granted = settled(proposal, MatterOutcome.GRANTED, actor, moment, facts.note)
    matter = _concluded(state, Verdict.SET_ASIDE, facts.note, actor, moment)
    return Effect(
        values={"may_rate_again": False},
        records=(granted, matter, replace(state.evaluation, set_aside_at=moment.at)),
        moves=_stopped(state),
        facts={"note": facts.note},
        outcome="approved",
    )


def rectification_of(state: TicketState) -> Matter:
    """The open rectification."""
    matter = matter_of(state, MatterKind.RECTIFICATION)
    if matter is None:
        raise LookupError("no rectification is open")
    return matter


def _proposal(state: TicketState, facts: ReviewVerdict, actor: Actor, moment: Moment) -> Matter:
    details = {"explanation": facts.explanation}
    return opened(state, MatterKind.SET_ASIDE, details, actor, moment)


def _concluded(
    state: TicketState, verdict: Verdict, explanation: str, actor: Actor, moment: Moment
) -> Matter:
    if actor.account_id is None:
        raise Forbidden
    matter = rectification_of(state)
    matter = replace(matter, details={**matter.details, "verdict": verdict.value})
    return settled(matter, OUTCOMES[verdict], actor, moment, explanation)


def _stopped(state: TicketState) -> tuple[ClockMove, ...]:
    kinds = (ClockKind.RECTIFICATION, ClockKind.REVIEW_CONTACT)
    return moves_of(Verb.STOP, standing(state.clocks, state.round, *kinds))
