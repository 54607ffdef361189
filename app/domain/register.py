"""企业登记表 and 管家登记表: how the cells of a register row are read (domain rules of the import).

Every function takes the text of a cell as it was typed and gives the value that is stored, or None
where the text breaks the rule. Which columns there are is known to `services.imports`.
"""

import re
import unicodedata
from collections.abc import Sequence
from decimal import Decimal, InvalidOperation
from functools import lru_cache

from app.domain import uscc

CATEGORIES = ("重点项目", "规上工业", "限上商贸", "其他")
OPERATING_STATES = ("投产运营", "筹建", "停产", "注销")
PROJECT_STAGES = ("前期", "在建", "竣工", "投产")
GRADES = ("市领导", "县区领导", "部门", "乡镇街道", "社区网格")
DUTY_STATES = ("在岗", "离岗", "调离", "退休")
GONE_FOR_GOOD = ("调离", "退休")
CLOSED_DOWN = "注销"
VISIT_PREFERENCES = ("any", "only_when_asked")

# An individual trader may lack a code in old records; a company, a co-operative never does.
TRADER_ENDINGS = (
    "经营部", "经销部", "门市部", "服务部", "批发部", "维修部", "加工部", "商行", "车行", "小吃部",
    "店", "坊", "铺", "摊", "馆", "屋", "档",
)  # fmt: skip

_CJK = r"[\u2e80-\u9fff\uf900-\ufaff\uff00-\uffef]"
_PADDING = re.compile(rf"(?<={_CJK})\s+|\s+(?={_CJK})")
_SPACES = re.compile(r"\s+")
_CATEGORY_SEPARATORS = re.compile(r"[、,;/|+\s]+")
_PHONE_PUNCTUATION = re.compile(r"[\s\-.()]+")
_COUNTRY_CODE = re.compile(r"^(?:\+86|0086|86(?=1\d{10}$))")
_MOBILE = re.compile(r"1[3-9][0-9]{9}")
_FULL_WIDTH_BRACKETS = str.maketrans({"(": "（", ")": "）"})
_LARGEST_AMOUNT = Decimal(10) ** 13


def clean(text: str) -> str:
    """`text` in NFKC, without control and invisible characters, with single spaces."""
    if text.isprintable() and " " not in text and unicodedata.is_normalized("NFKC", text):
        return text  # nearly every cell, and there are millions of them
    normal = unicodedata.normalize("NFKC", text)
    kept = (
        character
        for character in normal
        if character.isspace() or unicodedata.category(character) not in {"Cc", "Cf"}
    )
    return _SPACES.sub(" ", "".join(kept)).strip()


def chinese_name(text: str) -> str:
    """The name of a person, an enterprise or a unit as it is compared and stored.

    No spaces around Chinese characters ("李　鹏" is padded to align), and the brackets full-width,
    as the national register prints them: one name must not become two enterprises.
    """
    cleaned = clean(text)
    close = _PADDING.sub("", cleaned) if " " in cleaned else cleaned
    return close.translate(_FULL_WIDTH_BRACKETS) if "(" in close or ")" in close else close


def mobile(text: str) -> str | None:
    """A mainland mobile number as 11 digits, from +86, spaces, hyphens or a number cell."""
    if _MOBILE.fullmatch(text):
        return text  # nearly every cell
    digits = _PHONE_PUNCTUATION.sub("", clean(text))
    digits = _COUNTRY_CODE.sub("", digits)
    return digits if _MOBILE.fullmatch(digits) else None


@lru_cache(maxsize=256)
def categories(text: str) -> tuple[str, ...] | None:
    """The categories named in one cell, most weighty first; None when one of them is unknown.

    Precedence 重点项目 > 规上工业 > 限上商贸 > 其他: the first of the result is the primary one.
    """
    named = {part for part in _CATEGORY_SEPARATORS.split(clean(text)) if part}
    if not named or not named <= set(CATEGORIES):
        return None
    return tuple(category for category in CATEGORIES if category in named)


def may_lack_code(name: str) -> bool:
    """Whether the name ends like an individual trader's (个体工商户), whose code may follow."""
    return name.endswith(TRADER_ENDINGS)


def code_fault(name: str, code: str) -> str | None:
    """Why an enterprise of that name cannot bear the normalised credit code ("": none given).

    None when it can: the code is valid, or it is a trader's and may follow.
    """
    if not code:
        lacks = "未填写统一社会信用代码（只有个体工商户可以后补）"
        return None if may_lack_code(name) else lacks
    if uscc.is_valid(code):
        return None
    if len(code) != uscc.LENGTH:
        return f"统一社会信用代码应为 18 位，现为 {len(code)} 位"
    if not set(code) <= set(uscc.ALPHABET):
        return "统一社会信用代码含有不允许的字符（不使用 I、O、S、V、Z）"
    return "统一社会信用代码校验不通过，请核对是否抄错"


def amount(text: str) -> Decimal | None:
    """万元 with at most two decimals, thousands separators allowed; None when it is no amount."""
    if not text:
        return None  # nearly every cell
    try:
        value = Decimal(clean(text).replace(",", ""))
    except InvalidOperation:
        return None
    if not value.is_finite() or not 0 <= value < _LARGEST_AMOUNT:
        return None
    return value.quantize(Decimal("0.01"))


def one_of(text: str, choices: Sequence[str]) -> str | None:
    """The choice that the cell names, or None."""
    if text in choices:
        return text  # nearly every cell
    wanted = chinese_name(text)
    return wanted if wanted in choices else None
