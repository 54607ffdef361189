"""不合理诉求: proposed by who handles it, decided elsewhere. Rule: domain, 4.4.

What is found so is left out of scores and indicators; it is answered and revisited all the same.
"""

from dataclasses import asdict
from typing import Any

from app.domain.actor import Actor
from app.domain.decisions.settling import GRANTED, REJECTED, opened_by_office, ruled
from app.domain.facts.extension import Ruling
from app.domain.facts.unreasonable import Unreasonable
from app.domain.terms import Moment
from app.domain.ticket_records import Matter
from app.domain.ticket_state import Effect, TicketState
from app.domain.vocabulary import MatterKind


def propose_unreasonable(
    state: TicketState, facts: Unreasonable, actor: Actor, moment: Moment
) -> Effect:
    """提出: waits for another office."""
    matter = opened_by_office(state, MatterKind.UNREASONABLE, asdict(facts), actor, moment)
    return Effect(records=(matter,), facts=_told(matter))


def rule_unreasonable(state: TicketState, facts: Ruling, actor: Actor, moment: Moment) -> Effect:
    """认定: the enterprise gets the explanation, and the ticket is marked."""
    matter = ruled(_waiting(state), facts, actor, moment)
    return Effect(
        values={"is_unreasonable": True} if facts.approved else {},
        records=(matter,),
        facts=_told(matter),
        outcome=GRANTED if facts.approved else REJECTED,
    )


def _waiting(state: TicketState) -> Matter:
    for matter in state.matters:
        if matter.is_open and matter.kind is MatterKind.UNREASONABLE:
            return matter
    raise LookupError("a finding is ruled on while it is open")


def _told(matter: Matter) -> dict[str, Any]:
    note = {"note": matter.note} if matter.note else {}
    return {**matter.details, "organisation_id": matter.organisation_id, **note}
