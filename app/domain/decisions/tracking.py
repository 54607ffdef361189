"""挂账跟踪: what the top cannot solve either stays open, with a named owner. Rules: domain, 4.4.

Its clocks run on, for the enterprise waits; but it leaves on-time scoring (`services/reports`), and
nobody is given cards for it.
"""

from collections.abc import Iterator
from dataclasses import asdict, replace
from datetime import date
from typing import Any

from app.domain.actor import Actor
from app.domain.dated_limits import named_limit
from app.domain.errors import FieldError, InvalidInput
from app.domain.facts.tracking import Tracking, TrackingEnd, TrackingReview
from app.domain.matters import any_of, consented, opened, settled
from app.domain.reminder_days import ahead, morning_of
from app.domain.sla_clock import ClockKind
from app.domain.terms import Moment
from app.domain.ticket_records import Matter
from app.domain.ticket_state import Effect, TicketState
from app.domain.vocabulary import MatterKind, MatterOutcome, ResultCode, TicketClass

NEXT_REVIEW = "/next_review_on"


def track_open(state: TicketState, facts: Tracking, actor: Actor, moment: Moment) -> Effect:
    """挂账, or the review of what is tracked already: another owner, another day.

    It is looked at again within the time that a hard request is given.
    """
    errors = list(_unfit(state, facts))
    if errors:
        raise InvalidInput(errors)
    _check_day(facts.next_review_on, moment)
    details: dict[str, Any] = asdict(facts) | {"next_review_on": facts.next_review_on.isoformat()}
    matter = any_of(state, MatterKind.TRACKING)
    owned = matter or consented(
        opened(state, MatterKind.TRACKING, details, actor, moment), actor, moment
    )
    owned = replace(owned, organisation_id=facts.owner_organisation_id, details=details)
    return Effect(
        records=(_until(owned, facts.next_review_on, moment),),
        facts=details,
        outcome="reviewed" if matter else None,
    )


def review_tracking(state: TicketState, facts: TrackingReview, _: Actor, moment: Moment) -> Effect:
    """挂账复核 by the owner: how it stands, and the day on which it is looked at next."""
    matter = any_of(state, MatterKind.TRACKING)
    if matter is None:
        raise LookupError("what is reviewed is tracked")
    _check_day(facts.next_review_on, moment)
    day = {"next_review_on": facts.next_review_on.isoformat()}
    after = replace(matter, details={**matter.details, **day})
    owner = {"owner_organisation_id": matter.details["owner_organisation_id"]}
    return Effect(
        records=(_until(after, facts.next_review_on, moment),),
        facts={"note": facts.note, **day, **owner},
    )


def end_tracking(state: TicketState, facts: TrackingEnd, actor: Actor, moment: Moment) -> Effect:
    """结束挂账: handled as usual again. What was tracked stays out of on-time scoring."""
    matter = any_of(state, MatterKind.TRACKING)
    if matter is None:
        raise LookupError("tracking ends while it is open")
    ended = settled(matter, MatterOutcome.DONE, actor, moment, facts.note)
    return Effect(records=(ended,), facts={"note": facts.note})


def check_tracked(state: TicketState, result: ResultCode) -> None:
    """Raises `InvalidInput` for an answer that calls tracked what has no owner."""
    if result is ResultCode.TRACKED_OPEN and any_of(state, MatterKind.TRACKING) is None:
        detail = "未经督导挂账、没有责任人的诉求，不能以挂账跟踪答复。"
        raise InvalidInput([FieldError("/result_code", "not-tracked", detail)])


def answered(state: TicketState, result: ResultCode, moment: Moment) -> tuple[Matter, ...]:
    """A normal answer ends the tracking; one that says that it is tracked does not."""
    matter = any_of(state, MatterKind.TRACKING)
    if matter is None or result is ResultCode.TRACKED_OPEN:
        return ()
    return (replace(matter, outcome=MatterOutcome.DONE, settled_at=moment.at),)


def _check_day(day: date, moment: Moment) -> None:
    """Raises `InvalidInput` for a day that lies further off than a hard request may take."""
    most = moment.terms.limit(TicketClass.HARD, ClockKind.FINISH).amount
    named_limit(moment.terms.calendar, day, most, NEXT_REVIEW, at=moment.at)


def _until(matter: Matter, day: date, moment: Moment) -> Matter:
    """Its owner is reminded on the morning of the day."""
    return replace(matter, remind_at=ahead(morning_of(moment.terms.calendar, day), at=moment.at))


def _unfit(state: TicketState, facts: Tracking) -> Iterator[FieldError]:
    if (facts.owner_account_id is None) == (facts.owner_housekeeper_id is None):
        yield FieldError("/owner_account_id", "one-owner", "责任人填一个：账号或管家。")
    if facts.owner_organisation_id in state.complained_organisation_ids:
        yield FieldError("/owner_organisation_id", "complained-of", "被投诉的单位不得负责。")
    complained = state.complained_housekeeper_id
    if complained is not None and facts.owner_housekeeper_id == complained:
        yield FieldError("/owner_housekeeper_id", "complained-of", "被投诉的管家不得负责。")
