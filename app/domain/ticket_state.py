"""A ticket as read under its lock, its records, and the change that a decision makes.

The records map one to one onto tables; a change carries whole records, never parts of one.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Protocol

from app.domain.actor import Actor
from app.domain.clock_moves import ClockMove
from app.domain.rules import Rules
from app.domain.sla_clock import Clock
from app.domain.ticket_records import (
    Assignment,
    Evaluation,
    Matter,
    Record,
    Reply,
    Revisit,
    SupplementRequest,
)
from app.domain.vocabulary import (
    GONE,
    Channel,
    Kind,
    Status,
    Step,
    TicketClass,
    Tier,
)


@dataclass(frozen=True, slots=True)
class TicketState:
    """诉求工单 under its lock, with the records of all its rounds that decisions read.

    `rules`: those of its terms.
    """

    number: str
    enterprise_id: int
    kind: Kind
    status: Status
    step: Step
    round: int
    version: int
    event_seq: int
    event_head: bytes
    area_code: str
    submitted_at: datetime
    changed_at: datetime
    id: int | None = None
    ticket_class: TicketClass | None = None
    channel: Channel | None = None
    is_confidential: bool = False
    is_unreasonable: bool = False
    needs_pressure_check: bool = False
    is_anonymous: bool = False
    complained_housekeeper_id: int | None = None
    complained_organisation_ids: tuple[int, ...] = ()
    housekeeper_id: int | None = None
    contacted_at: datetime | None = None
    contact_confirmed: bool | None = None
    last_contact_at: datetime | None = None
    refusal_proposed_by: int | None = None
    refusal: Mapping[str, Any] | None = None
    suspended_from: Status | None = None
    promised_days: int | None = None
    tier: int = Tier.DESK
    accepted_at: datetime | None = None
    transferred_at: datetime | None = None
    policies_on: date | None = None
    supplement_count: int = 0
    category_code: str | None = None
    lead_organisation_id: int | None = None
    handler_account_ids: tuple[int, ...] = ()
    handler_organisation_ids: tuple[int, ...] = ()
    first_completed_at: datetime | None = None
    parent_id: int | None = None
    passed_on_at: datetime | None = None
    level: int | None = None
    may_rate_again: bool = False
    urge_count: int = 0
    urged_at: datetime | None = None
    urge_again_at: datetime | None = None
    is_urged: bool = False
    open_matters: tuple[str, ...] = ()
    assignments: tuple[Assignment, ...] = ()
    clocks: tuple[Clock, ...] = ()
    supplements: tuple[SupplementRequest, ...] = ()
    reply: Reply | None = None
    revisit: Revisit | None = None
    evaluation: Evaluation | None = None
    matters: tuple[Matter, ...] = ()
    rules: Rules = field(default_factory=Rules)

    def assignment_of(self, organisation_id: int | None) -> Assignment | None:
        """The unit's live assignment in the present round."""
        for assignment in self.assignments:
            if (
                assignment.organisation_id == organisation_id
                and assignment.round == self.round
                and assignment.state not in GONE
            ):
                return assignment
        return None


class Situation(Protocol):
    """What guards look at: a whole `TicketState`, or a `Glance` at many."""

    @property
    def status(self) -> str: ...
    @property
    def contacted_at(self) -> datetime | None: ...
    @property
    def contact_confirmed(self) -> bool | None: ...
    @property
    def transferred_at(self) -> datetime | None: ...
    @property
    def refusal_proposed_by(self) -> int | None: ...
    @property
    def supplement_count(self) -> int: ...
    @property
    def round(self) -> int: ...
    @property
    def level(self) -> int | None: ...
    @property
    def may_rate_again(self) -> bool: ...
    @property
    def passed_on_at(self) -> datetime | None: ...
    @property
    def handler_account_ids(self) -> Sequence[int]: ...
    @property
    def handler_organisation_ids(self) -> Sequence[int]: ...
    @property
    def tier(self) -> int: ...
    @property
    def open_matters(self) -> Sequence[str]: ...
    @property
    def is_unreasonable(self) -> bool: ...
    @property
    def needs_pressure_check(self) -> bool: ...
    @property
    def reply(self) -> Reply | None: ...
    @property
    def rules(self) -> Rules: ...
    def assignment_of(self, organisation_id: int | None) -> Assignment | None: ...


@dataclass(slots=True)
class Glance:
    """A ticket as a list knows it: of its records, those of the reader's own unit at most."""

    status: str
    contacted_at: datetime | None
    contact_confirmed: bool | None
    transferred_at: datetime | None
    refusal_proposed_by: int | None
    supplement_count: int
    level: int | None
    handler_account_ids: Sequence[int]
    handler_organisation_ids: Sequence[int]
    open_matters: Sequence[str]
    is_unreasonable: bool
    needs_pressure_check: bool
    round: int
    may_rate_again: bool
    passed_on_at: datetime | None
    tier: int
    rules: Rules = field(default_factory=Rules)
    assignment: Assignment | None = None
    reply: Reply | None = None

    def assignment_of(self, organisation_id: int | None) -> Assignment | None:
        """The unit's live assignment, where that is the reader's own."""
        own = self.assignment
        if own is None or own.organisation_id != organisation_id:
            return None
        return None if own.state in GONE else own


@dataclass(frozen=True, slots=True)
class Event:
    """诉求事件, hashed over the one before it."""

    seq: int
    round: int
    action: str
    from_status: Status | None
    to_status: Status
    actor: Actor
    at: datetime
    is_public: bool
    facts: Mapping[str, Any]
    hash: bytes

    def row(self) -> dict[str, Any]:
        """The event as its table holds it."""
        return {
            "seq": self.seq,
            "round": self.round,
            "action": self.action,
            "from_status": self.from_status,
            "to_status": self.to_status,
            "account_id": self.actor.account_id,
            "actor_name": self.actor.name,
            "role": self.actor.role,
            "organisation_id": self.actor.organisation_id,
            "ip": self.actor.ip,
            "at": self.at,
            "is_public": self.is_public,
            "facts": self.facts,
            "hash": self.hash,
        }


@dataclass(frozen=True, slots=True)
class Purge:
    """涉密清除 of files of the ticket, and why."""

    attachment_ids: tuple[int, ...]
    reason: str


@dataclass(frozen=True, slots=True)
class Effect:
    """What an action does beyond the table: facts for the event, records, moves of clocks."""

    status: Status | None = None
    round: int | None = None
    values: Mapping[str, Any] = field(default_factory=dict)
    records: tuple[Record, ...] = ()
    moves: tuple[ClockMove, ...] = ()
    facts: Mapping[str, Any] = field(default_factory=dict)
    outcome: str | None = None
    attachment_ids: tuple[int, ...] = ()
    purge: Purge | None = None


@dataclass(frozen=True, slots=True)
class Change:
    """A decision, ready to be put down: new values of the ticket, its event, its records."""

    number: str
    values: Mapping[str, Any]
    event: Event
    records: tuple[Record, ...]
    outcome: str | None
    attachment_ids: tuple[int, ...]
    purge: Purge | None = None
