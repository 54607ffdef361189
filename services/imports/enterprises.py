"""The enterprise workbook: the verdict on every row (domain.md, section 3)."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from app.domain import uscc
from app.domain.areas import full_code, prefix
from app.domain.register import (
    CATEGORIES,
    OPERATING_STATES,
    PROJECT_STAGES,
    amount,
    categories,
    chinese_name,
    code_fault,
    mobile,
    one_of,
)
from services.directory.enterprises import EnterpriseEntry
from services.imports.columns import ENTERPRISE_COLUMNS
from services.imports.judgement import (
    FORMULA,
    Fault,
    Judgement,
    Register,
    Verdict,
    area_fault,
    missing,
    refused,
    too_long,
)
from services.imports.lines import SheetRow

CODE_TO_FOLLOW = "统一社会信用代码待补"
DUPLICATE = "与本表前面的行重复，以第一行为准"

Texts = dict[str, str]


@dataclass(frozen=True, slots=True)
class EnterpriseRow:
    """A row that may be stored: the enterprise, and the phones of its housekeepers."""

    entry: EnterpriseEntry
    housekeeper: str
    deputy: str | None


def judge_enterprises(
    rows: Iterable[SheetRow], register: Register
) -> Iterator[Judgement[EnterpriseRow]]:
    """One judgement per row, in order. The first good row of a credit code takes the code.

    Rows with a code to follow are told apart by name and area. Touches no database.
    """
    taken: set[str] = set()
    for row in rows:
        judgement = _judge(row, register, taken)
        if judgement.entry is not None:
            taken.add(_identity(row.texts))
        yield judgement


def _judge(row: SheetRow, register: Register, taken: set[str]) -> Judgement[EnterpriseRow]:
    if row.has_formula:
        return refused(row, [("formula", FORMULA)])
    faults = [
        *missing(row, ENTERPRISE_COLUMNS, except_for="uscc"),
        *_identity_faults(row.texts, taken),
        *_place_faults(row.texts, register),
        *_people_faults(row.texts, register),
        *too_long(row, ENTERPRISE_COLUMNS),
    ]
    return refused(row, faults) if faults else _accepted(row, register)


def _identity(texts: Texts) -> str:
    code = uscc.normalise(texts["uscc"])
    return code or f"{chinese_name(texts['name'])}@{full_code(texts['area'])}"


def _identity_faults(texts: Texts, taken: set[str]) -> Iterator[Fault]:
    name, code = chinese_name(texts["name"]), uscc.normalise(texts["uscc"])
    reason = code_fault(name, code)
    if reason:
        yield "uscc", reason
    if not (code and reason) and _identity(texts) in taken:
        yield "duplicate", DUPLICATE


def _place_faults(texts: Texts, register: Register) -> Iterator[Fault]:
    if not categories(texts["category"]):
        yield "category", f"类别应为 {'、'.join(CATEGORIES)} 中的一个或几个"
    if reason := area_fault(texts["area"], register):
        yield "area", reason


def _people_faults(texts: Texts, register: Register) -> Iterator[Fault]:
    if mobile(texts["phone"]) is None:
        yield "phone", "手机应为 11 位手机号码"
    housekeeper = mobile(texts["housekeeper"])
    if housekeeper is None:
        yield "housekeeper", "管家手机应为 11 位手机号码"
    elif housekeeper not in register.roster:
        yield "housekeeper", "管家手机不在管家名册中，请先导入管家"


def _accepted(row: SheetRow, register: Register) -> Judgement[EnterpriseRow]:
    texts = row.texts
    entry = _entry(texts, register)
    housekeeper = mobile(texts["housekeeper"]) or ""
    deputy = mobile(texts.get("deputy", ""))
    if deputy == housekeeper or deputy not in register.roster:
        deputy = None
    notes = [*_choice_notes(texts, entry), *_link_notes(texts, entry, deputy)]
    if entry.uscc is None:
        notes.insert(0, CODE_TO_FOLLOW)
    return Judgement(
        row=row.number,
        verdict=Verdict.OK if entry.uscc else Verdict.PENDING,
        name=entry.name,
        field="" if entry.uscc else "uscc",
        reason="；".join(notes),
        entry=EnterpriseRow(entry, housekeeper, deputy),
        cells=row.cells,
    )


def _choice_notes(texts: Texts, entry: EnterpriseEntry) -> Iterator[str]:
    if texts.get("project_stage") and entry.project_stage is None:
        yield f"项目阶段应为 {'、'.join(PROJECT_STAGES)} 之一，未采用"
    if texts.get("operating_state") and entry.operating_state is None:
        yield f"经营状态应为 {'、'.join(OPERATING_STATES)} 之一，未采用"
    if texts.get("total_investment") and entry.total_investment is None:
        yield "总投资不是以万元计的数字，未采用"


def _link_notes(texts: Texts, entry: EnterpriseEntry, deputy: str | None) -> Iterator[str]:
    if texts.get("deputy") and deputy is None:
        yield "副管家手机不在管家名册中或与管家相同，未结对"
    if texts.get("zone") and entry.managing_area_code is None:
        yield "园区不在本地管理区名单中，未采用"


def _entry(texts: Texts, register: Register) -> EnterpriseEntry:
    return EnterpriseEntry(
        name=chinese_name(texts["name"]),
        uscc=uscc.normalise(texts["uscc"]) or None,
        categories=categories(texts["category"]) or (),
        project_name=texts.get("project_name") or None,
        project_code=texts.get("project_code") or None,
        project_stage=one_of(texts.get("project_stage", ""), PROJECT_STAGES),
        total_investment=amount(texts.get("total_investment", "")),
        industry=texts.get("industry") or None,
        scale=texts.get("scale") or None,
        operating_state=one_of(texts.get("operating_state", ""), OPERATING_STATES),
        area_code=_area_code(texts, register),
        managing_area_code=register.zones.get(chinese_name(texts.get("zone", ""))),
        registered_address=texts.get("registered_address") or None,
        operating_address=texts.get("operating_address") or None,
        legal_person=chinese_name(texts.get("legal_person", "")) or None,
        contact_name=chinese_name(texts["contact"]),
        contact_title=texts.get("contact_title") or None,
        contact_phone=mobile(texts["phone"]) or "",
        reporting_organisation=chinese_name(texts["organisation"]),
        remark=texts.get("remark") or None,
    )


def _area_code(texts: Texts, register: Register) -> str:
    """The code of the row; of a county, narrowed to the town that 街道乡镇 names."""
    code = full_code(texts["area"].upper()) or ""
    if register.areas[code] != "county":
        return code
    town = chinese_name(texts.get("town", ""))
    return register.towns.get((prefix(code, "county"), town), code)
