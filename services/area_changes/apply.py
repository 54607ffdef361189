"""区划调整的实施: new areas made, old ones ended, and all that stands moved to its one successor.

Nobody's history is rewritten: ended memberships, audit entries and events keep the codes of their
day. A ticket bears the code of the area that answers for it now; `recoded_tickets` tells the change
by which it came there, and so the code under which it was filed.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from app.db import db
from app.domain.area_changes import (
    MOVING,
    ChangeKind,
    Line,
    Place,
    completed,
    ended_by,
    faults_of,
)
from app.domain.areas import prefix
from app.domain.work_calendar import LOCAL_ZONE
from app.models.area import Area
from app.models.area_change import AreaChange
from services.area_changes.mapping_file import MappingRefused
from services.area_changes.moving import Undecided, move_register, undecided
from services.directory.areas import AreaEntry, store_areas
from services.tickets.write import recode_after_split, recode_tickets

ONE_AT_A_TIME = 0x61726561
"""Key of the lock under which areas change."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What applying did: how many changes were new, areas made and ended, rows moved per kind.

    `undecided` is what still bears the code of an ended area and waits for a person.
    """

    changes: int
    made: int
    ended: int
    moved: dict[str, int]
    undecided: list[Undecided]


def apply_changes(lines: Sequence[Line], *, at: datetime) -> Outcome:
    """Carry out the changes that were not carried out before; safe to repeat.

    Raises `MappingRefused`, and changes nothing then.
    """
    db.session.execute(sa.select(sa.func.pg_advisory_xact_lock(ONE_AT_A_TIME)))
    places = _places(lines)
    waiting = _not_applied(completed(_not_applied(lines), places))
    faults = list(faults_of(waiting, places, at.astimezone(LOCAL_ZONE).date()))
    if faults:
        raise MappingRefused(faults)
    made = _make(waiting, places)
    ended = ended_by(waiting)
    for code, day in ended.items():
        db.session.execute(sa.update(Area).where(Area.code == code).values(ended_on=day))
    moved = _move(waiting, places, _keep(waiting), at=at)
    return Outcome(len(waiting), made, len(ended), moved, undecided(at=at))


def _places(lines: Sequence[Line]) -> dict[str, Place]:
    """The areas of the provinces that the lines speak of."""
    named = [code for line in lines for code in (line.old_code, line.new_code) if code]
    provinces = sorted({prefix(code, "province") for code in named})
    columns = (Area.code, Area.name, Area.level, Area.parent_code, Area.ended_on)
    query = sa.select(*columns).where(sa.func.left(Area.code, 2).in_(provinces))
    return {
        row.code: Place(row.name, row.level, row.parent_code, row.ended_on is not None)
        for row in db.session.execute(query)
    }


def _not_applied(lines: Sequence[Line]) -> list[Line]:
    keys = (
        *(AreaChange.kind, AreaChange.old_code),
        *(AreaChange.new_code, AreaChange.effective_on),
    )
    days = {line.effective_on for line in lines}
    known = {
        tuple(row)
        for row in db.session.execute(sa.select(*keys).where(AreaChange.effective_on.in_(days)))
    }
    return [line for line in lines if line.key not in known]


def _make(lines: Sequence[Line], places: dict[str, Place]) -> int:
    """Store the new areas, and the new names of those that keep their code; how many are new."""
    entries = {
        line.new_code: AreaEntry(
            line.new_code, line.name, line.level, line.parent, not line.new_code.isdigit()
        )
        for line in lines
        if line.new_code is not None and (line.new_code not in places or line.keeps_code)
    }
    store_areas(entries.values())
    return len(entries.keys() - places.keys())


def _keep(lines: Sequence[Line]) -> dict[Line, int]:
    """Keep the changes themselves; answers the identity of each."""
    found = {}
    for line in lines:
        row = AreaChange(
            kind=line.kind,
            old_code=line.old_code,
            new_code=line.new_code,
            effective_on=line.effective_on,
        )
        db.session.add(row)
        db.session.flush()
        found[line] = row.id
    return found


def _move(
    lines: Sequence[Line], places: dict[str, Place], ids: dict[Line, int], *, at: datetime
) -> dict[str, int]:
    moved: dict[str, int] = {}
    for line in lines:
        if line.kind not in MOVING or line.keeps_code or not line.old_code or not line.new_code:
            continue
        old, new = line.old_code, line.new_code
        level = places[old].level
        counts = move_register((old, prefix(old, level)), (new, prefix(new, line.level)), at=at)
        counts["tickets"] = recode_tickets(old, new, ids[line])
        moved = {name: moved.get(name, 0) + count for name, count in counts.items()}
    return moved | {"tickets": moved.get("tickets", 0) + _after_splits()}


def _after_splits() -> int:
    """Tickets of a split area follow their enterprise, once a person has said where it belongs."""
    parts = sa.select(AreaChange.id, AreaChange.old_code, Area.prefix).join(
        Area, Area.code == AreaChange.new_code
    )
    split = parts.where(
        AreaChange.kind == ChangeKind.SPLIT, AreaChange.old_code != AreaChange.new_code
    )
    return sum(
        recode_after_split(row.old_code, row.prefix, row.id) for row in db.session.execute(split)
    )
