"""未了事项: what is open beside the straight way, told in short on the ticket itself.

Lists, guards and the rule of closing ask the ticket; the whole of a matter is its record.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from app.domain.actor import Actor
from app.domain.terms import Moment
from app.domain.ticket_records import Matter, Record
from app.domain.ticket_state import Situation, TicketState
from app.domain.vocabulary import FINAL, MatterKind, MatterOutcome, Status

SUPERVISOR = "supervisor"
"""The `level` among the details of a matter that a coordinator may not settle."""

OUTLASTING = frozenset({MatterKind.PURGE})
"""What neither keeps a ticket from ending nor lapses when it does."""

STANDS_IN: Mapping[MatterKind, frozenset[Status]] = {
    MatterKind.EXTENSION: frozenset({Status.HANDLING, Status.SUSPENDED}),
    MatterKind.SUSPENSION: frozenset(
        {Status.ACCEPTED, Status.COORDINATING, Status.HANDLING, Status.SUSPENDED}
    ),
}
"""Where an open matter still means something: elsewhere it lapses. Most others: until the end."""


@dataclass(frozen=True, slots=True)
class OpenMatter:
    """An open matter as the ticket tells it: `kind/unit/opener/consented`, numbers empty if none.

    `is_consented`: the own unit stands behind it, or need not. What a coordinator may not settle
    ends in `/supervisor`.
    """

    kind: MatterKind
    organisation_id: int | None
    opened_by: int | None
    is_consented: bool
    needs_supervisor: bool = False

    def __str__(self) -> str:
        unit, opener = (one or "" for one in (self.organisation_id, self.opened_by))
        level = f"/{SUPERVISOR}" if self.needs_supervisor else ""
        return f"{self.kind}/{unit}/{opener}/{int(self.is_consented)}{level}"

    @classmethod
    def parse(cls, text: str) -> "OpenMatter":
        """The inverse of `str`."""
        kind, unit, opener, consented, *level = text.split("/")
        return cls(
            MatterKind(kind),
            int(unit) if unit else None,
            int(opener) if opener else None,
            consented == "1",
            level == [SUPERVISOR],
        )


def open_matters(state: Situation, *kinds: MatterKind) -> list[OpenMatter]:
    """What is open on the ticket, of these kinds; of all kinds when none is named."""
    found = map(OpenMatter.parse, state.open_matters)
    return [matter for matter in found if not kinds or matter.kind in kinds]


def kept_open_by(state: Situation) -> list[OpenMatter]:
    """What has to be settled before the ticket may end."""
    return [matter for matter in open_matters(state) if matter.kind not in OUTLASTING]


def matter_of(
    state: TicketState, kind: MatterKind, organisation_id: int | None = None
) -> Matter | None:
    """The whole record of the open matter of this kind, of this unit where it is a unit's."""
    for matter in state.matters:
        if matter.kind is kind and matter.is_open and matter.organisation_id == organisation_id:
            return matter
    return None


def any_of(state: TicketState, kind: MatterKind) -> Matter | None:
    """The whole record of the open matter of this kind, whichever unit has it."""
    return next((one for one in state.matters if one.kind is kind and one.is_open), None)


def rectifications(state: TicketState) -> list[Matter]:
    """What bad ratings of the present round have opened."""
    return [
        matter
        for matter in state.matters
        if matter.kind is MatterKind.RECTIFICATION and matter.round == state.round
    ]


def _next_seq(state: TicketState) -> int:
    """The number of the next matter of the ticket."""
    return 1 + max((matter.seq for matter in state.matters), default=0)


def opened(
    state: TicketState, kind: MatterKind, details: Mapping[str, Any], actor: Actor, moment: Moment
) -> Matter:
    """A new matter of the present round, of no unit in particular."""
    return Matter(
        seq=_next_seq(state),
        kind=kind,
        round=state.round,
        organisation_id=None,
        details=details,
        opened_by=actor.account_id,
        opened_at=moment.at,
    )


def consented(matter: Matter, actor: Actor, moment: Moment) -> Matter:
    """The matter, behind which `actor` stands: it waits for who settles it."""
    return replace(matter, consented_by=actor.account_id, consented_at=moment.at)


def settled(
    matter: Matter, outcome: MatterOutcome, actor: Actor, moment: Moment, note: str | None = None
) -> Matter:
    """The matter, ended by `actor` with this outcome."""
    return replace(
        matter, outcome=outcome, settled_by=actor.account_id, settled_at=moment.at, note=note
    )


def told_in_short(matters: Sequence[Matter], records: Iterable[Record]) -> list[str]:
    """What the ticket tells of its open matters after `records` were put down."""
    return [str(_in_short(matter)) for matter in _still_open(matters, records)]


def lapsing(
    matters: Sequence[Matter], records: Iterable[Record], status: Status, *, at: datetime
) -> list[Matter]:
    """What is still open after `records` and means nothing in the `status` that has come."""
    return [
        lapsed(matter, at=at)
        for matter in _still_open(matters, records)
        if matter.kind not in OUTLASTING
        and (status in FINAL or status not in STANDS_IN.get(matter.kind, frozenset({status})))
    ]


def lapsed(matter: Matter, *, at: datetime) -> Matter:
    """The matter, settled by the course of things."""
    return replace(matter, outcome=MatterOutcome.LAPSED, settled_at=at)


def granted(state: TicketState, kind: MatterKind) -> list[Matter]:
    """What of this kind was granted in the present round."""
    return [
        matter
        for matter in state.matters
        if (matter.kind, matter.round, matter.outcome) == (kind, state.round, MatterOutcome.GRANTED)
    ]


def _still_open(matters: Sequence[Matter], records: Iterable[Record]) -> list[Matter]:
    known = {matter.seq: matter for matter in matters}
    known |= {record.seq: record for record in records if isinstance(record, Matter)}
    return [known[seq] for seq in sorted(known) if known[seq].is_open]


def _in_short(matter: Matter) -> OpenMatter:
    return OpenMatter(
        matter.kind,
        matter.organisation_id,
        matter.opened_by,
        matter.consented_at is not None,
        matter.details.get("level") == SUPERVISOR,
    )
