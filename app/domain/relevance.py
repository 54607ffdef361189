"""还需要说吗: whether a message is still true when it is about to be sent. Read the table.

A message waits for its hour, for a consent, for the platform; meanwhile the ticket goes on. What
is no longer so is not said. Source: domain, section 8 (recompute at send time).
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from app.domain.matters import OpenMatter
from app.domain.message_kinds import MessageKind
from app.domain.permissions import Permission as Act
from app.domain.urging import URGEABLE
from app.domain.vocabulary import FINAL, AssignmentState, MatterKind, Status

REOPENING = frozenset({Act.RECORD_REVISIT, Act.OBJECT, Act.ORDER_REWORK, Act.VERIFY_REVIEW})
"""The actions that may lead into the next round."""


@dataclass(frozen=True, slots=True)
class Told:
    """What a message says: its event, and the due time of the clock it is about, if any."""

    kind: MessageKind
    action: Act
    round: int
    status: Status
    due_at: datetime | None = None

    @property
    def round_after(self) -> int:
        """The round that the event led into: what is found unsolved goes round again."""
        return self.round + (self.action in REOPENING and self.status in _REOPENED)


@dataclass(frozen=True, slots=True)
class Present:
    """How things stand. `due_at` is that of the message's clock, None unless it runs.

    `is_recipient`: the person still holds the membership, and is still the ticket's housekeeper
    if told as its housekeeper. `is_read`: the person has seen it in the inbox. `unit`: how far the
    person's unit is with its part in this round, None if it has none. `is_approver`: the person is
    told as who stands behind what the unit asks for. `is_urged`: nobody has heeded the urge yet.
    """

    status: Status
    round: int
    is_rated: bool
    is_recipient: bool
    due_at: datetime | None = None
    is_read: bool = False
    unit: AssignmentState | None = None
    refusal_waits: bool = False
    open_matters: Sequence[str] = ()
    is_approver: bool = False
    is_urged: bool = False


_S, _K = Status, MessageKind
_REOPENED = frozenset({_S.COORDINATING})
_AS_LEFT: frozenset[Status] = frozenset()
_OPEN = frozenset(Status) - FINAL

STATUSES: Mapping[MessageKind, frozenset[Status]] = {
    _K.ACCEPTED: frozenset({_S.ACCEPTED, _S.COORDINATING, _S.HANDLING, _S.SUSPENDED}),
    _K.REFUSED: frozenset({_S.REFUSED}),
    _K.SUPPLEMENT_NEEDED: frozenset({_S.SUPPLEMENTING}),
    _K.SUPPLEMENT_REMINDER: frozenset({_S.SUPPLEMENTING}),
    _K.NEW_TODO: _AS_LEFT,
    _K.RETURNED: frozenset({_S.HANDLING}),
    _K.DUE_SOON: _OPEN,
    _K.URGED: URGEABLE,
    _K.OVERDUE: _OPEN,
    _K.NUDGE: _OPEN,
    _K.SUPERVISION: _OPEN,
    _K.FEEDBACK_READY: frozenset({_S.FEEDBACK, _S.REVISITING}),
    _K.EVALUATION_INVITED: frozenset({_S.EVALUATING}),
    _K.REVISIT_MISSED: frozenset({_S.EVALUATING}),
    _K.EVALUATION_REMINDER: frozenset({_S.EVALUATING}),
}
"""Where a ticket must stand for the message to say something; empty: where the event left it."""


def _is_to_accept(now: Present) -> bool:
    return not now.refusal_waits


def _is_to_answer(now: Present) -> bool:
    return now.unit in (AssignmentState.DISPATCHED, AssignmentState.SIGNED)


def _waits(kind: MatterKind) -> Callable[[Present], bool]:
    """That one is open; for the own approver, that it waits for the approver."""

    def waits(now: Present) -> bool:
        found = (OpenMatter.parse(one) for one in now.open_matters)
        return any(one.kind is kind and not (now.is_approver and one.is_consented) for one in found)

    return waits


def _by_status(_: Present) -> bool:
    return True


TODO: Mapping[Act, Callable[[Present], bool]] = {
    Act.SUBMIT: _is_to_accept,
    Act.SUPPLY: _is_to_accept,
    Act.RULE_REFUSAL: _is_to_accept,
    Act.PROPOSE_REFUSAL: lambda now: now.refusal_waits,
    Act.DISPATCH: lambda now: now.unit is AssignmentState.DISPATCHED,
    Act.RULE_RETURN: _by_status,
    Act.CONCLUDE_CONSULTATION: lambda now: now.unit is AssignmentState.DISPATCHED,
    Act.CONCLUDE_JOINT_MEETING: lambda now: now.unit is AssignmentState.DISPATCHED,
    Act.GIVE_OPINION: _is_to_answer,
    Act.REPLY: lambda now: now.unit is AssignmentState.REPLIED,
    Act.COUNTERSIGN: _is_to_answer,
    Act.RULE_REPLY: _is_to_answer,
    Act.REQUEST_EXTENSION: _waits(MatterKind.EXTENSION),
    Act.CONSENT_EXTENSION: _waits(MatterKind.EXTENSION),
    Act.REQUEST_SUSPENSION: _waits(MatterKind.SUSPENSION),
    Act.PROPOSE_UNREASONABLE: _waits(MatterKind.UNREASONABLE),
    Act.RECEIVE_FEEDBACK: _by_status,
    Act.RECORD_REVISIT: _by_status,
    Act.OBJECT: _by_status,
    Act.ORDER_REWORK: _by_status,
    Act.VERIFY_REVIEW: _by_status,
    Act.UNMERGE: _by_status,
    Act.REQUEST_PURGE: _waits(MatterKind.PURGE),
}
"""Whether what an action left to do still is to be done, where the status alone does not say so."""

TASKS = frozenset({_K.NEW_TODO, _K.RETURNED})

OF_A_CLOCK = frozenset(
    {
        *(_K.DUE_SOON, _K.OVERDUE, _K.SUPPLEMENT_REMINDER, _K.EVALUATION_REMINDER),
        *(_K.NUDGE, _K.SUPERVISION),
    }
)
"""Kinds about a clock: it must run, and with the due time that was told."""

BEFORE_DUE = OF_A_CLOCK - {_K.OVERDUE, _K.SUPERVISION}
"""Of these, the kinds that say that there is still time."""

UNTIL_RATED = frozenset({_K.EVALUATION_INVITED, _K.REVISIT_MISSED, _K.EVALUATION_REMINDER})


def is_still_true(told: Told, present: Present, *, at: datetime) -> bool:
    """Whether the message may still be sent at the business time `at`."""
    statuses = STATUSES[told.kind] or {told.status}
    return (
        present.is_recipient
        and not present.is_read
        and present.status in statuses
        and present.round == told.round_after
        and _is_open(told, present, at)
    )


def _is_open(told: Told, present: Present, at: datetime) -> bool:
    """Whether what the message is about is still open: the task, the clock, the rating."""
    if told.kind in TASKS:
        return TODO[told.action](present)
    if told.kind is _K.URGED:
        return present.is_urged
    if told.kind in UNTIL_RATED and present.is_rated:
        return False
    return told.kind not in OF_A_CLOCK or _still_runs(told, present, at)


def _still_runs(told: Told, present: Present, at: datetime) -> bool:
    if present.due_at is None or told.due_at not in (None, present.due_at):
        return False
    return told.kind not in BEFORE_DUE or at <= present.due_at
