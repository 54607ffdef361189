"""阶段反馈: each report ends with the date of the next one. Rules: domain, 4.1 and 4.4."""

from app.domain.actor import Actor
from app.domain.clock_moves import ClockMove, Verb, standing
from app.domain.dated_limits import named_limit
from app.domain.decisions.contacting import check_contact, with_contact
from app.domain.errors import FieldError, InvalidInput
from app.domain.facts.progress import Progress
from app.domain.limits import Limit, Unit
from app.domain.sla_clock import ClockKind
from app.domain.terms import Moment, Policy
from app.domain.ticket_state import Effect, TicketState
from app.domain.vocabulary import TicketClass

PLACE = "/next_report_on"


def first_report(
    state: TicketState, ticket_class: TicketClass | None, moment: Moment
) -> tuple[ClockMove, ...]:
    """The clock of the first report of a round, unless one is awaited or the class owes none.

    It runs from acceptance: until somebody handles the ticket, the housekeeper reports.
    """
    if standing(state.clocks, state.round, ClockKind.STAGE_REPORT):
        return ()
    return _anew(_policy(ticket_class, moment))


def report_progress(state: TicketState, facts: Progress, _: Actor, moment: Moment) -> Effect:
    """阶段反馈: the enterprise reads it; the clock begins anew, up to the named day."""
    check_contact(state, facts.contacted_at, moment)
    day, at = facts.next_report_on, facts.contacted_at
    return Effect(
        values=with_contact(state, at),
        moves=_next_report(state, facts, moment),
        facts={
            "text": facts.text,
            "next_report_on": day.isoformat() if day else None,
            "contacted_at": at.isoformat() if at else None,
        },
    )


def _next_report(state: TicketState, facts: Progress, moment: Moment) -> tuple[ClockMove, ...]:
    """Limits in working days end on the day that is named; those in hours begin anew."""
    policy, day = _policy(state.ticket_class, moment), facts.next_report_on
    if policy is None or policy.amount is None or policy.unit is not Unit.WORKING_DAYS:
        if day is not None:
            raise InvalidInput([FieldError(PLACE, "not-by-day", "本件不按日期约定下次反馈。")])
        return _anew(policy)
    if day is None:
        raise InvalidInput([FieldError(PLACE, "required", "请填写下次反馈的日期。")])
    limit = named_limit(moment.terms.calendar, day, policy.amount, PLACE, at=moment.at)
    return (_awaits(limit, policy),)


def _policy(ticket_class: TicketClass | None, moment: Moment) -> Policy | None:
    key = (ticket_class or TicketClass.NORMAL, ClockKind.STAGE_REPORT)
    return moment.terms.policies.get(key)


def _anew(policy: Policy | None) -> tuple[ClockMove, ...]:
    if policy is None or policy.amount is None:
        return ()
    return (_awaits(Limit(policy.amount, policy.unit), policy),)


def _awaits(limit: Limit, policy: Policy) -> ClockMove:
    return ClockMove(Verb.START, ClockKind.STAGE_REPORT, limit=limit, policy_id=policy.id)
