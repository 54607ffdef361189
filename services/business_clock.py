"""业务时钟: the one row that says how far business time runs ahead of real time."""

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from app.db import db
from app.models.operation import BusinessClock


def offset_seconds() -> int:
    """Seconds that business time is ahead; 0 where nobody ever moved it."""
    return db.session.scalar(sa.select(BusinessClock.offset_seconds)) or 0


def advance(seconds: int) -> int:
    """Move business time forward (never back). Returns the new offset in seconds."""
    moved = (
        insert(BusinessClock)
        .values(id=1, offset_seconds=seconds)
        .on_conflict_do_update(
            index_elements=[BusinessClock.id],
            set_={"offset_seconds": BusinessClock.offset_seconds + seconds},
        )
        .returning(BusinessClock.offset_seconds)
    )
    return db.session.execute(moved).scalar_one()
