"""Where a ticket must stand after its history: what follows from the events alone."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from app.domain.transitions import TRANSITIONS
from app.domain.vocabulary import STEP_OF, Status

_UNVERSIONED = frozenset(row.action for row in TRANSITIONS if not row.is_new_version)


def standing_after(events: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """The columns of the ticket that follow from `events`, rows in order, at least one."""
    last = events[-1]
    return {
        "status": last["to_status"],
        "step": _step_after(events),
        "version": sum(event["action"] not in _UNVERSIONED for event in events),
        "changed_at": last["at"],
    }


def contradicted(
    events: Sequence[Mapping[str, Any]], ticket: Mapping[str, Any]
) -> Iterator[tuple[int, str]]:
    """The columns of `ticket` that are not as its events left it, each with the last event."""
    for name, value in standing_after(events).items():
        if ticket[name] != value:
            yield events[-1]["seq"], f"tickets.{name} 与事件所记不符"


def _step_after(events: Sequence[Mapping[str, Any]]) -> str:
    passed = [Status(event["to_status"]) for event in events]
    return next(STEP_OF[status] for status in reversed(passed) if status in STEP_OF)
