"""容缺: an approval item begins without all of its material, and does not end without it.

Source: domain, 4.4: no pause; the promise is within the item's own; failure returns the case.
"""

from datetime import date, datetime

from app.domain.actor import Actor
from app.domain.clock_moves import ClockMove, Verb
from app.domain.errors import FieldError, InvalidInput, Refused
from app.domain.facts.deferral import Deferral
from app.domain.limits import Limit, Unit
from app.domain.matters import consented, matter_of, opened
from app.domain.sla_clock import ClockKind
from app.domain.terms import Moment
from app.domain.ticket_state import Effect, TicketState
from app.domain.vocabulary import MatterKind, TicketClass


class DeferralOpen(Refused):
    """承诺后补的材料尚未补齐，暂不能办结。"""

    code = "deferral-open"


class NotEligible(Refused):
    """该企业有未修复的失信记录，不适用容缺受理。"""

    code = "not-eligible"


def defer(
    state: TicketState, deferral: Deferral, promised: datetime, actor: Actor, moment: Moment
) -> Effect:
    """容缺受理 as part of an acceptance: the matter, and its clock until the promised day closes.

    `promised` is when the item itself is due. Raises `InvalidInput`.
    """
    details = {"items": list(deferral.items), "promise_date": deferral.promise_date.isoformat()}
    matter = consented(opened(state, MatterKind.DEFERRAL, details, actor, moment), actor, moment)
    until = ClockMove(
        Verb.START,
        ClockKind.DEFERRAL,
        limit=_days_until(deferral.promise_date, promised, moment),
        policy_id=moment.terms.policy(TicketClass.APPROVAL, ClockKind.DEFERRAL).id,
    )
    return Effect(records=(matter,), moves=(until,), facts={"deferral": details})


def check_supplied(state: TicketState) -> None:
    """Raises `DeferralOpen`, naming what is missing and until when it is promised."""
    matter = matter_of(state, MatterKind.DEFERRAL)
    if matter is not None:
        missing = "、".join(matter.details["items"])
        day = matter.details["promise_date"]
        raise DeferralOpen(f"承诺 {day} 前补齐的材料（{missing}）尚未补齐，暂不能办结。")


def _days_until(day: date, promised: datetime, moment: Moment) -> Limit:
    """So many working days from now, the last of which is `day`."""
    calendar, days = moment.terms.calendar, 1
    if day > promised.date():
        raise _wrong("range", f"不得晚于本事项的承诺办结日 {promised.date().isoformat()}。")
    while calendar.close_of_day(moment.at, days).date() < day:
        days += 1
    if calendar.close_of_day(moment.at, days).date() != day:
        raise _wrong("working-day", "应为今天以后的一个工作日。")
    return Limit(days, Unit.WORKING_DAYS)


def _wrong(code: str, detail: str) -> InvalidInput:
    return InvalidInput([FieldError("/deferral/promise_date", code, detail)])
