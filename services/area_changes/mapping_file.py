"""调整对照表: the CSV that tells what became of areas, read as it was saved, by Excel or not."""

import csv
from io import StringIO

from app.domain.area_changes import COLUMNS, Fault, Line, read_line
from app.domain.errors import DomainError

MOST_LINES = 20_000
MOST_TOLD = 50


class MappingRefused(DomainError):
    """区划调整对照表有误，未作任何更改。"""

    code = "mapping-refused"

    def __init__(self, faults: list[Fault]) -> None:
        self.faults = tuple(faults)
        told = [f"第 {one.number} 行：{one.reason}" if one.number else one.reason for one in faults]
        more = [f"……共 {len(told)} 处"] if len(told) > MOST_TOLD else []
        super().__init__("\n".join([self.__doc__ or "", *told[:MOST_TOLD], *more]))


def read_mapping(content: bytes) -> list[Line]:
    """The changes in a CSV file in UTF-8 or GBK with the columns of `COLUMNS`.

    Raises `MappingRefused` naming every line that tells no change.
    """
    rows = csv.DictReader(StringIO(_text(content)))
    lacking = [name for name in COLUMNS if name not in (rows.fieldnames or ())]
    if lacking:
        raise MappingRefused([Fault(1, f"缺少列 {'、'.join(lacking)}")])
    read = [read_line(rows.line_num, {k: v or "" for k, v in row.items() if k}) for row in rows]
    faults = [one for one in read if isinstance(one, Fault)]
    if len(read) > MOST_LINES:
        faults.append(Fault(0, f"最多 {MOST_LINES} 行"))
    if faults:
        raise MappingRefused(faults)
    return [one for one in read if isinstance(one, Line)]


def _text(content: bytes) -> str:
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise MappingRefused([Fault(0, "应为 UTF-8 或 GBK 编码的 CSV 文件")])
