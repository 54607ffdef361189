"""The housekeeper workbook: the verdict on every row (domain.md, section 3)."""

from collections.abc import Iterable, Iterator
from dataclasses import replace

from app.domain.areas import full_code
from app.domain.register import DUTY_STATES, GRADES, chinese_name, mobile, one_of
from services.directory.housekeepers import HousekeeperEntry
from services.imports.columns import HOUSEKEEPER_COLUMNS
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

DUPLICATE = "与本表前面的行手机相同，以第一行为准"
DEPUTY_UNKNOWN = "副管家手机不在管家名册中"

Texts = dict[str, str]


def judge_housekeepers(
    rows: Iterable[SheetRow], register: Register
) -> Iterator[Judgement[HousekeeperEntry]]:
    """One judgement per row, in order. The first good row of a mobile number takes the number.

    Judges all rows before the first is handed on: a deputy may stand further down on the same
    sheet. Touches no database.
    """
    taken: set[str] = set()
    judgements = []
    for row in rows:
        judgement = _judge(row, register, taken)
        if judgement.entry is not None:
            taken.add(judgement.entry.phone)
        judgements.append(judgement)
    for judgement in judgements:
        yield _with_deputy_note(judgement, taken, register)


def _judge(row: SheetRow, register: Register, taken: set[str]) -> Judgement[HousekeeperEntry]:
    if row.has_formula:
        return refused(row, [("formula", FORMULA)])
    faults = [
        *missing(row, HOUSEKEEPER_COLUMNS),
        *_faults(row.texts, register, taken),
        *too_long(row, HOUSEKEEPER_COLUMNS),
    ]
    if faults:
        return refused(row, faults)
    entry = _entry(row.texts)
    reason = "；".join(_notes(row.texts, entry))
    return Judgement(
        row.number, Verdict.OK, entry.name, reason=reason, entry=entry, cells=row.cells
    )


def _with_deputy_note(
    judgement: Judgement[HousekeeperEntry], listed: set[str], register: Register
) -> Judgement[HousekeeperEntry]:
    deputy = judgement.entry.deputy_phone if judgement.entry else None
    if deputy is None or deputy in listed or deputy in register.roster:
        return judgement
    notes = [judgement.reason, DEPUTY_UNKNOWN] if judgement.reason else [DEPUTY_UNKNOWN]
    return replace(judgement, reason="；".join(notes))


def _faults(texts: Texts, register: Register, taken: set[str]) -> Iterator[Fault]:
    phone = mobile(texts["phone"])
    if phone is None:
        yield "phone", "手机应为 11 位手机号码"
    elif phone in taken:
        yield "duplicate", DUPLICATE
    if reason := area_fault(texts["area"], register):
        yield "area", reason


def _notes(texts: Texts, entry: HousekeeperEntry) -> Iterator[str]:
    if texts.get("deputy") and entry.deputy_phone is None:
        yield "副管家手机应为 11 位手机号码，未采用"
    if texts.get("grade") and entry.grade is None:
        yield f"层级应为 {'、'.join(GRADES)} 之一，未采用"
    if texts.get("duty_state") and entry.duty_state is None:
        yield f"在岗状态应为 {'、'.join(DUTY_STATES)} 之一，未采用"


def _entry(texts: Texts) -> HousekeeperEntry:
    return HousekeeperEntry(
        name=chinese_name(texts["name"]),
        phone=mobile(texts["phone"]) or "",
        organisation=chinese_name(texts["organisation"]),
        area_code=full_code(texts["area"].upper()) or "",
        department=texts.get("department") or None,
        job_title=texts.get("job_title") or None,
        grade=one_of(texts.get("grade", ""), GRADES),
        deputy_phone=mobile(texts.get("deputy", "")),
        office_phone=texts.get("office_phone") or None,
        duty_state=one_of(texts.get("duty_state", ""), DUTY_STATES),
    )
