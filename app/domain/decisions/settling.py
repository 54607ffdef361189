"""事项: opening, standing behind and settling one, whatever its kind."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from app.domain.actor import Actor
from app.domain.errors import FieldError, InvalidInput
from app.domain.facts.extension import Ruling
from app.domain.matters import SUPERVISOR, consented, opened, settled
from app.domain.terms import Moment
from app.domain.ticket_records import Matter
from app.domain.ticket_state import TicketState
from app.domain.vocabulary import MatterKind, MatterOutcome

TO_CONSENT, TO_COORDINATORS, TO_SUPERVISORS = "to_consent", "to_coordinators", "to_supervisors"
GRANTED, REJECTED = MatterOutcome.GRANTED.value, MatterOutcome.REJECTED.value


def opened_by_office(
    state: TicketState, kind: MatterKind, details: Mapping[str, Any], actor: Actor, moment: Moment
) -> Matter:
    """A new matter of the actor's office, which nobody has to stand behind first."""
    matter = consented(opened(state, kind, details, actor, moment), actor, moment)
    return replace(matter, organisation_id=actor.organisation_id)


def unconsented(matter: Matter) -> Matter:
    """The matter, behind which the own unit still has to stand."""
    return replace(matter, consented_by=None, consented_at=None)


def ruled(matter: Matter, ruling: Ruling, actor: Actor, moment: Moment) -> Matter:
    """The matter, granted or rejected. Raises `InvalidInput` for a refusal without a reason."""
    if not ruling.approved and not ruling.note:
        raise InvalidInput([FieldError("/note", "required", "不同意的须写明理由。")])
    outcome = MatterOutcome.GRANTED if ruling.approved else MatterOutcome.REJECTED
    return settled(matter, outcome, actor, moment, ruling.note)


def asked_of(matter: Matter) -> str:
    """Whose turn it is, as the outcome that tells them."""
    if matter.consented_at is None:
        return TO_CONSENT
    return TO_SUPERVISORS if matter.details.get("level") == SUPERVISOR else TO_COORDINATORS
