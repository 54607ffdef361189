"""Lives of tickets, decided by the product's own rules: nothing here knows what an action does."""

import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, fields, replace
from datetime import datetime, timedelta
from typing import Any

from app.domain import sla, ticket_flow
from app.domain.clock_moves import standing
from app.domain.decisions.aftercare import NotYet
from app.domain.decisions.closing import MattersOpen
from app.domain.facts.aftercare import Archiving
from app.domain.facts.intake import Submission
from app.domain.facts.warnings import CardIssue, Reminding
from app.domain.intake import Intake, open_ticket
from app.domain.permissions import Permission as Act
from app.domain.rating import is_bad
from app.domain.rung_recipients import shipped
from app.domain.sla_clock import CARDS, Clock, Rung
from app.domain.terms import Moment, Terms
from app.domain.ticket_records import (
    Assignment,
    Evaluation,
    Matter,
    Record,
    Reply,
    Revisit,
    SupplementRequest,
)
from app.domain.ticket_state import Change, TicketState
from app.domain.vocabulary import FINAL, Kind, Status, TicketClass
from app.domain.written import KEYS
from bench.cast import NUMBER, PEOPLE, slot, text
from bench.plots import CLASSES, DAYS, KINDS, PLOTS, Plot, Step
from services.notifications.announce import Notice, announce
from services.notifications.places import Standing

HEARD_BY = shipped()
STALLED_SINCE = timedelta(days=120)
STALLED_SHARE = 0.33
SWEEP = timedelta(minutes=5)
"""How late a job notices what came due."""

TermsAt = Callable[[datetime], Terms]


@dataclass(frozen=True, slots=True)
class Deed:
    """One thing that was done: what it changed, and who was told. `step` None: the submission."""

    step: Step | None
    change: Change
    notices: list[Notice]


@dataclass
class Life:
    """A ticket from its submission to now: what was done and what it became."""

    state: TicketState
    values: dict[str, Any]
    deeds: list[Deed] = field(default_factory=list)

    @property
    def began(self) -> datetime:
        return self.state.submitted_at

    def records(self) -> list[Record]:
        """The rows that belong to the ticket, each as the last change left it."""
        kept: dict[tuple[Any, ...], Record] = {}
        for deed in self.deeds:
            kept |= {_key(record): record for record in deed.change.records}
        return list(kept.values())


def live(began: datetime, terms_at: TermsAt, dice: random.Random, *, until: datetime) -> Life:
    """A ticket submitted at `began`, led by a drawn plot as far as it comes before `until`."""
    plot = dice.choices(PLOTS, [plot.weight for plot in PLOTS])[0]
    ticket_class = dice.choices(list(CLASSES), list(CLASSES.values()))[0]
    if until - began < STALLED_SINCE and dice.random() < STALLED_SHARE:
        plot = replace(plot, steps=plot.steps[: dice.randrange(len(plot.steps))])
    paced = replace(plot, pace=plot.pace * dice.uniform(0.5, 1.3))
    return led(paced, ticket_class, began, terms_at, until=until)


def led(
    plot: Plot, ticket_class: TicketClass, began: datetime, terms_at: TermsAt, *, until: datetime
) -> Life:
    """A ticket of a class that goes the way of `plot`, the jobs doing their part in between."""
    life = submitted(began, terms_at(began), KINDS.get(ticket_class, Kind.REQUEST))
    at = began
    for step in plot.steps:
        days = step.after_days * DAYS[ticket_class] * plot.pace
        at += timedelta(minutes=1, seconds=int(days * 86_400))
        _watch(life, terms_at, until=min(at, until))
        if at >= until or life.state.status in FINAL:
            break
        _take(life, _of_class(step, ticket_class), Moment(at, terms_at(at)))
    _watch(life, terms_at, until=until)
    return life


def submitted(began: datetime, terms: Terms, kind: Kind = Kind.REQUEST) -> Life:
    """A ticket that nobody has touched yet."""
    submission = Submission(text("title"), text("body"), kind, category_code=text("category"))
    intake = Intake(NUMBER, slot("enterprise"), text("area"), slot("housekeeper"))
    change = open_ticket(intake, submission, PEOPLE["applicant"], Moment(began, terms))
    known = {name: value for name, value in change.values.items() if name in _STATE}
    state = TicketState(**_frozen(known), clocks=change.records, rules=terms.rules)  # type: ignore[arg-type]
    life = Life(state, dict(change.values))
    _note(life, None, change, terms)
    return life


def _of_class(step: Step, ticket_class: TicketClass) -> Step:
    if step.action is not Act.ACCEPT:
        return step
    return replace(step, given=replace(step.given, ticket_class=ticket_class))


def _take(life: Life, step: Step, moment: Moment) -> None:
    """Decide the step, and put the change onto the state as the writer and the reader do."""
    actor = PEOPLE[step.by]
    change = ticket_flow.decide(life.state, step.action, step.given, actor, moment)
    life.values |= change.values
    life.state = _after(life.state, change)
    _note(life, step, change, moment.terms)


def _note(life: Life, step: Step | None, change: Change, terms: Terms) -> None:
    notices = announce(change, _standing(life.state), terms.calendar)
    life.deeds.append(Deed(step, change, notices))


def _watch(life: Life, terms_at: TermsAt, *, until: datetime) -> None:
    """Let the jobs do what comes due before `until`: warnings, and the archiving."""
    vain: set[tuple[Any, ...]] = set()
    while found := min(
        (each for each in _due(life.state) if each[0] < until and each not in vain),
        key=lambda each: each[0],
        default=None,
    ):
        at, step = found
        moment = Moment(max(at, life.state.changed_at), terms_at(at))
        try:
            _take(life, step, moment)
        except (NotYet, MattersOpen):
            vain.add(found)


def _due(state: TicketState) -> Iterator[tuple[datetime, Step]]:
    for clock in standing(state.clocks, state.round):
        for at in _rungs(clock):
            rung = sla.rung_due(clock, at=at)
            if rung in CARDS[clock.kind]:
                given: Any = CardIssue(clock.kind, rung, clock.organisation_id)
                yield at, Step(Act.ISSUE_CARD, "watch", given, 0)
            elif rung is not None:
                given = Reminding(clock.kind, clock.organisation_id, rung)
                yield at, Step(Act.REMIND, "watch", given, 0)
    if state.status is Status.EVALUATING:
        is_rated_well = state.level is not None and not is_bad(state.level)
        window = [clock.due_at for clock in standing(state.clocks, state.round) if clock.due_at]
        opens = state.changed_at if is_rated_well else max(window)
        yield opens + SWEEP, Step(Act.ARCHIVE, "archivist", Archiving(), 0)


def _rungs(clock: Clock) -> Iterator[datetime]:
    """When the sweep finds the clock at a rung that it has not been warned of."""
    if clock.due_at is None:
        return
    if clock.nudge_at is not None and clock.nudged_at is None:
        yield clock.nudge_at + SWEEP
    if clock.remind_at is not None and clock.reminded_at is None:
        yield clock.remind_at + SWEEP
    if clock.yellow_at is not None and clock.warned_at is None:
        yield clock.yellow_at + SWEEP
    if Rung.RED in CARDS[clock.kind] and clock.overdue_at is None:
        yield clock.due_at + SWEEP
    if clock.climb_at is not None and clock.overdue_at is not None:
        yield clock.climb_at + SWEEP


_STATE = frozenset(one.name for one in fields(TicketState))


def _frozen(values: dict[str, Any]) -> dict[str, Any]:
    return {name: tuple(one) if isinstance(one, list) else one for name, one in values.items()}


def _key(record: Record) -> tuple[Any, ...]:
    kind = type(record)
    names = ("round", "kind", "organisation_id") if kind is Clock else KEYS[kind]
    return (kind, *(getattr(record, name) for name in names))


def _after(state: TicketState, change: Change) -> TicketState:
    """The state that is read once `change` is written."""
    values = {name: value for name, value in change.values.items() if name in _STATE}
    moved = replace(state, **_frozen(values))
    return replace(
        moved,
        assignments=_put(state.assignments, change, Assignment),
        supplements=_put(state.supplements, change, SupplementRequest),
        clocks=_put(state.clocks, change, Clock),
        reply=_of_round(state.reply, change, Reply, moved.round),
        revisit=_of_round(state.revisit, change, Revisit, moved.round),
        evaluation=_of_round(state.evaluation, change, Evaluation, moved.round),
        matters=_put(state.matters, change, Matter),
    )


def _put(old: tuple[Any, ...], change: Change, kind: type[Any]) -> tuple[Any, ...]:
    rows = {_key(row): row for row in old}
    return tuple((rows | {_key(r): r for r in change.records if isinstance(r, kind)}).values())


def _of_round(old: Any, change: Change, kind: type[Any], number: int) -> Any:
    rows = [row for row in (old, *change.records) if isinstance(row, kind) and row.round == number]
    return rows[-1] if rows else None


def _standing(state: TicketState) -> Standing:
    return Standing(
        enterprise_id=state.enterprise_id,
        area_code=state.area_code,
        housekeeper_id=state.housekeeper_id,
        is_confidential=state.is_confidential,
        ticket_class=state.ticket_class,
        assignments=state.assignments,
        clocks=state.clocks,
        rules=state.rules,
        recipients=HEARD_BY,
    )
