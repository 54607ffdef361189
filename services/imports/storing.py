"""Accepted rows → the register: conflicts found, organisations made, housekeepers assigned."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import TypeVar

from services.directory.enterprises import (
    EnterpriseEntry,
    Filing,
    Registered,
    find_registered,
    new_enterprise_ids,
    store_enterprises,
)
from services.directory.housekeepers import HousekeeperEntry, Roster, store_housekeepers
from services.directory.organisations import Unit, ensure_units
from services.imports.enterprises import DUPLICATE, EnterpriseRow
from services.imports.judgement import Judgement, Verdict
from services.pairing.assign import Wish, assign_housekeepers

Entry = TypeVar("Entry")
Matched = tuple[Judgement[EnterpriseRow], EnterpriseRow, Registered | None]


@dataclass(slots=True)
class Work:
    """One batch being worked. `authority` is the unit that imports; None at the console.

    `changed` counts the rows of the register that became different, `met` holds the enterprises
    that the batch has reached.
    """

    batch_id: int
    authority: Unit | None
    is_dry_run: bool
    roster: Roster
    at: datetime
    changed: int = 0
    met: set[int] = field(default_factory=set)


def settle_housekeepers(
    judgements: Sequence[Judgement[HousekeeperEntry]], work: Work
) -> Sequence[Judgement[HousekeeperEntry]]:
    """Store the good rows (but for a dry run); the verdicts stand as they are."""
    entries = [judgement.entry for judgement in judgements if judgement.entry]
    if entries and not work.is_dry_run:
        units = ensure_units({entry.organisation: entry.area_code for entry in entries})
        unit_ids = {name: unit.id for name, unit in units.items()}
        work.changed += store_housekeepers(entries, unit_ids, work.batch_id)
    return judgements


def settle_enterprises(
    judgements: Sequence[Judgement[EnterpriseRow]], work: Work
) -> Sequence[Judgement[EnterpriseRow]]:
    """Set conflicts apart, store the rest (but for a dry run); answers the final verdicts."""
    accepted = [(each, each.entry) for each in judgements if each.entry]
    found = find_registered([row.entry for _, row in accepted])
    final: dict[int, Judgement[EnterpriseRow]] = {each.row: each for each in judgements}
    matched: list[Matched] = []
    for (judgement, row), known in zip(accepted, found, strict=True):
        objection = _objection(judgement, row.entry, known, work)
        if objection:
            final[judgement.row] = objection
        else:
            matched.append((judgement, row, known))
    if matched and not work.is_dry_run:
        _store(matched, work)
    return list(final.values())


def _objection(
    judgement: Judgement[EnterpriseRow],
    entry: EnterpriseEntry,
    known: Registered | None,
    work: Work,
) -> Judgement[EnterpriseRow] | None:
    """The verdict on a row that cannot be stored for what is stored already, or None."""
    if known is None:
        return None
    if known.id in work.met:
        return _withheld(judgement, Verdict.ERROR, "duplicate", DUPLICATE)
    work.met.add(known.id)
    if known.reported_by == entry.reporting_organisation:
        return None
    reason = f"该企业已由{known.reported_by}报送，两家报送单位需先协商"
    return _withheld(judgement, Verdict.CONFLICT, "organisation", reason)


def _withheld(
    judgement: Judgement[Entry], verdict: Verdict, field_name: str, reason: str
) -> Judgement[Entry]:
    return replace(judgement, verdict=verdict, field=field_name, reason=reason, entry=None)


def _store(matched: Sequence[Matched], work: Work) -> None:
    rows = [row for _, row, _ in matched]
    units = ensure_units(dict.fromkeys(row.entry.reporting_organisation for row in rows))
    fresh = iter(new_enterprise_ids(sum(known is None for _, _, known in matched)))
    filings = [
        Filing(
            entry=row.entry,
            enterprise_id=known.id if known else next(fresh),
            organisation_id=units[row.entry.reporting_organisation].id,
            known=known,
        )
        for _, row, known in matched
    ]
    work.changed += store_enterprises(filings, work.batch_id)
    wishes = [
        wish
        for row, filing in zip(rows, filings, strict=True)
        for wish in _wishes(row, filing, units, work)
    ]
    assign_housekeepers(wishes, at=work.at)


def _wishes(
    row: EnterpriseRow, filing: Filing, units: dict[str, Unit], work: Work
) -> Iterable[Wish]:
    """Who shall look after the enterprise: at once when a confirmed authority says so.

    The authority is the unit that imports; at the console, where nobody is named, the unit that
    the row names.
    """
    authority = work.authority or units[row.entry.reporting_organisation]
    phones = {"lead": row.housekeeper, "deputy": row.deputy}
    for role, phone in phones.items():
        if phone:
            yield Wish(
                filing.enterprise_id, work.roster[phone], role, is_active=authority.is_confirmed
            )
