"""Workbooks for the tests of the import: good ones from rows, bad ones from good ones."""

import io
import zipfile
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from openpyxl import Workbook

HEADINGS = (
    "序号", "企业名称*", "统一社会信用代码*", "类别*", "项目名称", "总投资（万元）", "项目阶段",
    "行业", "经营状态", "属地区划*", "注册地址", "法定代表人", "联系人*", "手机*", "报送单位*",
    "管家手机*", "副管家手机", "备注",
)  # fmt: skip
HOUSEKEEPER_HEADINGS = (
    "姓名*", "手机*", "工作单位*", "科室", "职务", "区划*", "层级", "副管家手机", "办公电话",
    "在岗状态",
)  # fmt: skip

ENTERPRISE = {
    "企业名称": "鞍山市铁东测试有限公司",
    "统一社会信用代码": "91330100799655058B",
    "类别": "其他",
    "属地区划": "210302008000",
    "联系人": "王芳",
    "手机": "13812345678",
    "报送单位": "铁东区营商环境建设局",
    "管家手机": "13900000001",
}
HOUSEKEEPER = {
    "姓名": "李鹏",
    "手机": "13900000001",
    "工作单位": "铁东区和平街道",
    "区划": "210302008000",
}


def enterprise(**changes: Any) -> dict[str, Any]:
    """A row of the enterprise sheet that is in order, but for `changes`."""
    return {**ENTERPRISE, **changes}


def housekeeper(**changes: Any) -> dict[str, Any]:
    """A row of the housekeeper sheet that is in order, but for `changes`."""
    return {**HOUSEKEEPER, **changes}


def workbook(
    rows: Sequence[Mapping[str, Any]] = (ENTERPRISE,),
    headings: Sequence[str] = HEADINGS,
    *,
    above: Sequence[Sequence[Any]] = (("企业（项目）信息上报表",),),
    below: Sequence[Sequence[Any]] = (),
) -> io.BytesIO:
    """A saved workbook with one sheet: lines above, the headings, the rows, lines below."""
    book = Workbook()
    sheet = book.worksheets[0]
    for line in above:
        sheet.append(list(line))
    sheet.append(list(headings))
    for row in rows:
        sheet.append([row.get(heading.rstrip("*").split("（")[0]) for heading in headings])
    for line in below:
        sheet.append(list(line))
    return saved(book)


def saved(book: Workbook) -> io.BytesIO:
    """The bytes of a workbook as a file."""
    file = io.BytesIO()
    book.save(file)
    file.seek(0)
    return file


def repacked(
    file: io.BytesIO,
    change: Callable[[str, bytes], bytes] = lambda _, content: content,
    **added: bytes,
) -> io.BytesIO:
    """The same archive with every part passed through `change`, and parts added.

    In the name of an added part "__" stands for "/" and the last "_" for ".".
    """
    packed = io.BytesIO()
    with (
        zipfile.ZipFile(file) as old,
        zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for name in old.namelist():
            new.writestr(name, change(name, old.read(name)))
        for name, content in added.items():
            new.writestr(".".join(name.replace("__", "/").rsplit("_", 1)), content)
    packed.seek(0)
    return packed
