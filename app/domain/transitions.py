"""The transition table: which action leads from where to where, and what it demands.

Read it and know all that can happen to a ticket. `docs/ticket-flow.md` is drawn from it.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias

from app.domain import guards
from app.domain.actor import Actor
from app.domain.decisions import acceptance, aftercare, handling, handover, warnings
from app.domain.guards import Guard, always
from app.domain.permissions import Permission as Act
from app.domain.terms import Moment
from app.domain.ticket_state import Effect, TicketState
from app.domain.vocabulary import Status

Decision: TypeAlias = Callable[[TicketState, Any, Actor, Moment], Effect]


@dataclass(frozen=True, slots=True)
class Transition:
    """One action: from where, to where (None: stays, or the decision says), by which function.

    `entitled` speaks about the person (403), `ready` about the facts of the ticket (409).
    `makes_handler` keeps the person away from revisiting the same ticket. What is no new version
    leaves alone those who are about to act: a warning must not turn their If-Match stale.
    """

    action: Act
    sources: frozenset[Status]
    target: Status | None
    decision: Decision
    entitled: Guard = always
    ready: Guard = always
    is_public: bool = True
    private_outcomes: frozenset[str] = frozenset()
    makes_handler: bool = False
    is_new_version: bool = True


def _from(*statuses: Status) -> frozenset[Status]:
    return frozenset(statuses)


_OPEN_BEFORE_ANSWER = _from(Status.SUBMITTED, Status.ACCEPTED, Status.COORDINATING, Status.HANDLING)
_LIVE = _OPEN_BEFORE_ANSWER | _from(Status.FEEDBACK, Status.REVISITING, Status.EVALUATING)

TRANSITIONS: tuple[Transition, ...] = (
    Transition(
        Act.FIRST_CONTACT,
        _OPEN_BEFORE_ANSWER | _from(Status.SUPPLEMENTING),
        None,
        acceptance.first_contact,
        ready=guards.not_yet_contacted,
        makes_handler=True,
    ),
    Transition(
        Act.ACCEPT,
        _from(Status.SUBMITTED),
        Status.ACCEPTED,
        acceptance.accept,
        ready=guards.no_refusal_pending,
        makes_handler=True,
    ),
    Transition(
        Act.PROPOSE_REFUSAL,
        _from(Status.SUBMITTED),
        None,
        acceptance.propose_refusal,
        ready=guards.no_refusal_pending,
        is_public=False,
        makes_handler=True,
    ),
    Transition(
        Act.RULE_REFUSAL,
        _from(Status.SUBMITTED),
        None,
        acceptance.rule_refusal,
        entitled=guards.did_not_propose_refusal,
        ready=guards.refusal_pending,
        private_outcomes=frozenset({"rejected"}),
        makes_handler=True,
    ),
    Transition(
        Act.REQUEST_SUPPLEMENT,
        _from(Status.SUBMITTED),
        Status.SUPPLEMENTING,
        acceptance.request_supplement,
        ready=guards.may_ask_again,
        makes_handler=True,
    ),
    Transition(Act.SUPPLY, _from(Status.SUPPLEMENTING), Status.SUBMITTED, acceptance.supply),
    Transition(
        Act.WITHDRAW,
        _OPEN_BEFORE_ANSWER | _from(Status.SUPPLEMENTING),
        Status.WITHDRAWN,
        acceptance.withdraw,
    ),
    Transition(
        Act.DISPATCH,
        _from(Status.ACCEPTED, Status.COORDINATING),
        Status.HANDLING,
        handling.dispatch,
        makes_handler=True,
    ),
    Transition(
        Act.SIGN_FOR,
        _from(Status.HANDLING),
        None,
        handling.sign_for,
        entitled=guards.has_assignment,
        ready=guards.is_unsigned,
        makes_handler=True,
    ),
    Transition(
        Act.GIVE_OPINION,
        _from(Status.HANDLING),
        None,
        handling.give_opinion,
        entitled=guards.is_co_unit,
        ready=guards.is_unanswered,
        is_public=False,
        makes_handler=True,
    ),
    Transition(
        Act.REPLY,
        _from(Status.HANDLING),
        None,
        handling.reply,
        entitled=guards.is_lead_unit,
        ready=guards.is_unanswered,
        is_public=False,
        makes_handler=True,
    ),
    Transition(
        Act.RULE_REPLY,
        _from(Status.HANDLING),
        None,
        handling.rule_reply,
        entitled=guards.may_rule_reply,
        ready=guards.awaits_approval,
        private_outcomes=frozenset({"returned"}),
        makes_handler=True,
    ),
    Transition(
        Act.ANSWER_DIRECTLY,
        _from(Status.ACCEPTED, Status.COORDINATING),
        Status.FEEDBACK,
        handling.answer_directly,
        makes_handler=True,
    ),
    Transition(
        Act.RECEIVE_FEEDBACK, _from(Status.FEEDBACK), Status.REVISITING, aftercare.receive_feedback
    ),
    Transition(
        Act.RECORD_REVISIT,
        _from(Status.REVISITING),
        None,
        aftercare.record_revisit,
        entitled=guards.did_not_handle,
        is_public=False,
    ),
    Transition(
        Act.EVALUATE,
        _from(Status.EVALUATING),
        None,
        aftercare.evaluate,
        ready=guards.not_yet_rated,
    ),
    Transition(Act.ARCHIVE, _from(Status.EVALUATING), Status.ARCHIVED, aftercare.archive),
    Transition(
        Act.REMIND,
        _LIVE | _from(Status.SUPPLEMENTING),
        None,
        warnings.remind,
        is_public=False,
        is_new_version=False,
    ),
    Transition(
        Act.ISSUE_CARD,
        _LIVE | _from(Status.SUPPLEMENTING),
        None,
        warnings.issue_card,
        is_public=False,
        is_new_version=False,
    ),
    Transition(Act.HAND_OVER, _LIVE | _from(Status.SUPPLEMENTING), None, handover.hand_over),
)

BY_ACTION: Mapping[Act, Transition] = {row.action: row for row in TRANSITIONS}
