"""Accepted rows of the roster → the housekeepers."""

from collections.abc import Sequence

from app.models.housekeeper import Housekeeper
from app.sealing import fingerprint
from services.directory.housekeepers import HousekeeperEntry, store_housekeepers
from services.directory.organisations import ensure_units
from services.imports.images import Change, among_hashes, keep_changes, look_at
from services.imports.judgement import Judgement
from services.imports.storing import Effect, Settled, Work

KIND = "housekeepers"


def settle_housekeepers(
    judgements: Sequence[Judgement[HousekeeperEntry]], work: Work
) -> Settled[HousekeeperEntry]:
    """Store the good rows (but for a dry run); the verdicts stand as they are."""
    entries = {each.row: each.entry for each in judgements if each.entry}
    if not entries or work.is_dry_run:
        return Settled(judgements)
    lines = {fingerprint(entry.phone): line for line, entry in entries.items()}
    known = look_at(KIND, among_hashes(Housekeeper.phone_hash, lines))
    units = ensure_units({entry.organisation: entry.area_code for entry in entries.values()})
    unit_ids = {name: unit.id for name, unit in units.items()}
    changed = store_housekeepers(list(entries.values()), unit_ids, work.batch_id)
    work.changed += len(changed)
    replaced = [
        Change(KIND, subject_id, lines[before["phone_hash"]], before)
        for subject_id, before in known.items()
        if subject_id in changed
    ]
    keep_changes(work.batch_id, replaced)
    effects = {
        lines[phone_hash]: Effect(subject_id, "changed" if subject_id in known else "created")
        for subject_id, phone_hash in changed.items()
    }
    same = {
        lines[before["phone_hash"]]: Effect(subject_id, "same")
        for subject_id, before in known.items()
        if subject_id not in changed
    }
    return Settled(judgements, effects | same)
