"""会签: the helping units stand behind the lead's draft before it goes out.

Source: domain, 4.4: countersign before one joint reply; silence is consent only where the template
of the dispatch says so, and the unit was told.
"""

from collections.abc import Iterable
from dataclasses import replace

from app.domain.actor import Actor
from app.domain.clock_moves import standing
from app.domain.errors import FieldError, Forbidden, InvalidInput, Refused
from app.domain.facts.countersigning import Countersignature
from app.domain.sla_clock import ClockKind
from app.domain.terms import Moment
from app.domain.ticket_records import Assignment
from app.domain.ticket_state import Effect, TicketState
from app.domain.vocabulary import GONE, UNANSWERED, AssignmentState, UnitRole


class OpinionsMissing(Refused):
    """协办单位尚未全部反馈意见，暂不能放行答复。"""

    code = "opinions-missing"


class CountersignaturesMissing(Refused):
    """协办单位尚未全部会签现在的答复稿，暂不能放行。"""

    code = "countersignatures-missing"


def countersign(
    state: TicketState, facts: Countersignature, actor: Actor, moment: Moment
) -> Effect:
    """会签: an objection sends the draft back to the lead, a signature holds for this draft."""
    own = state.assignment_of(actor.organisation_id)
    if own is None:
        raise Forbidden
    event_facts = {"organisation_id": own.organisation_id, "note": facts.note}
    if facts.agrees:
        signed = signed_draft(own, actor, moment)
        return Effect(records=(signed,), facts=event_facts, outcome="agreed")
    if not facts.note:
        raise InvalidInput([FieldError("/note", "required", "不同意会签须写明意见。")])
    if state.reply is None:
        raise LookupError("what is to be countersigned has a draft")
    sent_back = [
        replace(part, state=AssignmentState.SIGNED)
        for part in live_parts(state)
        if part.role is UnitRole.LEAD
    ]
    rejected = replace(state.reply, rejection=facts.note)
    return Effect(records=(*sent_back, rejected), facts=event_facts, outcome="objected")


def signed_draft(part: Assignment, actor: Actor, moment: Moment) -> Assignment:
    """The part, with the unit's signature under the present draft."""
    return replace(part, countersigned_at=moment.at, countersigned_by=actor.account_id)


def asked_anew(state: TicketState) -> tuple[Assignment, ...]:
    """A new draft has no signatures: the parts of the units that had signed the one before."""
    return tuple(
        replace(part, countersigned_at=None, countersigned_by=None)
        for part in live_parts(state)
        if part.countersigned_at is not None
    )


def silent_units(state: TicketState, moment: Moment) -> tuple[Assignment, ...]:
    """The units whose silence is consent by now.

    Raises `OpinionsMissing` or `CountersignaturesMissing` for those that are still waited for.
    """
    helping = [part for part in live_parts(state) if part.role is UnitRole.CO]
    unanswered = [part for part in helping if part.state in UNANSWERED]
    if not all(_is_silent(state, part, moment) for part in unanswered):
        raise OpinionsMissing
    answered = [part for part in helping if part.state is AssignmentState.DONE]
    if any(part.countersigned_at is None and not part.silence_is_consent for part in answered):
        raise CountersignaturesMissing
    return tuple(unanswered)


def live_parts(state: TicketState) -> Iterable[Assignment]:
    """The parts of the round that units have, and have not been relieved of."""
    return (
        part for part in state.assignments if part.round == state.round and part.state not in GONE
    )


def _is_silent(state: TicketState, part: Assignment, moment: Moment) -> bool:
    if not part.silence_is_consent:
        return False
    running = standing(state.clocks, state.round, ClockKind.OPINION)
    return any(
        clock.organisation_id == part.organisation_id
        and clock.due_at is not None
        and clock.due_at < moment.at
        for clock in running
    )
