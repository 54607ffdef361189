"""结对, as they are told: with the enterprise, the housekeeper, the actors and the grounds."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from app.clock import LOCAL_ZONE
from app.db import db
from app.domain.actor import Actor
from app.domain.errors import NotFound
from app.domain.keyset import Page
from app.domain.pairing_grounds import shown
from app.domain.permissions import Permission
from app.models.account import Account
from app.models.enterprise import Enterprise
from app.models.housekeeper import Housekeeper
from app.models.organisation import Organisation
from app.models.pairing import Pairing
from services.paging import descending, keyset, slice_of, sorted_by
from services.visibility.asking import Condition
from services.visibility.pairings import visible_pairings

NEWEST_FIRST = descending("newest", Pairing.id)


@dataclass(frozen=True, slots=True)
class PairingDetail:
    """A pairing. What officials noted, and who they are, is None for the enterprise."""

    id: int
    role: str
    state: str
    enterprise_id: int
    enterprise_name: str
    housekeeper_id: int
    housekeeper_name: str
    job_title: str | None
    office_phone: str | None
    organisation_id: int
    organisation_name: str
    proposed_at: datetime
    confirmed_at: datetime | None
    started_at: datetime | None
    ended_at: datetime | None
    end_reason: str | None
    handover_id: int | None
    end_note: str | None
    grounds: dict[str, Any] | None
    proposed_by: str | None
    confirmed_by: str | None
    ended_by: str | None


INNER = ("handover_id", "end_note", "grounds", "proposed_by", "confirmed_by", "ended_by")


@dataclass(frozen=True, slots=True)
class PairingFilter:
    """What to look for; None asks nothing. `on`: who answered for it at any time of that day."""

    enterprise_id: int | None = None
    housekeeper_id: int | None = None
    role: str | None = None
    state: str | None = None
    on: date | None = None


_PROPOSER, _CONFIRMER, _ENDER = aliased(Account), aliased(Account), aliased(Account)
_DETAILS = (
    sa.select(
        Pairing.id,
        Pairing.role,
        Pairing.state,
        Pairing.enterprise_id,
        Enterprise.name,
        Pairing.housekeeper_id,
        Housekeeper.name,
        Housekeeper.job_title,
        Housekeeper.office_phone,
        Organisation.id,
        Organisation.name,
        Pairing.proposed_at,
        Pairing.confirmed_at,
        Pairing.started_at,
        Pairing.ended_at,
        Pairing.end_reason,
        Pairing.handover_id,
        Pairing.end_note,
        Pairing.grounds,
        _PROPOSER.name,
        _CONFIRMER.name,
        _ENDER.name,
    )
    .join(Enterprise, Enterprise.id == Pairing.enterprise_id)
    .join(Housekeeper, Housekeeper.id == Pairing.housekeeper_id)
    .join(Organisation, Organisation.id == Housekeeper.organisation_id)
    .outerjoin(_PROPOSER, _PROPOSER.id == Pairing.proposed_by)
    .outerjoin(_CONFIRMER, _CONFIRMER.id == Pairing.confirmed_by)
    .outerjoin(_ENDER, _ENDER.id == Pairing.ended_by)
)

_VISIBLE = (
    sa.select(Pairing.id)
    .join(Enterprise, Enterprise.id == Pairing.enterprise_id)
    .join(Housekeeper, Housekeeper.id == Pairing.housekeeper_id)
)


def find_pairings(
    actor: Actor, wanted: PairingFilter, page: Page
) -> tuple[list[PairingDetail], str | None]:
    """One page of visible pairings, newest first, and the next cursor."""
    wide = _VISIBLE.where(visible_pairings(actor), *_conditions(wanted))
    ids = keyset(wide, NEWEST_FIRST, page).with_only_columns(Pairing.id).correlate(None)
    # Names are joined to the page alone: joined before the cut, they cost a scan of every table.
    query = _DETAILS.where(Pairing.id == sa.any_(sa.func.array(ids.scalar_subquery())))
    query = sorted_by(NEWEST_FIRST, query.add_columns(Pairing.id), [Pairing.id])
    found = slice_of(db.session.execute(query).all(), NEWEST_FIRST, page)
    return [_told(actor, row[:-1]) for row in found.rows], found.next_cursor


def get_pairing(
    actor: Actor, pairing_id: int, permission: Permission = Permission.READ_PAIRINGS
) -> PairingDetail:
    """One pairing within the reach of `permission`. Raises `NotFound`."""
    within = visible_pairings(actor, permission)
    row = db.session.execute(_DETAILS.where(Pairing.id == pairing_id, within)).one_or_none()
    if row is None:
        raise NotFound
    return _told(actor, tuple(row))


def stood_on(day: date) -> Condition:
    """The condition on `pairings` that answered for the enterprise at some time of a local day."""
    first = datetime.combine(day, time(), LOCAL_ZONE)
    has_not_ended = sa.or_(Pairing.ended_at.is_(None), Pairing.ended_at > first)
    return sa.and_(Pairing.started_at < first + timedelta(days=1), has_not_ended)


def _conditions(wanted: PairingFilter) -> list[Condition]:
    asked = (
        (Pairing.enterprise_id, wanted.enterprise_id),
        (Pairing.housekeeper_id, wanted.housekeeper_id),
        (Pairing.role, wanted.role),
        (Pairing.state, wanted.state),
    )
    found = [column == value for column, value in asked if value is not None]
    return found if wanted.on is None else [*found, stood_on(wanted.on)]


def _told(actor: Actor, values: tuple[Any, ...]) -> PairingDetail:
    named = dict(zip(PairingDetail.__dataclass_fields__, values, strict=True))
    if actor.is_enterprise:
        return PairingDetail(**named | dict.fromkeys(INNER))
    return PairingDetail(**named | {"grounds": shown(named["grounds"])})
