"""The heading row of a register sheet: where it is, which column is which, what is missing."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from services.imports.columns import NOT_READ, Column, canonical_heading
from services.imports.lines import Line
from services.imports.refusals import workbook_refused

RECOGNISABLE = 2
LONGEST_SHOWN = 60


@dataclass(frozen=True, slots=True)
class Headings:
    """The best candidate of a sheet. `columns` maps the index of a cell to the key of a column."""

    row: int
    written: tuple[str, ...]
    columns: dict[int, str]
    missing: tuple[str, ...]
    ignored: tuple[str, ...] = ()
    repeated: tuple[str, ...] = field(default=())

    def check(self) -> None:
        """Raise `InvalidInput` unless every required heading stands there exactly once."""
        if len(self.columns) < RECOGNISABLE:
            raise workbook_refused(
                "wrong-headings", "没有找到表头，请使用发布的模板，不要修改表头。"
            )
        if self.missing:
            raise workbook_refused(
                "wrong-headings", f"表头缺少：{'、'.join(self.missing)}，请使用发布的模板。"
            )
        if self.repeated:
            raise workbook_refused("wrong-headings", f"表头重复：{'、'.join(self.repeated)}。")


def find_headings(lines: Sequence[Line], columns: Sequence[Column]) -> Headings:
    """The row among the first ones of a sheet that looks most like the headings of `columns`."""
    candidates = [_read(line, columns) for line in lines]
    nothing = Headings(0, (), {}, tuple(column.heading for column in columns))
    return min(candidates, key=lambda headings: len(headings.missing), default=nothing)


def _read(line: Line, columns: Sequence[Column]) -> Headings:
    keys = {column.heading: column.key for column in columns}
    written = [text.strip()[:LONGEST_SHOWN] for text in line.cells]
    names = [canonical_heading(text) for text in written]
    known = {index: keys[name] for index, name in enumerate(names) if name in keys}
    missing = (column.heading for column in columns if column.is_required)
    width = max((index + 1 for index, name in enumerate(names) if name), default=0)
    return Headings(
        row=line.number,
        written=tuple(written[:width]),
        columns=known,
        missing=tuple(heading for heading in missing if heading not in names),
        ignored=tuple(name for name in names if name and name not in {*keys, *NOT_READ}),
        repeated=tuple(heading for heading in keys if names.count(heading) > 1),
    )
