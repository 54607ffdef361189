"""The ladders that the product brings: when a clock that nobody heeds warns, as a table."""

from collections.abc import Iterable, Mapping
from dataclasses import fields
from typing import Any

from app.domain.labels import CLOCK, TICKET_CLASS
from app.domain.ladder import NO_RUNGS, Ladder
from app.domain.late_rungs import RUNG_LABELS
from app.domain.sla_clock import CARDS, ClockKind, Rung
from app.domain.vocabulary import TicketClass

NONE = "–"
HEAD = ("时限", *(RUNG_LABELS[rung] for rung in Rung))


def ladders(rows: Iterable[Mapping[str, Any]]) -> str:
    """A line for each ladder with its clocks, from the rows of `policies.json`."""
    found: dict[tuple[Ladder, str], list[str]] = {}
    for kind, of_kind in _by_kind(rows).items():
        for ladder, classes in of_kind.items():
            red = "到期未办" if Rung.RED in CARDS[kind] else NONE
            if (ladder, red) != (NO_RUNGS, NONE):
                named = CLOCK[kind] + ("" if len(of_kind) == 1 else f"（{'、'.join(classes)}）")
                found.setdefault((ladder, red), []).append(named)
    lines = [f"| {'、'.join(names)} | {' | '.join(_cells(*key))} |" for key, names in found.items()]
    return "\n".join([f"| {' | '.join(HEAD)} |", "|---" * len(HEAD) + "|", *lines])


def _by_kind(rows: Iterable[Mapping[str, Any]]) -> dict[ClockKind, dict[Ladder, list[str]]]:
    """Of each kind its ladders, and the classes that have them."""
    found: dict[ClockKind, dict[Ladder, list[str]]] = {}
    for row in rows:
        numbers = {one.name: row.get(one.name) for one in fields(Ladder)}
        of_kind = found.setdefault(ClockKind(row["clock"]), {})
        label = TICKET_CLASS[TicketClass(row["ticket_class"])]
        of_kind.setdefault(Ladder(**numbers), []).append(label)
    return found


def _cells(ladder: Ladder, red: str) -> tuple[str, ...]:
    days = ladder.remind_after_days
    return (
        _percent(ladder.nudge_percent),
        _percent(ladder.remind_percent) if days is None else f"开始后 {days} 天",
        _percent(ladder.yellow_percent),
        red,
        *(NONE if late is None else f"超期 {late} 个工作日" for late in ladder.late_days),
    )


def _percent(number: int | None) -> str:
    return NONE if number is None else f"用去 {number}%"
