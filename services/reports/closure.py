"""办结情况报表: how many were accepted, completed, in time, solved, by groups, in one's area.

Two statements: the figures, summed in the database, and the names of the groups. Totals are the
sums of the groups.
"""

from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql

from app.db import db
from app.domain.actor import Actor
from app.domain.indicators import (
    Attribution,
    Count,
    GroupBy,
    Indicator,
    Measure,
    counts_of,
    figure_names,
    indicators_of,
    measure,
)
from app.domain.periods import Period, told_at
from app.domain.permissions import Permission, Scope, may, scope_of
from app.models.ticket import Ticket
from services.reports.as_of import ACCEPTED, ALIVE, EVERY
from services.reports.grouping import Group, Grouping, grouping_of
from services.reports.sources import SOURCES, Source
from services.visibility import reported

LISTED: Mapping[Attribution, str] = {
    Attribution.SUBMITTED: "submitted",
    Attribution.ACCEPTED: "accepted",
    Attribution.COMPLETED: "completed",
}
"""The instants by which the list of tickets can be asked, and what its filters are called."""

START = sa.bindparam("start", type_=sa.TIMESTAMP(timezone=True))
END = sa.bindparam("end", type_=sa.TIMESTAMP(timezone=True))


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked. A cohort follows what was accepted in the period; `until`: told as of then."""

    period: Period
    group_by: GroupBy = GroupBy.AREA
    is_cohort: bool = False
    until: date | None = None


def report_closure(actor: Actor, asked: Question, *, at: datetime) -> dict[str, Any]:
    """The report over the tickets that the actor's statistics count.

    Raises `InvalidInput` for a cut-off before the period or after today.
    """
    as_of = told_at(asked.until, asked.period, at=at)
    grouping = grouping_of(actor, asked.group_by, asked.period)
    figures = _figures(actor, asked, grouping, as_of)
    groups = grouping.groups([key for key in figures if key is not None])
    filters = _own_filters(actor) if as_of == at else None
    total = Group(None, "合计", {}, asked.period)
    return {
        "group_by": asked.group_by,
        "from": asked.period.first,
        "to": asked.period.end,
        "cohort": asked.is_cohort,
        "as_of": as_of,
        "definitions": _definitions(asked),
        "totals": _line(total, sum(figures.values(), Counter()), asked, filters),
        "groups": [
            _line(group, figures[group.key], asked, filters)
            for group in groups
            if group.key is not None or figures[None]
        ],
    }


def _figures(
    actor: Actor, asked: Question, grouping: Grouping, as_of: datetime
) -> dict[str | None, Counter[str]]:
    """Every figure of every group, by the group's key."""
    names = figure_names(is_cohort=asked.is_cohort)
    told = [source for source in SOURCES if names & source.figures.keys()]
    parts = [
        _summed(actor, source, asked, grouping).add_columns(sa.literal(index).label("source"))
        for index, source in enumerate(told)
    ]
    moments = {"start": asked.period.starts_at, "end": asked.period.ends_at, "as_of": as_of}
    figures: dict[str | None, Counter[str]] = defaultdict(Counter)
    for raw, numbers, index in db.session.execute(sa.union_all(*parts), moments):
        figures[grouping.key_of(raw)].update(dict(zip(told[index].figures, numbers, strict=True)))
    return figures


def _summed(actor: Actor, source: Source, asked: Question, grouping: Grouping) -> sa.Select[Any]:
    """One source's figures by raw key, each an entry of one array, in the source's order."""
    instant = Ticket.accepted_at if asked.is_cohort else source.instant
    asked_of = ACCEPTED if asked.is_cohort else EVERY
    counted = [sa.func.count().filter(condition) for condition in source.figures.values()]
    column = grouping.column(source, instant)
    return (
        sa.select(column.label("key"), postgresql.array(counted).label("numbers"))
        .select_from(source.rows)
        .where(*source.where, ALIVE, asked_of, reported(actor, source.unit))
        .where(instant >= START, instant < END)
        .group_by(sa.literal_column("1"))
    )


def _own_filters(actor: Actor) -> dict[str, str] | None:
    """What narrows the list of tickets to what the actor's statistics count; None: no list."""
    if not may(actor, Permission.READ_TICKETS):
        return None
    is_unit = scope_of(actor, Permission.READ_REPORTS) is Scope.UNIT
    return {"organisation": str(actor.organisation_id)} if is_unit else {}


def _line(
    group: Group, figures: Mapping[str, int], asked: Question, filters: Mapping[str, str] | None
) -> dict[str, Any]:
    return {
        "key": group.key,
        "name": group.name,
        "counts": {
            count.key: figures.get(count.key, 0) for count in counts_of(is_cohort=asked.is_cohort)
        },
        "indicators": {
            rate.key: _measured(measure(figures, rate.key))
            for rate in indicators_of(is_cohort=asked.is_cohort)
        },
        "tickets": _tickets(group, asked, filters),
    }


def _measured(value: Measure) -> dict[str, Any]:
    return {
        "numerator": value.numerator,
        "denominator": value.denominator,
        "rate": value.rate,
        "is_small": value.is_small,
        "pending": value.pending,
    }


def _tickets(
    group: Group, asked: Question, filters: Mapping[str, str] | None
) -> dict[str, dict[str, str]]:
    """The queries of the ticket list behind a line, by the instant that they are taken by."""
    if filters is None or group.filters is None:
        return {}
    days = (group.period.first.isoformat(), group.period.end.isoformat())
    return {
        by.value: {**filters, **group.filters, f"{name}_from": days[0], f"{name}_to": days[1]}
        for by, name in LISTED.items()
        if not asked.is_cohort or by is Attribution.ACCEPTED
    }


def _definitions(asked: Question) -> list[dict[str, Any]]:
    shown: list[Count | Indicator] = [
        *counts_of(is_cohort=asked.is_cohort),
        *indicators_of(is_cohort=asked.is_cohort),
    ]
    return [
        {
            "key": each.key,
            "name": each.name,
            "definition": each.definition,
            "pending": each.pending if isinstance(each, Indicator) else None,
            "attributed_by": Attribution.ACCEPTED if asked.is_cohort else each.by,
        }
        for each in shown
    ]
