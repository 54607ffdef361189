"""归档与结案: when a ticket may end. Source: the domain, 4.4, its last rule.

That the feedback was delivered, and the revisit done or exempt, the status says already.
"""

from app.domain.actor import Actor
from app.domain.clock_moves import Verb, moves_of, standing
from app.domain.decisions.aftercare import NotYet
from app.domain.errors import Refused
from app.domain.facts.aftercare import Archiving
from app.domain.facts.closing import Closure
from app.domain.matters import kept_open_by, rectifications
from app.domain.rating import change_within, is_bad
from app.domain.sla_clock import ClockKind
from app.domain.terms import Moment
from app.domain.ticket_state import Effect, TicketState


class MattersOpen(Refused):
    """还有未了结的事项，暂不能归档或结案。"""

    code = "matters-open"


def archive(state: TicketState, _: Archiving, __: Actor, moment: Moment) -> Effect:
    """归档: nothing open, and rated for good or the time for it is over. Silence stays unrated.

    Raises `MattersOpen`, `NotYet`.
    """
    _check_matters(state)
    if not _is_rated_for_good(state, moment):
        raise NotYet("评价期未满，暂不归档。")
    return _ended(state, moment)


def close(state: TicketState, facts: Closure, _: Actor, moment: Moment) -> Effect:
    """督导结案: the same rule but for the time to rate, with a reason. Raises `MattersOpen`."""
    _check_matters(state)
    effect = _ended(state, moment)
    return Effect(
        values=effect.values,
        moves=effect.moves,
        facts={"reason": facts.reason},
        outcome=effect.outcome,
    )


def _check_matters(state: TicketState) -> None:
    if kept_open_by(state):
        raise MattersOpen


def _is_rated_for_good(state: TicketState, moment: Moment) -> bool:
    """Well, or after a rectification for the last time; else when the days for it have passed."""
    settled = [one.settled_at for one in rectifications(state) if one.settled_at]
    if settled:
        over_at = max(settled) + change_within(moment.terms.rules)
        return not state.may_rate_again or over_at <= moment.at
    if state.level is not None and not is_bad(state.level):
        return True
    window = standing(state.clocks, state.round, ClockKind.EVALUATION)
    return all(clock.due_at is not None and clock.due_at <= moment.at for clock in window)


def _ended(state: TicketState, moment: Moment) -> Effect:
    return Effect(
        values={"archived_at": moment.at},
        moves=moves_of(Verb.STOP, standing(state.clocks, state.round)),
        outcome="unrated" if state.level is None else "rated",
    )
