"""回避: whom an enterprise must not have as its housekeeper."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from app.db import db
from app.domain.actor import Actor
from app.domain.errors import AlreadyExists, FieldError, InvalidInput, NotFound, Refused
from app.domain.keyset import Page
from app.domain.permissions import Permission
from app.models.enterprise import Enterprise
from app.models.housekeeper import Housekeeper
from app.models.organisation import Organisation
from app.models.pairing import Recusal
from services import audit
from services.paging import descending, fetch_page
from services.visibility.asking import Condition
from services.visibility.pairings import reached_enterprises
from services.visibility.register import visible_housekeepers

NEWEST_FIRST = descending("newest-recusal", Recusal.id)


class MustRecuse(Refused):
    """该管家或其单位对这家企业须回避，不能结对。"""

    code = "recusal"


@dataclass(frozen=True, slots=True)
class RecusalWish:
    """Who keeps away: a relative, by `housekeeper_id`, or an inspecting unit, by its id."""

    enterprise_id: int
    housekeeper_id: int | None = None
    organisation_id: int | None = None
    note: str | None = None


@dataclass(frozen=True, slots=True)
class RecusalItem:
    """A recusal; `lifted_at` is None while it stands."""

    id: int
    enterprise_id: int
    enterprise_name: str
    kind: str
    housekeeper_id: int | None
    housekeeper_name: str | None
    organisation_id: int | None
    organisation_name: str | None
    note: str | None
    recorded_at: datetime
    lifted_at: datetime | None


_ITEMS = (
    sa.select(
        Recusal.id,
        Recusal.enterprise_id,
        Enterprise.name,
        Recusal.kind,
        Recusal.housekeeper_id,
        Housekeeper.name,
        Recusal.organisation_id,
        Organisation.name,
        Recusal.note,
        Recusal.recorded_at,
        Recusal.lifted_at,
    )
    .join(Enterprise, Enterprise.id == Recusal.enterprise_id)
    .outerjoin(Housekeeper, Housekeeper.id == Recusal.housekeeper_id)
    .outerjoin(Organisation, Organisation.id == Recusal.organisation_id)
)


def record_recusal(actor: Actor, wish: RecusalWish, *, at: datetime) -> RecusalItem:
    """Keep somebody away from an enterprise; a pairing that stands is left for people to end.

    Raises `InvalidInput`, `AlreadyExists`.
    """
    _check(actor, wish)
    storing = (
        insert(Recusal)
        .values(
            enterprise_id=wish.enterprise_id,
            housekeeper_id=wish.housekeeper_id,
            organisation_id=wish.organisation_id,
            kind="relative" if wish.housekeeper_id else "inspecting",
            note=wish.note,
            recorded_by=actor.account_id,
            recorded_at=at,
        )
        .on_conflict_do_nothing()
        .returning(Recusal.id)
    )
    recusal_id = db.session.scalar(storing)
    if recusal_id is None:
        raise AlreadyExists("这项回避已经登记。")
    audit.record(actor, "record_recusal", f"recusal:{recusal_id}")
    return get_recusal(actor, recusal_id)


def lift_recusal(actor: Actor, recusal_id: int, *, at: datetime) -> RecusalItem:
    """The reason is gone; lifting twice changes nothing. Raises `NotFound`."""
    found = get_recusal(actor, recusal_id)
    if found.lifted_at is None:
        lifting = sa.update(Recusal).where(Recusal.id == recusal_id, Recusal.lifted_at.is_(None))
        db.session.execute(lifting.values(lifted_by=actor.account_id, lifted_at=at))
        audit.record(actor, "lift_recusal", f"recusal:{recusal_id}")
    return get_recusal(actor, recusal_id)


def list_recusals(actor: Actor, page: Page) -> tuple[list[RecusalItem], str | None]:
    """One page of the recusals within reach, newest first, and the next cursor."""
    within = reached_enterprises(actor, Permission.RECORD_RECUSAL)
    found = fetch_page(_ITEMS.where(within), NEWEST_FIRST, page)
    return [RecusalItem(*row[:-1]) for row in found.rows], found.next_cursor


def get_recusal(actor: Actor, recusal_id: int) -> RecusalItem:
    """One recusal within reach. Raises `NotFound`."""
    within = reached_enterprises(actor, Permission.RECORD_RECUSAL)
    row = db.session.execute(_ITEMS.where(Recusal.id == recusal_id, within)).one_or_none()
    if row is None:
        raise NotFound
    return RecusalItem(*row)


def recused(enterprise_id: Any, housekeeper_id: Any, organisation_id: Any) -> Condition:
    """Whether the housekeeper, or the unit, must keep away from the enterprise (columns or ids)."""
    return sa.exists().where(
        Recusal.enterprise_id == enterprise_id,
        Recusal.lifted_at.is_(None),
        sa.or_(
            Recusal.housekeeper_id == housekeeper_id, Recusal.organisation_id == organisation_id
        ),
    )


def _check(actor: Actor, wish: RecusalWish) -> None:
    if (wish.housekeeper_id is None) == (wish.organisation_id is None):
        detail = "请填写管家或单位之一。"
        raise InvalidInput([FieldError("/housekeeper_id", "one-of", detail)])
    within = reached_enterprises(actor, Permission.RECORD_RECUSAL)
    known = (
        ("/enterprise_id", Enterprise.id == wish.enterprise_id, within),
        ("/housekeeper_id", Housekeeper.id == wish.housekeeper_id, visible_housekeepers(actor)),
        ("/organisation_id", Organisation.id == wish.organisation_id, sa.true()),
    )
    given = (wish.enterprise_id, wish.housekeeper_id, wish.organisation_id)
    for value, (pointer, *conditions) in zip(given, known, strict=True):
        if value is not None and not db.session.scalar(sa.select(sa.exists().where(*conditions))):
            raise InvalidInput([FieldError(pointer, "unknown", "没有找到，或不在您的范围内。")])
