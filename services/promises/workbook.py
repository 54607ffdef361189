"""放假安排工作簿: a year's list as a sheet of days, each 放假 or 上班."""

import re
from io import BytesIO

from app.domain.calendar_editions import Edition
from app.domain.errors import FieldError, InvalidInput
from services.imports.columns import Column
from services.imports.lines import SheetRow
from services.imports.sheets import open_register

COLUMNS = (
    Column("day", "日期", 30, is_required=True),
    Column("arrangement", "安排", 20, is_required=True),
)
ARRANGEMENTS = {"放假": "holidays", "休": "holidays", "上班": "workdays", "班": "workdays"}
MAX_DAYS = 366

_DAY = re.compile(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?(?:[ T]0?0:00(?::00)?)?")


def read_list(content: bytes, filename: str, *, year: int, source: str) -> Edition:
    """The edition that the workbook (or .csv) holds. Raises `InvalidInput`, naming the lines."""
    days: dict[str, list[str]] = {"holidays": [], "workdays": []}
    faults: list[FieldError] = []
    with open_register(BytesIO(content), COLUMNS, filename) as sheet:
        for row in sheet.rows:
            day, kind = _day(row), ARRANGEMENTS.get(row.texts["arrangement"])
            if day and kind and not row.has_formula:
                days[kind].append(day)
            else:
                faults.append(_fault(row))
            if len(days["holidays"]) + len(days["workdays"]) + len(faults) > MAX_DAYS:
                break
    if faults or not days["holidays"]:
        raise InvalidInput(faults or [_empty()])
    return Edition(source, year, tuple(days["holidays"]), tuple(days["workdays"]))


def _day(row: SheetRow) -> str | None:
    match = _DAY.fullmatch(row.texts["day"])
    return "{}-{:0>2}-{:0>2}".format(*match.groups()) if match else None


def _fault(row: SheetRow) -> FieldError:
    detail = f"第 {row.number} 行：日期应如 2027-01-01，安排应为“放假”或“上班”，不得用公式。"
    return FieldError("/workbook", "bad-row", detail)


def _empty() -> FieldError:
    return FieldError("/workbook", "no-rows", "表中没有放假的日期。")
