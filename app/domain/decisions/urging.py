"""催办: a light reminder to whoever has the ticket in hand. No clock moves."""

from app.domain.actor import Actor
from app.domain.errors import Refused
from app.domain.facts.urging import Urge
from app.domain.sla_clock import ClockKind
from app.domain.terms import Moment, presumed_class
from app.domain.ticket_state import Effect, TicketState
from app.domain.work_calendar import local_time


class UrgedTooSoon(Refused):
    """本件刚刚催办过，请稍后再催办。"""

    code = "urged-too-soon"


def urge(state: TicketState, facts: Urge, _: Actor, moment: Moment) -> Effect:
    """催办: counted on the ticket; again only after the interval of the class, whoever urges.

    The interval is a row of the policies and runs from the last urge. Raises `UrgedTooSoon`.
    """
    again_at, urged_at = state.urge_again_at, state.urged_at
    if again_at is not None and urged_at is not None and moment.at < again_at:
        last, then = (f"{local_time(one):%Y-%m-%d %H:%M}" for one in (urged_at, again_at))
        raise UrgedTooSoon(f"本件已于 {last} 催办，{then} 起可以再次催办。")
    ticket_class = state.ticket_class or presumed_class(state.kind)
    interval = moment.terms.limit(ticket_class, ClockKind.URGE)
    return Effect(
        values={
            "urge_count": state.urge_count + 1,
            "urged_at": moment.at,
            "urge_again_at": interval.due_after(moment.terms.calendar, at=moment.at),
            "is_urged": True,
        },
        facts={"reason": facts.reason},
    )
