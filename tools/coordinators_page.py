"""Draws `docs/coordinators.zh-CN.md` from the code: `python -m tools.coordinators_page`.

A page for coordinators: each action of a ticket's life, who takes it, when, with what, and what
follows. What it says by hand stands in `tools/manual`; a test compares the page with the code.
"""

import importlib
import json
import pkgutil
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

from app import seed
from app.domain import steps
from app.domain.actor import Role
from app.domain.guards.ticket import Guard
from app.domain.labels import STATUS, TICKET_CLASS
from app.domain.limits import Unit
from app.domain.permissions import GRANTS
from app.domain.permissions import Permission as Act
from app.domain.rules import MEANINGS, UNIT_LABELS, Rule
from app.domain.sla_clock import ClockKind
from app.domain.transition import Transition
from app.domain.transitions import TRANSITIONS
from app.domain.vocabulary import FINAL, Status, TicketClass
from services.tickets.queues import QUEUES
from tools.manual.ladders import ladders
from tools.manual.sections import link, section, submission
from tools.manual.words import UNIT

COORDINATOR: Any = SimpleNamespace(role=Role.COORDINATOR)

ROOT = Path(__file__).resolve().parents[1]
PAGE = ROOT / "docs" / "coordinators.zh-CN.md"
INTRODUCTION = Path(__file__).resolve().parent / "manual" / "introduction.md"
SEED = Path(seed.__file__).parent

SHOWN = (ClockKind.FIRST_CONTACT, ClockKind.ACCEPT, ClockKind.FINISH, ClockKind.STAGE_REPORT)
"""The limits that an enterprise is promised."""


def page() -> str:
    """The whole document."""
    introduction = INTRODUCTION.read_text(encoding="utf-8")
    drawn = introduction.format(
        limits=limits(),
        ladders=ladders(shipped("policies.json")),
        rules=rules(),
        queues=queues(),
        by_status=by_status(),
    )
    return "\n".join((drawn, contents(), *(chapter(*one) for one in chapters())))


def chapters() -> list[tuple[str, tuple[Transition, ...]]]:
    """The rows of the table by the file they stand in, under the name that it gives itself."""
    modules = (
        importlib.import_module(f"{steps.__name__}.{found.name}")
        for found in pkgutil.iter_modules(steps.__path__)
    )
    named = [((one.__doc__ or "").split(":", maxsplit=1)[0], one.ROWS) for one in modules]
    return sorted(named, key=lambda one: TRANSITIONS.index(one[1][0]))


def chapter(title: str, rows: Iterable[Transition]) -> str:
    """A chapter with a section to each of its actions."""
    parts = [f"## {title}\n", *(section(row) for row in rows)]
    if title == chapters()[0][0]:
        parts.insert(1, submission())
    return "\n".join(parts)


def contents() -> str:
    """Every chapter with links to its actions."""
    lines = [f"- {title}：{linked(row.action for row in rows)}" for title, rows in chapters()]
    lines.insert(0, f"- 开始：{link(Act.SUBMIT)}")
    return "\n".join(["## 全部操作\n", *lines, ""])


def by_status() -> str:
    """What a coordinator may do in each status."""
    head = "| 诉求的状态 | 协调员可以做的 |\n|---|---|\n"
    return head + "\n".join(
        f"| {STATUS[status]} | {linked(of_coordinators(status)) or dash(status)} |"
        for status in Status
    )


def of_coordinators(status: Status) -> Iterator[Act]:
    """The actions of a coordinator that a status allows."""
    for row in TRANSITIONS:
        held = status in row.sources and Role.COORDINATOR in GRANTS[row.action]
        if held and allows(row.ready, status):
            yield row.action


def allows(guard: Guard, status: Status) -> bool:
    """Whether a condition leaves this status to a coordinator; what looks further, may."""
    try:
        return guard(cast("Any", SimpleNamespace(status=status)), COORDINATOR)
    except AttributeError:
        return True


def dash(status: Status) -> str:
    """What stands where a coordinator has nothing to do."""
    return "已经结束" if status in FINAL else "等待他人"


def linked(actions: Iterable[Act]) -> str:
    """Links to the sections of some actions."""
    return "、".join(link(action) for action in actions)


def queues() -> str:
    """The names of a coordinator's work lists."""
    return "、".join(one.label for one in QUEUES.values() if Role.COORDINATOR in one.roles)


def limits() -> str:
    """The limits that the product brings, class by class."""
    rows = shipped("policies.json")
    said = {(row["ticket_class"], row["clock"]): amount(row) for row in rows}
    lines = ["| 分级 | 首次联系 | 受理 | 办结 | 阶段反馈 |", "|---|---|---|---|---|"]
    for kind in TicketClass:
        cells = [said.get((kind, clock), "–") for clock in SHOWN]
        lines.append(f"| {TICKET_CLASS[kind]} | {' | '.join(cells)} |")
    return "\n".join(lines)


def rules() -> str:
    """The other numbers that the product brings."""
    told = ((MEANINGS[Rule(row["name"])], row["amount"]) for row in shipped("flow_rules.json"))
    lines = ["| 规则 | 数值 | 可以调整的范围 |", "|---|---|---|"]
    for meaning, number in told:
        unit = UNIT_LABELS[meaning.unit]
        bounds = f"{meaning.lowest}–{meaning.highest}"
        lines.append(f"| {meaning.label} | {number} {unit} | {bounds} |")
    return "\n".join(lines)


def shipped(name: str) -> Any:
    """A table that the product brings."""
    return json.loads((SEED / name).read_text(encoding="utf-8"))


def amount(row: dict[str, Any]) -> str:
    """A limit for people; one that depends on the matter is promised at acceptance."""
    if row["amount"] is None:
        return "受理时承诺"
    number, unit = row["amount"], Unit(row["unit"])
    if unit in (Unit.MINUTES, Unit.WORKING_MINUTES) and number % 60 == 0:
        return f"{number // 60} 小时" if unit is Unit.MINUTES else f"{number // 60} 个工作小时"
    return f"{number} {UNIT[unit]}"


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
    sys.stdout.write(f"{PAGE.name}\n")
