"""现场统计: the figures counted from the rows, for any area, unit, cohort and past day.

Two statements: the figures, summed in the database, and the names of the groups.
"""

from collections import defaultdict
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql

from app.db import db
from app.domain.actor import Actor
from app.domain.indicators import figure_names
from app.models.ticket import Ticket
from services.reports.as_of import ACCEPTED, ALIVE, END, EVERY, START
from services.reports.grouping import Grouping, grouping_of
from services.reports.question import Question
from services.reports.sources import FIGURES, SOURCES, Source
from services.reports.told import Figures, Told
from services.visibility.tickets import reported

_PLACES = {name: place for place, name in enumerate(FIGURES)}


def counted_now(actor: Actor, asked: Question, as_of: datetime) -> Told:
    """The figures of what the actor's statistics count, as things stood at `as_of`."""
    grouping = grouping_of(actor, asked.group_by)
    figures = _figures(actor, asked, grouping, as_of)
    groups = grouping.groups([key for key in figures if key is not None])
    return Told(as_of, groups, figures)


def _figures(actor: Actor, asked: Question, grouping: Grouping, as_of: datetime) -> Figures:
    """Every figure of every group, by the group's key."""
    names = figure_names(is_cohort=asked.is_cohort)
    told = [source for source in SOURCES if names & source.figures.keys()]
    parts = [
        _summed(actor, source, asked, grouping).add_columns(sa.literal(index).label("source"))
        for index, source in enumerate(told)
    ]
    moments = {"start": asked.period.starts_at, "end": asked.period.ends_at, "as_of": as_of}
    figures: dict[str | None, list[int]] = defaultdict(lambda: [0] * len(FIGURES))
    for raw, numbers, index in db.session.execute(sa.union_all(*parts), moments):
        group = figures[grouping.key_of(raw)]
        for name, number in zip(told[index].figures, numbers, strict=True):
            group[_PLACES[name]] += number
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
