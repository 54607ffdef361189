"""重办: an objection, a supervisor's order, and the next round that they and others open."""

from dataclasses import replace

from app.domain.actor import Actor
from app.domain.clock_moves import ClockMove, Verb, moves_of, standing
from app.domain.errors import Refused
from app.domain.facts.rework import Objection, ReworkOrder
from app.domain.matters import settled
from app.domain.sla_clock import ClockKind
from app.domain.terms import Moment
from app.domain.ticket_records import Revisit
from app.domain.ticket_state import Effect, TicketState
from app.domain.vocabulary import MatterKind, MatterOutcome, Status, TicketClass

OF_THE_RATING = (MatterKind.RECTIFICATION, MatterKind.SET_ASIDE)
"""What a bad rating opened is overtaken by the next round."""


class ObjectionOver(Refused):
    """异议期已过，本轮反馈不能再提出异议。"""

    code = "objection-over"


def object_to_answer(state: TicketState, facts: Objection, actor: Actor, moment: Moment) -> Effect:
    """异议: within its limit, once in a round because it opens the next one by itself.

    Before the feedback is delivered no limit runs yet. Raises `ObjectionOver`.
    """
    for clock in standing(state.clocks, state.round, ClockKind.OBJECTION):
        if clock.due_at is not None and clock.due_at < moment.at:
            raise ObjectionOver
    said = {"reason": facts.reason}
    effect = _given_up(state, "企业提出异议，本轮回访不再进行。", actor, moment)
    return replace(effect, facts=said, attachment_ids=facts.attachment_ids)


def order_rework(state: TicketState, facts: ReworkOrder, actor: Actor, moment: Moment) -> Effect:
    """督导责令重办: of a ticket that was sampled, with the reason."""
    effect = _given_up(state, "督导责令重办，本轮回访不再进行。", actor, moment)
    return replace(effect, facts={"reason": facts.reason})


def _given_up(state: TicketState, note: str, actor: Actor, moment: Moment) -> Effect:
    """The next round; of this one's revisit it is kept that it was given up, and why."""
    effect = next_round(state, actor, moment)
    revisit: tuple[Revisit, ...] = ()
    if state.revisit is not None and state.revisit.outcome is None:
        revisit = (replace(state.revisit, note=note),)
    return replace(effect, records=(*effect.records, *revisit))


def next_round(state: TicketState, actor: Actor, moment: Moment) -> Effect:
    """Same number, next round: this round's clocks stop, a new one of half the class limit runs.

    A rectification that is still open lapses, for the next round does what it was to do.
    """
    ticket_class = state.ticket_class or TicketClass.NORMAL
    limit = moment.terms.limit(ticket_class, ClockKind.FINISH, state.promised_days)
    again = ClockMove(
        Verb.START,
        ClockKind.FINISH,
        round=state.round + 1,
        limit=limit.halved(),
        policy_id=moment.terms.policy(ticket_class, ClockKind.FINISH).id,
    )
    cleared = ("completed_at", "delivered_at", "result_code", "lead_organisation_id", "level")
    overtaken = (one for one in state.matters if one.is_open and one.kind in OF_THE_RATING)
    return Effect(
        status=Status.COORDINATING,
        round=state.round + 1,
        values=dict.fromkeys(cleared) | {"may_rate_again": False},
        records=tuple(settled(matter, MatterOutcome.LAPSED, actor, moment) for matter in overtaken),
        moves=(*moves_of(Verb.STOP, standing(state.clocks, state.round)), again),
    )
