"""Accepted rows → the register: conflicts found, organisations made, housekeepers assigned."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, Generic, TypeVar

from app.models.enterprise import Enterprise
from app.models.pairing import Pairing
from services.directory.enterprises import (
    Filing,
    Registered,
    find_registered,
    new_enterprise_ids,
    store_enterprises,
)
from services.directory.housekeepers import Roster
from services.directory.organisations import Unit, ensure_units
from services.imports.conflicts import Claimed, list_conflicts
from services.imports.enterprises import DUPLICATE, EnterpriseRow
from services.imports.images import PAIRINGS, Change, Image, among, keep_changes, look_at
from services.imports.judgement import Judgement, Verdict
from services.imports.met import Met
from services.pairing.assign import Wish, assign_housekeepers

Entry = TypeVar("Entry")


@dataclass(slots=True)
class Work:
    """One batch being worked. `authority` is the unit that imports; None at the console.

    `changed` counts the rows of the register that became different, `met` holds the enterprises
    that the batch has reached. `at` is the business time at which the batch began.
    """

    batch_id: int
    authority: Unit | None
    is_dry_run: bool
    roster: Roster
    at: datetime
    changed: int = 0
    met: Met = field(default_factory=Met)


@dataclass(frozen=True, slots=True)
class Effect:
    """What became of the row of the register that a line names: created, changed or same."""

    subject_id: int
    kind: str


@dataclass(frozen=True, slots=True)
class Settled(Generic[Entry]):
    """A chunk in its final state: the verdicts, and by line the effects on the register."""

    judgements: Sequence[Judgement[Entry]]
    effects: Mapping[int, Effect] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Matched:
    """An accepted line, and the enterprise that it means if there is one already."""

    line: int
    row: EnterpriseRow
    known: Registered | None


def settle_enterprises(
    judgements: Sequence[Judgement[EnterpriseRow]], work: Work
) -> Settled[EnterpriseRow]:
    """Set conflicts apart, store the rest (but for a dry run); answers the final verdicts."""
    accepted = [(each, each.entry) for each in judgements if each.entry]
    found = find_registered([row.entry for _, row in accepted])
    final: dict[int, Judgement[EnterpriseRow]] = {each.row: each for each in judgements}
    matched: list[Matched] = []
    claimed: list[Claimed] = []
    for (judgement, row), known in zip(accepted, found, strict=True):
        objection = _objection(judgement, row, known, work)
        if objection is None:
            matched.append(Matched(judgement.row, row, known))
            continue
        final[judgement.row] = objection
        if known and objection.verdict is Verdict.CONFLICT:
            claimed.append(Claimed(judgement.row, row, known.id))
    if work.is_dry_run:
        return Settled(list(final.values()))
    list_conflicts(claimed, work.batch_id)
    return Settled(list(final.values()), store(matched, work) if matched else {})


def store(matched: Sequence[Matched], work: Work) -> Mapping[int, Effect]:
    """Put the enterprises down and assign their housekeepers, with images of what was before."""
    units = ensure_units(dict.fromkeys(each.row.entry.reporting_organisation for each in matched))
    filings = _filings(matched, units)
    lines = {each.enterprise_id: one.line for each, one in zip(filings, matched, strict=True)}
    known = {each.enterprise_id for each in filings if each.known}
    before = _enterprises_and_pairings(known)
    changed = store_enterprises(filings, work.batch_id)
    wishes = [
        wish
        for each, filing in zip(matched, filings, strict=True)
        for wish in _wishes(each.row, filing, units, work)
    ]
    assign_housekeepers(wishes, at=work.at)
    work.met.update(lines)
    work.changed += len(changed)
    keep_changes(work.batch_id, _changes(before, changed & known, lines))
    return {lines[each]: Effect(each, _effect(each, known, changed)) for each in lines}


def _objection(
    judgement: Judgement[EnterpriseRow], row: EnterpriseRow, known: Registered | None, work: Work
) -> Judgement[EnterpriseRow] | None:
    """The verdict on a row that cannot be stored for what is stored already, or None."""
    if known is None:
        return None
    if known.id in work.met:
        return _withheld(judgement, Verdict.ERROR, "duplicate", DUPLICATE)
    work.met.add(known.id)
    if known.reported_by == row.entry.reporting_organisation:
        return None
    reason = f"该企业已由{known.reported_by}报送，两家报送单位需先协商"
    return _withheld(judgement, Verdict.CONFLICT, "organisation", reason)


def _withheld(
    judgement: Judgement[Entry], verdict: Verdict, field_name: str, reason: str
) -> Judgement[Entry]:
    return replace(judgement, verdict=verdict, field=field_name, reason=reason, entry=None)


def _filings(matched: Sequence[Matched], units: Mapping[str, Unit]) -> list[Filing]:
    fresh = iter(new_enterprise_ids(sum(each.known is None for each in matched)))
    return [
        Filing(
            entry=each.row.entry,
            enterprise_id=each.known.id if each.known else next(fresh),
            organisation_id=units[each.row.entry.reporting_organisation].id,
            known=each.known,
        )
        for each in matched
    ]


def _wishes(
    row: EnterpriseRow, filing: Filing, units: Mapping[str, Unit], work: Work
) -> Iterable[Wish]:
    """Who shall look after the enterprise: at once when a confirmed authority says so.

    The authority is the unit that imports; at the console, where nobody is named, the unit that
    the row names.
    """
    authority = work.authority or units[row.entry.reporting_organisation]
    phones = {"lead": row.housekeeper, "deputy": row.deputy}
    for role, phone in phones.items():
        if phone and phone in work.roster:
            yield Wish(
                filing.enterprise_id, work.roster[phone], role, is_active=authority.is_confirmed
            )


def _enterprises_and_pairings(known: set[int]) -> tuple[dict[int, Image], dict[int, Image]]:
    if not known:
        return {}, {}
    return look_at("enterprises", among(Enterprise.id, known)), _pairings_of(known)


def _pairings_of(enterprise_ids: set[int]) -> dict[int, Image]:
    return look_at(PAIRINGS, among(Pairing.enterprise_id, enterprise_ids))


def _changes(
    before: tuple[dict[int, Image], dict[int, Image]], changed: set[int], lines: Mapping[int, int]
) -> Iterator[Change]:
    """Images of the known enterprises that changed, and of their pairings that did."""
    enterprises, pairings = before
    for subject_id in changed:
        yield Change("enterprises", subject_id, lines[subject_id], enterprises[subject_id])
    for pairing_id, now in _pairings_of(set(enterprises)).items() if enterprises else ():
        then = pairings.get(pairing_id)
        if then is None or dict(then) != dict(now):
            yield Change(PAIRINGS, pairing_id, lines[now["enterprise_id"]], then)


def _effect(subject_id: int, known: set[int], changed: Iterable[Any]) -> str:
    if subject_id not in known:
        return "created"
    return "changed" if subject_id in changed else "same"
