"""Draws `docs/ticket-flow.md` from the transition table: `python -m tools.ticket_flow_page`.

Where a decision itself says which status follows, the statuses that it can give are read from its
code. A test compares the page with the table.
"""

import ast
import inspect
import sys
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

from app.domain.actor import Role
from app.domain.guards.ticket import Guard, always
from app.domain.labels import ACTION, ROLE, STATUS, STEP
from app.domain.permissions import GRANTS
from app.domain.transition import AT_WORK, Transition
from app.domain.transitions import TRANSITIONS
from app.domain.vocabulary import FINAL, STEP_OF, Status

PAGE = Path(__file__).resolve().parents[1] / "docs" / "ticket-flow.md"

DECISIONS = "app.domain.decisions."

INTRODUCTION = """\
# The flow of a ticket

Drawn from the transition table (`app/domain/transitions.py`) by
`python -m tools.ticket_flow_page`; a test fails when this page is stale. Every action is in the
table below; the picture shows those that change the status on the way round.
"""

ASIDE = """\
Not drawn, because they leave the way round or come back to it in many places:
"""

CAPTION = """\
**Who** is the role that may take the action at all; how far each reaches (own enterprise, pairing,
area, unit) is in `app/domain/permissions.py`. **Only if** is what is asked of the person and of the
ticket besides the status.
"""


def page() -> str:
    """The whole document."""
    parts = [
        INTRODUCTION,
        diagram(),
        ASIDE,
        aside(),
        "## Actions\n",
        CAPTION,
        actions(),
        "## Statuses\n",
        statuses(),
    ]
    return "\n".join(parts)


def diagram() -> str:
    """The changes of status on the way round as a mermaid state diagram: one arrow to a pair."""
    pairs: dict[tuple[Status, Status], list[str]] = {}
    for row in (row for row in TRANSITIONS if not is_aside(row)):
        for source, target in changes(row):
            pairs.setdefault((source, target), []).append(ACTION[row.action])
    drawn = ordered({Status.SUBMITTED}.union(*pairs))
    names = [f"    {status}: {STATUS[status]} {status}" for status in drawn]
    ends = [f"    {status} --> [*]" for status in drawn if status in FINAL]
    arrows = [
        f"    {source} --> {target}: {'、'.join(actions)}"
        for (source, target), actions in pairs.items()
    ]
    start = f"    [*] --> {Status.SUBMITTED}: 提交"
    lines = ["```mermaid", "stateDiagram-v2", *names, start, *arrows, *ends, "```", ""]
    return "\n".join(lines)


def changes(row: Transition) -> list[tuple[Status, Status]]:
    """Every change of status that an action can bring."""
    return [
        (source, target)
        for target in targets(row)
        for source in ordered(row.sources)
        if source is not target
    ]


def is_aside(row: Transition) -> bool:
    """Does it join one status beside the way round with several others?"""
    found = changes(row)
    return len(found) > 1 and any(not {*pair} <= set(STEP_OF) for pair in found)


def aside() -> str:
    """The actions that are not drawn, from where to where."""
    return "".join(
        f"- {ACTION[row.action]}: {named(ordered(row.sources))} → {destination(row)}\n"
        for row in TRANSITIONS
        if is_aside(row)
    )


def actions() -> str:
    """One line per row of the transition table."""
    head = "| Action | Name | Who | From | To | Only if |\n|---|---|---|---|---|---|\n"
    return head + "".join(
        f"| {ACTION[row.action]} | `{row.action}` | {who(row)} | {named(ordered(row.sources))}"
        f" | {destination(row)} | {conditions(row)} |\n"
        for row in TRANSITIONS
    )


def statuses() -> str:
    """One line per status, with the step it belongs to and the actions that leave it."""
    head = "| Status | Name | Step | Left by |\n|---|---|---|---|\n"
    return head + "".join(
        f"| {STATUS[status]} | `{status}` | {step(status)} | {leaving(status) or end(status)} |\n"
        for status in Status
    )


def reached() -> list[Status]:
    """Every status that the table can lead to, in the order of the vocabulary."""
    return ordered({Status.SUBMITTED}.union(*(targets(row) for row in TRANSITIONS)))


def ordered(statuses: Iterable[Status]) -> list[Status]:
    """In the order of the vocabulary, which follows the loop."""
    return sorted(statuses, key=list(Status).index)


def targets(row: Transition) -> list[Status]:
    """The statuses that the action can lead to; empty when it changes none."""
    return [row.target] if row.target else ordered(set(decided(row.decision)))


def may_stay(row: Transition) -> bool:
    """Can the action leave the status as it is?"""
    return row.target is None and not all(map(names_status, effects(row.decision)))


def decided(decision: Callable[..., Any]) -> Iterator[Status]:
    """The statuses that a decision gives."""
    for effect in effects(decision):
        yield from given(effect)


def effects(decision: Callable[..., Any]) -> Iterator[ast.Call]:
    """The effects that a decision makes or changes, and those that it has others make."""
    for call in ast.walk(ast.parse(inspect.getsource(decision))):
        if not isinstance(call, ast.Call) or not isinstance(call.func, ast.Name):
            continue
        called = vars(sys.modules[decision.__module__]).get(call.func.id)
        if call.func.id == "Effect" or (call.func.id == "replace" and names_status(call)):
            yield call
        elif inspect.isfunction(called) and called.__module__.startswith(DECISIONS):
            yield from effects(called)


def names_status(effect: ast.Call) -> bool:
    """Does an effect say which status follows?"""
    return any(keyword.arg == "status" for keyword in effect.keywords)


def given(effect: ast.Call) -> Iterator[Status]:
    """The statuses named in `status=…`; a ticket is suspended from where it is at work."""
    for keyword in effect.keywords:
        if keyword.arg == "status":
            for node in ast.walk(keyword.value):
                if isinstance(node, ast.Attribute) and node.attr in Status.__members__:
                    yield Status[node.attr]
                elif isinstance(node, ast.Attribute) and node.attr == "suspended_from":
                    yield from AT_WORK


def destination(row: Transition) -> str:
    """The target for people; a decision of two outcomes may also leave the ticket where it is."""
    found = named(targets(row))
    return f"{found} or stays" if found and may_stay(row) else found or "stays"


def who(row: Transition) -> str:
    """The roles that hold the permission of the action."""
    granted = GRANTS[row.action]
    return "、".join(ROLE[role] for role in Role if role in granted)


def conditions(row: Transition) -> str:
    """What the guards demand, in their own words."""
    return "; ".join(filter(None, map(words, (row.entitled, row.ready))))


def words(guard: Guard) -> str:
    """The first line of a guard's docstring; the guard that always holds says nothing."""
    if guard is always:
        return ""
    return (guard.__doc__ or guard.__name__.replace("_", " ")).splitlines()[0].rstrip(".")


def named(statuses: Iterable[Status]) -> str:
    """Chinese names in a row."""
    return "、".join(STATUS[status] for status in statuses)


def step(status: Status) -> str:
    """The step of a status; a ticket that left the loop keeps the one where it was."""
    found = STEP_OF.get(status)
    return STEP[found] if found else "–"


def leaving(status: Status) -> str:
    """The actions that can lead out of a status."""
    return "、".join(
        ACTION[row.action]
        for row in TRANSITIONS
        if status in row.sources and set(targets(row)) - {status}
    )


def end(status: Status) -> str:
    """What stands where no action leads out."""
    return "the end" if status in FINAL and status in reached() else "not in use yet"


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
    sys.stdout.write(f"{PAGE.name}\n")
