"""The verdict on one row of a register workbook, and what a row is judged against."""

from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Generic, TypeVar

from app.domain.areas import full_code, is_within
from app.domain.register import clean
from services.imports.columns import Column
from services.imports.lines import SheetRow

FORMULA = "本行含有公式，请粘贴为数值后再上传"


class Verdict(StrEnum):
    """结论 on a row: stored, stored with the credit code to follow, refused, to be settled."""

    OK = "ok"
    PENDING = "pending"
    ERROR = "error"
    CONFLICT = "conflict"


STORED = frozenset({Verdict.OK, Verdict.PENDING})

Entry = TypeVar("Entry")
Fault = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Register:
    """What the rows are compared with: known areas, the roster, the importer's own area.

    `areas` maps codes within the scope to levels, `zones` names of local areas to their codes,
    `towns` the pair (prefix of a county, name of a town) to the code of the town. `roster` holds
    mobile numbers.
    `scope` is the prefix outside of which the importer may report nothing; "" is everywhere.
    """

    areas: Mapping[str, str]
    roster: Container[str] = ()
    zones: Mapping[str, str] = field(default_factory=dict)
    towns: Mapping[tuple[str, str], str] = field(default_factory=dict)
    scope: str = ""


@dataclass(frozen=True, slots=True)
class Judgement(Generic[Entry]):
    """What became of one row. `field` names the first fault, `reason` all of them, in Chinese.

    `entry` is there exactly for rows that may be stored, `cells` for rows that are handed back.
    """

    row: int
    verdict: Verdict
    name: str
    field: str = ""
    reason: str = ""
    entry: Entry | None = None
    cells: tuple[str, ...] = ()


def refused(row: SheetRow, faults: Sequence[Fault]) -> Judgement[Entry]:
    """The judgement on a row with at least one fault; of several on one field the first counts."""
    reasons = dict(reversed(faults))
    reason = "；".join(reasons[key] for key in dict.fromkeys(key for key, _ in faults))
    name = row.texts.get("name", "")[:100]
    return Judgement(row.number, Verdict.ERROR, name, faults[0][0], reason, cells=row.cells)


def too_long(row: SheetRow, columns: Iterable[Column]) -> list[Fault]:
    """A fault for every text beyond the limit of its column."""
    return [
        (column.key, f"{column.heading}不能超过 {column.limit} 个字")
        for column in columns
        if len(row.texts.get(column.key, "")) > column.limit
    ]


def missing(row: SheetRow, columns: Iterable[Column], *, except_for: str = "") -> list[Fault]:
    """A fault for every required column that is blank."""
    return [
        (column.key, f"未填写{column.heading}")
        for column in columns
        if column.is_required and column.key != except_for and not row.texts.get(column.key)
    ]


def area_fault(text: str, register: Register) -> str | None:
    """What is wrong with an area code: not in the tree, or not the importer's."""
    code = full_code(clean(text).upper())
    if code is not None and not is_within(code, register.scope):
        return "区划不在您负责报送的范围内"
    if code not in register.areas:
        return "区划代码不存在，请填写 12 位统计用区划代码"
    return None
