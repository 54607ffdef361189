"""并案: one answer to many. Source: the domain, 4.4 (duplicates).

A child has the parent's answer as its own reply, so that nobody reads another enterprise's ticket.
"""

from dataclasses import replace

from app.domain.actor import PAIRED_ROLES, Actor
from app.domain.clock_moves import ClockMove, Verb, moves_of, standing
from app.domain.decisions.acceptance import SETTLED
from app.domain.decisions.aftercare import NotYet
from app.domain.decisions.transferring import transfer_open_again
from app.domain.errors import FieldError, InvalidInput
from app.domain.facts.merging import AnswerOfParent, FollowParent, MergeInto, Parent, Unmerge
from app.domain.sla_clock import ClockKind
from app.domain.terms import Moment
from app.domain.ticket_state import Effect, TicketState
from app.domain.vocabulary import FINAL, AssignmentState, Status


def merge(state: TicketState, facts: MergeInto, actor: Actor, moment: Moment) -> Effect:
    """并入主件: what was assigned is cancelled, the clocks stop."""
    parent = _fitting(state, facts.parent, actor)
    cancelled = tuple(
        replace(one, state=AssignmentState.CANCELLED, cancelled_at=moment.at)
        for one in state.assignments
        if one.round == state.round and one.state not in SETTLED
    )
    is_own = parent.enterprise_id == state.enterprise_id
    told = {"own_parent_number": parent.number} if is_own else {}
    return Effect(
        status=Status.MERGED,
        values={
            "parent_id": parent.id,
            "merged_at": moment.at,
            "refusal_proposed_by": None,
            "refusal": None,
            "lead_organisation_id": None,
        },
        records=cancelled,
        moves=moves_of(Verb.STOP, standing(state.clocks, state.round)),
        facts=told | {"parent_number": parent.number, "reason": facts.reason},
    )


def unmerge(state: TicketState, facts: Unmerge, _: Actor, moment: Moment) -> Effect:
    """撤销并案, before the answer: it stands where it would, its clocks as if never stopped."""
    is_accepted = state.accepted_at is not None
    kinds = [ClockKind.FINISH if is_accepted else ClockKind.ACCEPT]
    if state.contacted_at is None:
        kinds.append(ClockKind.FIRST_CONTACT)
    return Effect(
        status=Status.ACCEPTED if is_accepted else Status.SUBMITTED,
        values={"parent_id": None, "merged_at": None},
        moves=tuple(
            ClockMove(Verb.REOPEN, clock.kind)
            for clock in state.clocks
            if clock.kind in kinds and clock.is_stopped and clock.round == state.round
        )
        + transfer_open_again(state, moment.terms),
        facts={"reason": facts.reason},
    )


def follow_parent(_: TicketState, facts: FollowParent, __: Actor, ___: Moment) -> Effect:
    """随主件并入: whoever was merged into a ticket that is merged now goes with it."""
    return Effect(
        values={"parent_id": facts.parent.id}, facts={"parent_number": facts.parent.number}
    )


def forward_answer(state: TicketState, facts: AnswerOfParent, _: Actor, moment: Moment) -> Effect:
    """主件答复: the child's enterprise reads it as the answer to its own ticket, once.

    Raises `NotYet` for an answer that has been passed on (another process was first).
    """
    told_at, released_at = state.passed_on_at, facts.reply.released_at
    if told_at is not None and (released_at is None or released_at <= told_at):
        raise NotYet
    own = replace(facts.reply, round=state.round, handling_note=None)
    return Effect(
        values={"passed_on_at": moment.at, "result_code": own.result_code},
        records=(own,),
        facts={
            "result_code": own.result_code.value,
            "answer": own.answer,
            "organisation_id": own.organisation_id,
        },
    )


def _fitting(state: TicketState, parent: Parent | None, actor: Actor) -> Parent:
    """The parent, if the ticket may be merged into it. Raises `InvalidInput`.

    Another enterprise's ticket stands for a class of problem; that is a coordinator's to say.
    """
    if parent is None:
        raise _wrong("unknown-ticket", "没有这件诉求，或不在您的范围内。")
    if parent.id == state.id:
        raise _wrong("own-parent", "不能并入自己。")
    if parent.status in FINAL:
        raise _wrong("parent-ended", "主件已经结束或已并案，不能并入。")
    if _complained(state) != _complained(parent):
        raise _wrong("complained-of", "投诉管家或单位的诉求，只能并入投诉同一对象的主件。")
    if parent.enterprise_id != state.enterprise_id and actor.role in PAIRED_ROLES:
        raise _wrong("other-enterprise", "跨企业的一类事由协调员或督导并案。")
    return parent


def _complained(one: TicketState | Parent) -> tuple[int | None, frozenset[int]]:
    """Past whom it goes; who is complained of must not handle it by way of its parent."""
    return one.complained_housekeeper_id, frozenset(one.complained_organisation_ids)


def _wrong(code: str, detail: str) -> InvalidInput:
    return InvalidInput([FieldError("/parent_number", code, detail)])
