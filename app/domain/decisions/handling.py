"""第三、四步 办理、反馈: sign for, opinions, reply, approval, direct answer."""

from dataclasses import replace

from app.domain.actor import Actor
from app.domain.clock_moves import ClockMove, Verb, moves_of, standing
from app.domain.decisions.contacting import with_contact
from app.domain.decisions.coordination import handling_units
from app.domain.decisions.countersigning import (
    asked_anew,
    live_parts,
    signed_draft,
    silent_units,
)
from app.domain.decisions.deferral import check_supplied
from app.domain.decisions.returning import given_up
from app.domain.decisions.tracking import answered, check_tracked
from app.domain.errors import FieldError, Forbidden, InvalidInput
from app.domain.facts.handling import Answer, Approval, Opinion, SignFor
from app.domain.matters import lapsed
from app.domain.sla_clock import ClockKind
from app.domain.terms import Moment
from app.domain.ticket_records import Assignment, Reply
from app.domain.ticket_state import Effect, TicketState
from app.domain.vocabulary import (
    UNANSWERED,
    AssignmentState,
    MatterKind,
    ResultCode,
    Status,
)

ENDING_WITH_A_ROUND = frozenset(
    {MatterKind.RETURN, MatterKind.CONSULTATION, MatterKind.JOINT_MEETING}
)
"""Matters about who handles the ticket."""


def sign_for(state: TicketState, _: SignFor, actor: Actor, moment: Moment) -> Effect:
    """签收."""
    assignment = _signed(_own(state, actor), actor, moment)
    return Effect(
        records=(replace(assignment, state=AssignmentState.SIGNED),),
        facts={"organisation_id": actor.organisation_id},
    )


def give_opinion(state: TicketState, facts: Opinion, actor: Actor, moment: Moment) -> Effect:
    """协办意见: goes to the lead, never to the enterprise."""
    assignment = _signed(_own(state, actor), actor, moment)
    given = replace(
        assignment, state=AssignmentState.DONE, opinion=facts.opinion, done_at=moment.at
    )
    if facts.countersigns:
        given = _signed_with_opinion(state, given, actor, moment)
    returning = given_up(state, assignment.organisation_id, moment)
    return Effect(
        records=(given, *returning.records),
        moves=(
            ClockMove(Verb.STOP, ClockKind.OPINION, assignment.organisation_id),
            *returning.moves,
        ),
        facts={
            "organisation_id": assignment.organisation_id,
            "opinion": facts.opinion,
            "countersigns": facts.countersigns,
        },
        attachment_ids=facts.attachment_ids,
    )


def _signed_with_opinion(
    state: TicketState, given: Assignment, actor: Actor, moment: Moment
) -> Assignment:
    """An opinion on the draft that stands may be the signature under it, where it says so."""
    if state.reply is None or not state.reply.is_standing:
        detail = "现在没有待会签的答复稿。"
        raise InvalidInput([FieldError("/countersigns", "no-draft", detail)])
    return signed_draft(given, actor, moment)


def reply(state: TicketState, facts: Answer, actor: Actor, moment: Moment) -> Effect:
    """主办答复的草稿, to be approved by the unit's approver."""
    assignment = _signed(_own(state, actor), actor, moment)
    drafted = _draft(state, facts, actor, moment)
    returning = given_up(state, assignment.organisation_id, moment)
    replied = replace(assignment, state=AssignmentState.REPLIED)
    return Effect(
        values=with_contact(state, facts.contacted_at),
        records=(replied, drafted, *asked_anew(state), *returning.records),
        moves=returning.moves,
        facts=_answer_facts(drafted),
        attachment_ids=facts.attachment_ids,
    )


def rule_reply(state: TicketState, facts: Approval, actor: Actor, moment: Moment) -> Effect:
    """审批: release the reply to the enterprise, or send it back."""
    assignment, draft = _own(state, actor), state.reply
    if draft is None:
        raise LookupError("a replied assignment has a draft")
    if not facts.approved:
        if not facts.note:
            raise InvalidInput([FieldError("/note", "required", "退回答复须写明理由。")])
        returned = replace(assignment, state=AssignmentState.SIGNED)
        return Effect(
            records=(returned, replace(draft, rejection=facts.note)),
            facts={"note": facts.note},
            outcome="returned",
        )
    check_supplied(state)
    check_tracked(state, draft.result_code)
    silent = silent_units(state, moment)
    released = replace(draft, released_by=actor.account_id, released_at=moment.at, rejection=None)
    done = replace(assignment, state=AssignmentState.DONE, done_at=moment.at)
    consenting = [replace(part, state=AssignmentState.DONE, done_at=moment.at) for part in silent]
    told = {"silent_consent": [part.organisation_id for part in silent]} if silent else {}
    effect = _completed(state, released, moment)
    return replace(
        effect,
        records=(*effect.records, *consenting, done, released),
        facts={**effect.facts, **told},
        outcome="released",
    )


def answer_directly(state: TicketState, facts: Answer, actor: Actor, moment: Moment) -> Effect:
    """管家直接答复: no unit is needed; released at once."""
    check_supplied(state)
    draft = _draft(state, facts, actor, moment)
    released = replace(draft, released_by=actor.account_id, released_at=moment.at)
    effect = _completed(state, released, moment)
    own = () if actor.organisation_id is None else (actor.organisation_id,)
    relieved = [
        replace(part, state=AssignmentState.CANCELLED, cancelled_at=moment.at)
        for part in live_parts(state)
        if part.state in UNANSWERED
    ]
    return replace(
        effect,
        values={**effect.values, **handling_units(state, *own)},
        records=(*effect.records, *relieved, replace(released, organisation_id=None)),
        attachment_ids=facts.attachment_ids,
    )


def _completed(state: TicketState, released: Reply, moment: Moment) -> Effect:
    """What was asked about who handles it is not asked any more."""
    asked = [one for one in state.matters if one.is_open and one.kind in ENDING_WITH_A_ROUND]
    return Effect(
        status=Status.FEEDBACK,
        values={
            "completed_at": moment.at,
            "first_completed_at": state.first_completed_at or moment.at,
            "result_code": released.result_code,
        },
        records=(
            *(lapsed(one, at=moment.at) for one in asked),
            *answered(state, released.result_code, moment),
        ),
        moves=moves_of(Verb.STOP, standing(state.clocks, state.round)),
        facts=_answer_facts(released),
    )


def _draft(state: TicketState, facts: Answer, actor: Actor, moment: Moment) -> Reply:
    _check_answer(state, facts, moment)
    check_tracked(state, facts.result_code)
    if actor.account_id is None:
        raise Forbidden
    return Reply(
        round=state.round,
        organisation_id=actor.organisation_id,
        result_code=facts.result_code,
        answer=facts.answer,
        handling_note=facts.handling_note,
        is_contacted=facts.is_contacted,
        contacted_at=facts.contacted_at,
        is_claim_true=facts.is_claim_true,
        unsolved_reason=facts.unsolved_reason,
        drafted_by=actor.account_id,
        drafted_at=moment.at,
    )


def _check_answer(state: TicketState, facts: Answer, moment: Moment) -> None:
    errors = []
    if facts.is_contacted != (facts.contacted_at is not None):
        detail = "已联系企业的须填写联系时间，未联系的不填。"
        errors.append(FieldError("/contacted_at", "contact", detail))
    elif facts.contacted_at and not state.submitted_at <= facts.contacted_at <= moment.at:
        errors.append(FieldError("/contacted_at", "range", "联系时间应在提交之后、现在之前。"))
    if facts.result_code is not ResultCode.SOLVED and not facts.unsolved_reason:
        errors.append(FieldError("/unsolved_reason", "required", "未完全解决的须说明原因。"))
    if errors:
        raise InvalidInput(errors)


def _answer_facts(released: Reply) -> dict[str, object]:
    return {
        "result_code": released.result_code.value,
        "answer": released.answer,
        "is_contacted": released.is_contacted,
        "is_claim_true": released.is_claim_true,
        "unsolved_reason": released.unsolved_reason,
        "handling_note": released.handling_note,
        "organisation_id": released.organisation_id,
    }


def _own(state: TicketState, actor: Actor) -> Assignment:
    assignment = state.assignment_of(actor.organisation_id)
    if assignment is None:
        raise Forbidden
    return assignment


def _signed(assignment: Assignment, actor: Actor, moment: Moment) -> Assignment:
    """A unit that answers without having signed has signed by answering."""
    if assignment.signed_at is not None:
        return assignment
    return replace(assignment, signed_at=moment.at, signed_by=actor.account_id)
