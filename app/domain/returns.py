"""退回: what the matters of a ticket tell about units that would not have it.

Source: domain, 4.4: once for each unit; after so many returns a consultation, whose ruling binds.
"""

from app.domain.rules import Rule
from app.domain.ticket_records import Matter
from app.domain.ticket_state import TicketState
from app.domain.vocabulary import MatterKind, MatterOutcome

MEETINGS = frozenset({MatterKind.CONSULTATION, MatterKind.JOINT_MEETING})
"""What says for good who handles a ticket: the higher one, too."""

_RULED = frozenset({MatterOutcome.GRANTED, MatterOutcome.REJECTED})


def has_asked(state: TicketState, organisation_id: int) -> bool:
    """Whether the unit has, with its approver's consent, asked to return this ticket before."""
    return any(
        one.organisation_id == organisation_id and one.consented_at is not None
        for one in _of(state, MatterKind.RETURN)
    )


def returned_by(state: TicketState) -> frozenset[int]:
    """The units whose returns were upheld."""
    return frozenset(
        one.organisation_id
        for one in _of(state, MatterKind.RETURN)
        if one.outcome is MatterOutcome.GRANTED and one.organisation_id is not None
    )


def bound_units(state: TicketState) -> frozenset[int]:
    """The units that the last binding conclusion named."""
    for one in reversed(_concluded(state)):
        if one.details["is_binding"]:
            helping = one.details["co_organisation_ids"]
            return frozenset({one.details["lead_organisation_id"], *helping})
    return frozenset()


def needs_consultation(state: TicketState) -> bool:
    """Whether enough returns were ruled on since the last consultation, or since the beginning."""
    last = max((one.seq for one in _concluded(state)), default=0)
    ruled = [
        one for one in _of(state, MatterKind.RETURN) if one.seq > last and one.outcome in _RULED
    ]
    return len(ruled) >= state.rules[Rule.RETURNS_BEFORE_CONSULTATION]


def open_returns(state: TicketState) -> list[Matter]:
    """The requests that nobody has settled yet."""
    return [one for one in _of(state, MatterKind.RETURN) if one.is_open]


def _concluded(state: TicketState) -> list[Matter]:
    return [
        one for one in state.matters if one.kind in MEETINGS and one.outcome is MatterOutcome.DONE
    ]


def _of(state: TicketState, kind: MatterKind) -> list[Matter]:
    return [one for one in state.matters if one.kind is kind]
