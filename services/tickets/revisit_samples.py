"""回访抽样 as it is checked: each stratum with its shares, and whether it draws the same again."""

from datetime import date, datetime
from typing import Any

import sqlalchemy as sa

from app.db import db
from app.domain.actor import Actor
from app.domain.areas import CODE_LENGTH
from app.domain.errors import NotFound
from app.domain.keyset import Page
from app.domain.permissions import Permission, Scope, scope_of
from app.domain.revisit_lots import Share, is_drawn, seal_of
from app.models.organisation import Organisation
from app.models.revisit_lot import RevisitLot, RevisitStratum
from services.paging import descending, fetch_page
from services.tickets.terms import local_day
from services.visibility.asking import NOTHING, Condition, within_area

NEWEST_FIRST = descending("newest-sample", RevisitStratum.month, RevisitStratum.id)

_DRAWN = (
    sa.select(sa.func.count())
    .where(RevisitLot.stratum_id == RevisitStratum.id, RevisitLot.is_drawn)
    .scalar_subquery()
)
_PLACE = sa.func.coalesce(
    Organisation.area_code, sa.func.rpad(RevisitStratum.area, CODE_LENGTH, "0")
)
_SAMPLES = sa.select(
    *RevisitStratum.__table__.columns,
    Organisation.name.label("organisation_name"),
    _DRAWN.label("drawn"),
).outerjoin_from(RevisitStratum, Organisation, Organisation.id == RevisitStratum.organisation_id)


def list_samples(
    actor: Actor, month: date | None, page: Page, *, at: datetime
) -> tuple[list[dict[str, Any]], str | None]:
    """One page of the strata within reach, newest month first, and the next cursor."""
    query = _SAMPLES.where(_reached(actor))
    if month is not None:
        query = query.where(RevisitStratum.month == month.replace(day=1))
    found = fetch_page(query, NEWEST_FIRST, page)
    return [_shown(row, at) for row in found.rows], found.next_cursor


def get_sample(actor: Actor, sample_id: int, *, at: datetime) -> dict[str, Any]:
    """One stratum, drawn again. Raises `NotFound`.

    `is_as_drawn`: every lot that is kept was drawn, or not, as its seed has it. Lots of tickets
    that were deleted in the meantime are not among `drawn_numbers`.
    """
    query = _SAMPLES.where(RevisitStratum.id == sample_id, _reached(actor))
    row = db.session.execute(query).one_or_none()
    if row is None:
        raise NotFound
    lots = db.session.execute(
        sa.select(RevisitLot.number, RevisitLot.is_drawn)
        .where(RevisitLot.stratum_id == sample_id)
        .order_by(RevisitLot.number)
    ).all()
    share, seed = Share(row.percent, row.minimum), bytes(row.seed)
    return _shown(row, at) | {
        "drawn_numbers": [lot.number for lot in lots if lot.is_drawn],
        "is_as_drawn": all(lot.is_drawn == is_drawn(lot.number, share, seed) for lot in lots),
    }


def _reached(actor: Actor) -> Condition:
    scope = scope_of(actor, Permission.READ_REVISIT_SAMPLES)
    return within_area(_PLACE, actor.area_prefix) if scope is Scope.AREA else NOTHING


def _shown(row: Any, at: datetime) -> dict[str, Any]:
    """While the month lasts the seed is kept back: with it the next draws could be foreseen."""
    is_over = row.month < local_day(at=at).replace(day=1)
    shown = {name: row._mapping[name] for name in _TOLD}
    return shown | {
        "area": row.area or None,
        "seed": row.seed.hex() if is_over else None,
        "seed_sha256": seal_of(bytes(row.seed)),
    }


_TOLD = (
    *("id", "month", "organisation_id", "organisation_name", "ticket_class", "percent", "minimum"),
    *("population", "drawn", "opened_at"),
)
