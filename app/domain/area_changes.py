"""区划调整: the yearly changes of area codes, as a mapping file tells them, judged as a whole.

The Ministry of Civil Affairs publishes them once a year; the statistical codes of towns follow.
Areas never vanish: what is renamed, merged, split or ended keeps its row for the sake of history.
"""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum

from app.domain.areas import LEVELS, PREFIX_LENGTHS, full_code, prefix
from app.domain.register import chinese_name, clean


class ChangeKind(StrEnum):
    """改名改码, 合并, 拆分, 新设, 撤销."""

    RENAME = "rename"
    MERGE = "merge"
    SPLIT = "split"
    NEW = "new"
    END = "end"


COLUMNS = ("change", "old_code", "new_code", "name", "level", "parent", "effective_on")
MOVING = frozenset({ChangeKind.RENAME, ChangeKind.MERGE})
"""Kinds by which everything of the old area belongs to the one new area."""

CHOICE = 2


@dataclass(frozen=True, slots=True)
class Place:
    """An area as far as changes need it. `is_over`: it has ended already."""

    name: str
    level: str
    parent_code: str | None
    is_over: bool = False


@dataclass(frozen=True, slots=True)
class Line:
    """One change. `number` is its line in the file; 0: it follows from another one.

    `name`, `level` and `parent` are those of the new area.
    """

    number: int
    kind: ChangeKind
    old_code: str | None
    new_code: str | None
    name: str
    level: str
    parent: str | None
    effective_on: date

    @property
    def key(self) -> tuple[str, str | None, str | None, date]:
        """What makes it the same change when the file comes again."""
        return self.kind.value, self.old_code, self.new_code, self.effective_on

    @property
    def keeps_code(self) -> bool:
        return self.old_code == self.new_code


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with a line, in Chinese."""

    number: int
    reason: str


def read_line(number: int, cells: Mapping[str, str]) -> Line | Fault:
    """The change that a line of the file (text by column) tells, or why it tells none."""
    texts = {column: clean(cells.get(column) or "") for column in COLUMNS}
    kinds = [kind for kind in ChangeKind if kind == texts["change"]]
    codes = {name: full_code(texts[name].upper()) for name in ("old_code", "new_code", "parent")}
    reasons = [f"{name} 不是区划代码" for name, code in codes.items() if texts[name] and not code]
    if not kinds:
        reasons.append(f"change 应为 {'、'.join(ChangeKind)} 之一")
    if texts["level"] and texts["level"] not in LEVELS:
        reasons.append(f"level 应为 {'、'.join(LEVELS)} 之一")
    day = _day(texts["effective_on"])
    if reasons or day is None:
        return Fault(number, "；".join([*reasons, *([] if day else ["effective_on 应为日期"])]))
    return Line(
        number=number,
        kind=kinds[0],
        old_code=codes["old_code"],
        new_code=codes["new_code"],
        name=chinese_name(texts["name"]),
        level=texts["level"],
        parent=codes["parent"],
        effective_on=day,
    )


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def completed(lines: Sequence[Line], places: Mapping[str, Place]) -> list[Line]:
    """The lines with all that they leave open, and those that follow from them, parents first.

    A renamed area takes the name, level and (renamed) parent of the old one where its line is
    silent. What lies below a renamed area and is not named goes along: its code gets the new
    prefix. What is new takes its level from nobody.
    """
    named = {line.old_code for line in lines}
    renamed = {
        line.old_code: line
        for line in lines
        if line.kind is ChangeKind.RENAME and not line.keeps_code
    }
    successors = {line.old_code: line.new_code for line in lines if line.kind in MOVING}
    found = [_filled(line, places, successors) for line in lines]
    below = _children(places)
    for line in list(found):
        if line.old_code in renamed:
            found += _following(line, below, named, places)
    return sorted(found, key=lambda line: LEVELS.index(line.level) if line.level in LEVELS else 0)


def _filled(
    line: Line, places: Mapping[str, Place], successors: Mapping[str | None, str | None]
) -> Line:
    old = places.get(line.old_code or "")
    known = places.get(line.new_code or "") or (old if line.kind in MOVING else None)
    if known is None:
        return line
    parent = successors.get(known.parent_code, known.parent_code)
    return replace(
        line,
        name=line.name or known.name,
        level=line.level or known.level,
        parent=line.parent or parent,
    )


def _children(places: Mapping[str, Place]) -> Mapping[str | None, list[str]]:
    found: dict[str | None, list[str]] = {}
    for code, place in places.items():
        if not place.is_over:
            found.setdefault(place.parent_code, []).append(code)
    return found


def _following(
    line: Line,
    below: Mapping[str | None, list[str]],
    named: Collection[str | None],
    places: Mapping[str, Place],
) -> Iterator[Line]:
    """What lies below a renamed area and is not named itself gets codes of the new prefix."""
    old, new = line.old_code or "", line.new_code or ""
    for code in below.get(old, ()):
        if code in named:
            continue
        place = places[code]
        cut = PREFIX_LENGTHS.get(line.level, 0)
        carried = replace(
            line,
            number=0,
            old_code=code,
            new_code=prefix(new, line.level) + code[cut:] if cut else new,
            name=place.name,
            level=place.level,
            parent=new,
        )
        yield carried
        yield from _following(carried, below, named, places)


def faults_of(lines: Sequence[Line], places: Mapping[str, Place], today: date) -> Iterator[Fault]:
    """Everything that forbids the lines, which are `completed`, together."""
    made: dict[str | None, Line] = {line.new_code: line for line in lines}
    leaving = {line.old_code for line in lines if line.old_code and not line.keeps_code}
    for line in lines:
        reasons = [
            *_faults_of_old(line, places),
            *_faults_of_new(line, places, made, leaving),
        ]
        if line.effective_on > today:
            reasons.append("尚未生效")
        if reasons:
            yield Fault(line.number, f"{line.old_code or line.new_code}：{'；'.join(reasons)}")
    yield from _faults_between(lines)
    yield from _left_behind(lines, places)


def _faults_of_old(line: Line, places: Mapping[str, Place]) -> Iterator[str]:
    if (line.old_code is None) is not (line.kind is ChangeKind.NEW):
        yield "新设不填原代码，其余必填"
    elif line.old_code is not None:
        old = places.get(line.old_code)
        if old is None:
            yield "没有这个区划"
        elif old.is_over:
            yield "原区划已撤销"


def _faults_of_new(
    line: Line,
    places: Mapping[str, Place],
    made: Mapping[str | None, Line],
    leaving: Collection[str | None],
) -> Iterator[str]:
    if (line.new_code is None) is not (line.kind is ChangeKind.END):
        yield "撤销不填新代码，其余必填"
        return
    if line.new_code is None:
        return
    known = places.get(line.new_code)
    if line.kind in {ChangeKind.NEW, ChangeKind.RENAME} and known and not line.keeps_code:
        yield "新代码已被使用"
    elif known and known.is_over:
        yield "新区划已撤销"
    if not line.name or line.level not in LEVELS:
        yield "新区划须有名称和层级"
    elif reason := _fault_of_parent(line, places, made, leaving):
        yield reason


def _fault_of_parent(
    line: Line,
    places: Mapping[str, Place],
    made: Mapping[str | None, Line],
    leaving: Collection[str | None],
) -> str | None:
    """A parent in force, or made by the file, whose prefix begins the new code."""
    if line.parent is None:
        return None if line.level == LEVELS[0] else "须有上级区划"
    known, new = places.get(line.parent), made.get(line.parent)
    level = new.level if new else known.level if known else ""
    is_there = new is not None or (known is not None and not known.is_over)
    if not is_there or (line.parent in leaving and new is None):
        return "上级区划不存在或已撤销"
    if level not in LEVELS or LEVELS.index(level) >= LEVELS.index(line.level):
        return "上级区划的层级应更高"
    begins = (line.new_code or "").startswith(prefix(line.parent, level))
    return None if begins else "新代码与上级区划不符"


def _faults_between(lines: Sequence[Line]) -> Iterator[Fault]:
    """An old area has one fate; a split has at least two parts; a code is made once."""
    for code, of_one in _grouped(lines, lambda line: line.old_code).items():
        kinds = {line.kind for line in of_one}
        is_split = kinds == {ChangeKind.SPLIT}
        if is_split and len({line.new_code for line in of_one}) < CHOICE:
            yield Fault(of_one[0].number, f"{code}：拆分须有两个以上的新区划")
        if not is_split and len(of_one) > 1:
            yield Fault(of_one[1].number, f"{code}：同一原区划只能有一个去向")
    for code, of_one in _grouped(lines, lambda line: line.new_code).items():
        if len({(line.name, line.level, line.parent) for line in of_one}) > 1:
            yield Fault(of_one[1].number, f"{code}：同一新区划的名称、层级、上级须一致")
        if len(of_one) > 1 and {line.kind for line in of_one} & {ChangeKind.NEW, ChangeKind.RENAME}:
            yield Fault(of_one[1].number, f"{code}：同一新代码只能新设或改用一次")


def _grouped(lines: Iterable[Line], code_of: Callable[[Line], str | None]) -> dict[str, list[Line]]:
    found: dict[str, list[Line]] = {}
    for line in lines:
        code = code_of(line)
        if code is not None:
            found.setdefault(code, []).append(line)
    return found


def _left_behind(lines: Sequence[Line], places: Mapping[str, Place]) -> Iterator[Fault]:
    """Areas in force below one that ends, of which nothing is said."""
    named = {line.old_code for line in lines}
    for ended in sorted(ended_by(lines)):
        for code, place in sorted(places.items()):
            if place.parent_code == ended and not place.is_over and code not in named:
                yield Fault(0, f"{code} {place.name}：上级 {ended} 将撤销，须说明其去向")


def ended_by(lines: Sequence[Line]) -> dict[str, date]:
    """The areas that end, and when: all old ones but those that keep their code."""
    keeping = {line.old_code for line in lines if line.keeps_code}
    return {
        line.old_code: line.effective_on
        for line in lines
        if line.old_code is not None and line.old_code not in keeping
    }
