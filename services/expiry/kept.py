"""到期销毁: rows past their term go, unless somebody holds them, on the record."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from app.db import Model, db
from app.domain.retention import SWEEPER, Term, Terms
from services import audit
from services.visibility.asking import Condition
from services.visibility.holds import is_everything_held, keep_holds_as_they_are

BATCH = 1_000
EVERY: Condition = sa.true()


@dataclass(frozen=True, slots=True)
class Kept:
    """Rows of `model` are kept for `term` from `since`; with `only`, those of a kind.

    `held`: when somebody holds a row, besides a hold on everything. A line that says `what` it is
    tells of people: each of its deletions is in the audit, and the privacy notice shows it.
    """

    model: type[Model]
    since: Any
    term: Term | timedelta
    only: Condition = EVERY
    what: str = ""
    held: tuple[Condition, ...] = ()

    def __str__(self) -> str:
        return str(self.model.__table__)

    def kept_for(self, terms: Terms) -> timedelta:
        """How long, in an installation with these terms."""
        return terms[self.term] if isinstance(self.term, Term) else self.term

    def is_due(self, terms: Terms, *, at: datetime) -> tuple[Condition, ...]:
        """The conditions under which a row goes at `at`."""
        is_held = sa.or_(is_everything_held(), *self.held)
        return self.since < at - self.kept_for(terms), self.only, sa.not_(is_held)


def delete_expired(kept: Kept, terms: Terms, *, at: datetime) -> int:
    """Delete at most `BATCH` rows past their term at `at`; answers how many."""
    keep_holds_as_they_are()
    row: sa.ColumnElement[str] = sa.literal_column(f"{kept}.ctid")
    due = kept.is_due(terms, at=at)
    batch = sa.select(row).select_from(kept.model).where(*due).limit(BATCH)
    locked = batch.with_for_update(of=kept.model, skip_locked=True)
    expired = sa.delete(kept.model).where(row.in_(locked)).returning(kept.since)
    gone = db.session.scalars(expired, execution_options={"synchronize_session": False}).all()
    if gone and kept.what:
        facts = {"rows": len(gone), "oldest": min(gone), "newest": max(gone)}
        audit.record(SWEEPER, "delete_expired", f"table:{kept}", facts)
    return len(gone)
