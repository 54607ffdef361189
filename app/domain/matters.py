"""未了事项: what is open beside the straight way, told in short on the ticket itself.

Lists, guards and the rule of closing ask the ticket; the whole of a matter is its record.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from app.domain.actor import Actor
from app.domain.ticket_records import Matter, Record
from app.domain.ticket_state import Situation, TicketState
from app.domain.vocabulary import MatterKind, MatterOutcome


@dataclass(frozen=True, slots=True)
class OpenMatter:
    """An open matter as the ticket tells it: `kind/unit/opener/consented`, numbers empty if none.

    `is_consented`: the own unit stands behind it, or need not.
    """

    kind: MatterKind
    organisation_id: int | None
    opened_by: int | None
    is_consented: bool

    def __str__(self) -> str:
        unit, opener = (one or "" for one in (self.organisation_id, self.opened_by))
        return f"{self.kind}/{unit}/{opener}/{int(self.is_consented)}"

    @classmethod
    def parse(cls, text: str) -> "OpenMatter":
        """The inverse of `str`."""
        kind, unit, opener, consented = text.split("/")
        return cls(
            MatterKind(kind),
            int(unit) if unit else None,
            int(opener) if opener else None,
            consented == "1",
        )


def open_matters(state: Situation, *kinds: MatterKind) -> list[OpenMatter]:
    """What is open on the ticket, of these kinds; of all kinds when none is named."""
    found = map(OpenMatter.parse, state.open_matters)
    return [matter for matter in found if not kinds or matter.kind in kinds]


def matter_of(
    state: TicketState, kind: MatterKind, organisation_id: int | None = None
) -> Matter | None:
    """The whole record of the open matter of this kind, of this unit where it is a unit's."""
    for matter in state.matters:
        if matter.kind is kind and matter.is_open and matter.organisation_id == organisation_id:
            return matter
    return None


def rectifications(state: TicketState) -> list[Matter]:
    """What bad ratings of the present round have opened."""
    return [
        matter
        for matter in state.matters
        if matter.kind is MatterKind.RECTIFICATION and matter.round == state.round
    ]


def next_seq(state: TicketState) -> int:
    """The number of the next matter of the ticket."""
    return 1 + max((matter.seq for matter in state.matters), default=0)


def settled(
    matter: Matter,
    outcome: MatterOutcome,
    actor: Actor,
    *,
    note: str | None = None,
    at: datetime,
) -> Matter:
    """`matter` as the actor has settled it."""
    return replace(matter, outcome=outcome, settled_by=actor.account_id, settled_at=at, note=note)


def told_in_short(matters: Sequence[Matter], records: Iterable[Record]) -> list[str]:
    """What the ticket tells of its open matters after `records` were put down."""
    return [str(_in_short(matter)) for matter in _still_open(matters, records)]


def lapsing(matters: Sequence[Matter], records: Iterable[Record], *, at: datetime) -> list[Matter]:
    """What is still open after `records` and lapses, because the ticket has come to its end."""
    return [
        replace(matter, outcome=MatterOutcome.LAPSED, settled_at=at)
        for matter in _still_open(matters, records)
    ]


def _still_open(matters: Sequence[Matter], records: Iterable[Record]) -> list[Matter]:
    known = {matter.seq: matter for matter in matters}
    known |= {record.seq: record for record in records if isinstance(record, Matter)}
    return [known[seq] for seq in sorted(known) if known[seq].is_open]


def _in_short(matter: Matter) -> OpenMatter:
    return OpenMatter(
        matter.kind, matter.organisation_id, matter.opened_by, matter.consented_at is not None
    )
