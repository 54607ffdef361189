"""The columns of the two register workbooks (domain.md, section 3): heading, key, limit."""

import re
import unicodedata
from dataclasses import dataclass

_BRACKETED = re.compile(r"[(\[【〔].*?[)\]】〕]")
_DECORATION = re.compile(r"[\s*:]+")

# What stands on every sheet without being read: the line number, the reason of the error workbook.
REASON = "原因"
NOT_READ = frozenset({"序号", REASON})


@dataclass(frozen=True, slots=True)
class Column:
    """One column: the key in code, the heading on the sheet, the longest text it may hold."""

    key: str
    heading: str
    limit: int = 100
    is_required: bool = False


ENTERPRISE_COLUMNS = (
    Column("name", "企业名称", 100, is_required=True),
    Column("uscc", "统一社会信用代码", 40, is_required=True),
    Column("category", "类别", 60, is_required=True),
    Column("project_name", "项目名称", 200),
    Column("project_code", "项目代码", 60),
    Column("total_investment", "总投资", 30),
    Column("project_stage", "项目阶段", 20),
    Column("industry", "行业", 60),
    Column("scale", "规模", 20),
    Column("operating_state", "经营状态", 20),
    Column("area", "属地区划", 20, is_required=True),
    Column("town", "街道乡镇", 60),
    Column("zone", "园区", 60),
    Column("registered_address", "注册地址", 200),
    Column("operating_address", "经营地址", 200),
    Column("legal_person", "法定代表人", 50),
    Column("contact", "联系人", 50, is_required=True),
    Column("contact_title", "职务", 50),
    Column("phone", "手机", 30, is_required=True),
    Column("organisation", "报送单位", 100, is_required=True),
    Column("housekeeper", "管家手机", 30, is_required=True),
    Column("deputy", "副管家手机", 30),
    Column("remark", "备注", 500),
)

HOUSEKEEPER_COLUMNS = (
    Column("name", "姓名", 50, is_required=True),
    Column("phone", "手机", 30, is_required=True),
    Column("organisation", "工作单位", 100, is_required=True),
    Column("department", "科室", 100),
    Column("job_title", "职务", 50),
    Column("area", "区划", 20, is_required=True),
    Column("grade", "层级", 20),
    Column("deputy", "副管家手机", 30),
    Column("office_phone", "办公电话", 30),
    Column("duty_state", "在岗状态", 20),
)

COLUMNS = {"enterprises": ENTERPRISE_COLUMNS, "housekeepers": HOUSEKEEPER_COLUMNS}


def canonical_heading(text: str) -> str:
    """A heading as it is compared: NFKC, without bracketed notes, stars, colons and spaces."""
    return _DECORATION.sub("", _BRACKETED.sub("", unicodedata.normalize("NFKC", text)))
