"""会商: the units talk it over, and its conclusion dispatches, binding if it says so."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from app.domain.actor import Actor
from app.domain.clock_moves import ClockMove
from app.domain.decisions.coordination import Team, assigned, check_units, unit_stopped
from app.domain.decisions.countersigning import live_parts
from app.domain.decisions.returning import routing_rule, ruling_stopped, sent_back
from app.domain.facts.returning import Conclusion, Convening
from app.domain.matters import consented, lapsed, matter_of, opened, settled
from app.domain.returns import open_returns
from app.domain.terms import Moment
from app.domain.ticket_records import Assignment, Matter, Record
from app.domain.ticket_state import Effect, TicketState
from app.domain.vocabulary import (
    AssignmentState,
    MatterKind,
    MatterOutcome,
    UnitRole,
)

OVERRULED = {
    MatterKind.CONSULTATION: "会商改由其他单位主办。",
    MatterKind.JOINT_MEETING: "联席会议改由其他单位主办。",
}
"""What is said to a lead whose draft no longer goes out."""


def convene(state: TicketState, facts: Convening, actor: Actor, moment: Moment) -> Effect:
    """召集会商 of the units that might have to handle it; at the second tier, the director's."""
    details = {"organisation_ids": list(facts.organisation_ids), "agenda": facts.agenda}
    return called(state, MatterKind.CONSULTATION, details, actor, moment)


def called(
    state: TicketState,
    kind: MatterKind,
    details: Mapping[str, Any],
    actor: Actor,
    moment: Moment,
) -> Effect:
    """A meeting of this kind is open, until it is concluded."""
    matter = consented(opened(state, kind, details, actor, moment), actor, moment)
    return Effect(records=(matter,), facts=details)


def conclude_consultation(
    state: TicketState, facts: Conclusion, actor: Actor, moment: Moment
) -> Effect:
    """会商结论: of the consultation that is under way."""
    matter = matter_of(state, MatterKind.CONSULTATION)
    if matter is None:
        raise LookupError("a convened ticket has a consultation")
    return concluded(state, matter, facts, actor, moment)


def concluded(
    state: TicketState, matter: Matter, facts: Conclusion, actor: Actor, moment: Moment
) -> Effect:
    """The conclusion dispatches anew, and settles every return that waits.

    Who is named keeps the part that it has, or gets one; a lead that is not named any more goes.
    """
    named = frozenset({facts.lead_organisation_id, *facts.co_organisation_ids})
    bound = named if facts.is_binding else frozenset()
    check_units(state, facts, bound, actor)
    team = Team(facts.lead_organisation_id, facts.co_organisation_ids, bound=bound)
    cleared = _cleared(state, matter.kind, named, actor, moment)
    effect = assigned(state, team, moment)
    said = {**effect.facts, "is_binding": facts.is_binding, "minutes": facts.minutes}
    over = settled(
        replace(matter, details={**matter.details, **said}), MatterOutcome.DONE, actor, moment
    )
    rule = routing_rule(state, matter.seq, facts.lead_organisation_id, actor, moment)
    vain = _asked_in_vain(state, facts.lead_organisation_id, moment)
    ruled = (replace(rule, is_binding=True),) if facts.is_binding else ()
    return replace(
        effect,
        records=(*cleared.records, *effect.records, *vain, over, *ruled),
        moves=(*cleared.moves, *effect.moves),
        facts=said,
    )


def _cleared(
    state: TicketState, kind: MatterKind, named: frozenset[int], actor: Actor, moment: Moment
) -> Effect:
    """Who asked to return it is heard by now; who leads and is not named any more goes."""
    records: list[Record] = []
    moves: list[ClockMove] = []
    asking = {one.organisation_id: one for one in open_returns(state)}
    for unit, matter in asking.items():
        outcome = MatterOutcome.REJECTED if unit in named else MatterOutcome.GRANTED
        records.append(settled(matter, outcome, actor, moment))
        moves += ruling_stopped(state, unit)
    for part in live_parts(state):
        unit = part.organisation_id
        if unit in named or (part.role is UnitRole.CO and unit not in asking):
            continue
        records.append(sent_back(part, moment) if unit in asking else _cancelled(part, moment))
        moves += unit_stopped(state, part)
    if state.reply is not None and state.lead_organisation_id not in named:
        records.append(replace(state.reply, rejection=OVERRULED[kind]))
    return Effect(records=tuple(records), moves=tuple(moves))


def _asked_in_vain(state: TicketState, lead: int, moment: Moment) -> list[Matter]:
    """More time that a lead asked for which leads no more."""
    return [
        lapsed(matter, at=moment.at)
        for matter in state.matters
        if matter.is_open and matter.kind is MatterKind.EXTENSION and matter.organisation_id != lead
    ]


def _cancelled(part: Assignment, moment: Moment) -> Assignment:
    return replace(part, state=AssignmentState.CANCELLED, cancelled_at=moment.at)
