"""容缺的了结: what was promised has come, or the case goes back."""

from dataclasses import replace

from app.domain.actor import Actor
from app.domain.clock_moves import Verb, moves_of, standing
from app.domain.decisions.acceptance import withdraw
from app.domain.decisions.aftercare import NotYet
from app.domain.facts.acceptance import Withdrawal
from app.domain.facts.deferral import DeferralFailure, DeferredMaterial
from app.domain.matters import matter_of, settled
from app.domain.sla_clock import ClockKind
from app.domain.terms import Moment
from app.domain.ticket_records import Matter
from app.domain.ticket_state import Effect, TicketState
from app.domain.vocabulary import LapseGround, MatterKind, MatterOutcome


def supply_deferred(
    state: TicketState, facts: DeferredMaterial, actor: Actor, moment: Moment
) -> Effect:
    """容缺材料补齐: late is better than never, as long as the case was not returned."""
    done = settled(_open(state), MatterOutcome.DONE, actor, moment, facts.answer)
    running = standing(state.clocks, state.round, ClockKind.DEFERRAL)
    return Effect(
        records=(done,),
        moves=moves_of(Verb.STOP, running),
        facts={"answer": facts.answer},
        attachment_ids=facts.attachment_ids,
    )


def fail_deferral(
    state: TicketState, facts: DeferralFailure, actor: Actor, moment: Moment
) -> Effect:
    """容缺未补齐退件: refused while the enterprise has time; units at work are told."""
    running = standing(state.clocks, state.round, ClockKind.DEFERRAL)
    if not any(clock.due_at is not None and clock.due_at < moment.at for clock in running):
        raise NotYet("容缺补齐期限未满。")
    effect = withdraw(state, Withdrawal(facts.note or ""), actor, moment)
    failed = settled(_open(state), MatterOutcome.LAPSED, actor, moment, facts.note)
    return replace(
        effect,
        values={**effect.values, "lapse_ground": LapseGround.DEFERRAL_FAILED},
        records=(*effect.records, failed),
        facts={"note": facts.note, "items": failed.details["items"]},
    )


def _open(state: TicketState) -> Matter:
    matter = matter_of(state, MatterKind.DEFERRAL)
    if matter is None:
        raise LookupError("a deferred ticket has its matter")
    return matter
