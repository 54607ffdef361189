"""负荷 of housekeepers, and the limits that warn."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import distinct_on, insert

from app.clock import LOCAL_ZONE
from app.db import db
from app.domain import pairing_load
from app.domain.actor import Actor
from app.domain.errors import FieldError, InvalidInput, NotFound
from app.domain.keyset import Page
from app.domain.pairing_load import KEY_CATEGORY, Limit, LoadKind, LoadWarning, exceeds
from app.domain.permissions import Permission
from app.domain.vocabulary import FINAL
from app.models.enterprise import Enterprise
from app.models.housekeeper import Housekeeper
from app.models.organisation import Organisation
from app.models.pairing import Pairing, PairingLimit
from app.models.ticket import Ticket
from services import audit
from services.directory.find_areas import area_prefix
from services.paging import ascending, fetch_page
from services.visibility.asking import within_area
from services.visibility.pairings import reached_housekeepers
from services.visibility.register import visible_housekeepers
from services.visibility.tickets import OPENLY_TOLD

BY_NAME = ascending("housekeeper-name", Housekeeper.name, Housekeeper.id)


@dataclass(frozen=True, slots=True)
class Carried:
    """What a housekeeper looks after, by kind, and the limits of the grade."""

    housekeeper_id: int
    name: str
    organisation_id: int
    organisation_name: str
    grade: str | None
    key_pairings: int
    other_pairings: int
    deputy_pairings: int
    waiting_pairings: int
    key_limit: int | None
    other_limit: int | None
    warnings: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Load:
    """What one housekeeper looks after now, the limits, and whether they are exceeded."""

    housekeeper_id: int
    lead_pairings: int
    key_pairings: int
    other_pairings: int
    deputy_pairings: int
    waiting_pairings: int
    open_tickets: int
    key_limit: int | None
    other_limit: int | None
    is_key_limit_exceeded: bool
    is_other_limit_exceeded: bool
    warnings: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class StoredLimit:
    """A limit as it is kept: of a grade (None: of all others), from a day on."""

    grade: str | None
    kind: str
    amount: int
    effective_from: date


def list_limits() -> list[StoredLimit]:
    """Every limit there is or was, the newest of each kind first."""
    columns = (PairingLimit.grade, PairingLimit.kind, PairingLimit.amount)
    query = sa.select(*columns, PairingLimit.effective_from).order_by(
        PairingLimit.grade.nulls_first(), PairingLimit.kind, PairingLimit.effective_from.desc()
    )
    return [StoredLimit(*row) for row in db.session.execute(query)]


def set_limit(actor: Actor, limit: StoredLimit, *, at: datetime) -> None:
    """Let a limit hold from today or a later day on; said twice for one day, the last word counts.

    Raises `InvalidInput` for a day that is past: what warned then has warned.
    """
    if limit.effective_from < at.astimezone(LOCAL_ZONE).date():
        detail = "生效日期不能早于今天。"
        raise InvalidInput([FieldError("/effective_from", "past", detail)])
    values = {name: getattr(limit, name) for name in StoredLimit.__dataclass_fields__}
    storing = insert(PairingLimit).values(**values, set_by=actor.account_id)
    storing = storing.on_conflict_do_update(
        constraint="uq_pairing_limits_one_a_day",
        set_={"amount": storing.excluded.amount, "set_by": storing.excluded.set_by},
    )
    db.session.execute(storing)
    facts = values | {"effective_from": limit.effective_from.isoformat()}
    audit.record(actor, "set_pairing_limit", f"pairing_limit:{limit.kind}", facts)


def limits_on(day: date) -> list[Limit]:
    """The limits in force on a day, one for each grade that has its own, and the general ones."""
    query = (
        sa.select(PairingLimit.grade, PairingLimit.kind, PairingLimit.amount)
        .ext(distinct_on(PairingLimit.grade, PairingLimit.kind))
        .where(PairingLimit.effective_from <= day)
        .order_by(PairingLimit.grade, PairingLimit.kind, PairingLimit.effective_from.desc())
    )
    rows = db.session.execute(query)
    return [Limit(row.grade, LoadKind(row.kind), row.amount) for row in rows]


def list_load(
    actor: Actor, area: str | None, page: Page, *, at: datetime
) -> tuple[list[Carried], str | None]:
    """One page of the housekeepers within reach, by name and never by load; the next cursor."""
    query = _loads().where(reached_housekeepers(actor, Permission.READ_LOAD))
    if area is not None:
        query = query.where(within_area(Housekeeper.area_code, area_prefix(area)))
    found = fetch_page(query, BY_NAME, page)
    limits = limits_on(at.astimezone(LOCAL_ZONE).date())
    return [_carried(row._mapping, limits) for row in found.rows], found.next_cursor


def load_of(housekeeper_id: int, *, at: datetime) -> Carried:
    """What one housekeeper carries. Raises `NoResultFound` for an unknown one."""
    row = db.session.execute(_loads().where(Housekeeper.id == housekeeper_id)).one()
    return _carried(row._mapping, limits_on(at.astimezone(LOCAL_ZONE).date()))


def get_load(actor: Actor, housekeeper_id: int, *, at: datetime) -> Load:
    """What a visible housekeeper carries, open tickets included; what is confidential passes by.

    Raises `NotFound`.
    """
    visible = sa.exists().where(Housekeeper.id == housekeeper_id, visible_housekeepers(actor))
    is_open = sa.and_(
        Ticket.housekeeper_id == housekeeper_id,
        Ticket.status.not_in(FINAL),
        OPENLY_TOLD,
    )
    counted = sa.select(sa.func.count()).select_from(Ticket).where(is_open, visible)
    is_visible, open_tickets = db.session.execute(
        sa.select(visible, counted.scalar_subquery())
    ).one()
    if not is_visible:
        raise NotFound
    load = load_of(housekeeper_id, at=at)
    return Load(
        **{name: getattr(load, name) for name in _SHARED},
        lead_pairings=load.key_pairings + load.other_pairings,
        open_tickets=open_tickets,
        is_key_limit_exceeded=exceeds(load.key_pairings, load.key_limit),
        is_other_limit_exceeded=exceeds(load.other_pairings, load.other_limit),
    )


def _loads() -> sa.Select[*tuple[Any, ...]]:
    """Each housekeeper with the pairings counted in one pass over the own ones."""
    is_lead, is_key = Pairing.role == "lead", Enterprise.primary_category == KEY_CATEGORY
    stands = Pairing.state.in_(("active", "handing_over"))
    kinds = {
        "key_pairings": stands & is_lead & is_key,
        "other_pairings": stands & is_lead & ~is_key,
        "deputy_pairings": stands & ~is_lead,
        "waiting_pairings": ~stands,
    }
    counted = (
        sa.select(*(sa.func.count().filter(what).label(name) for name, what in kinds.items()))
        .select_from(Pairing)
        .join(Enterprise, Enterprise.id == Pairing.enterprise_id)
        .where(Pairing.housekeeper_id == Housekeeper.id, Pairing.state != "ended")
        .lateral("counted")
    )
    return (
        sa.select(
            Housekeeper.id.label("housekeeper_id"),
            Housekeeper.name,
            Organisation.id.label("organisation_id"),
            Organisation.name.label("organisation_name"),
            Housekeeper.grade,
            *(counted.c[name] for name in kinds),
        )
        .join(Organisation, Organisation.id == Housekeeper.organisation_id)
        .join(counted, sa.true())
    )


def _carried(row: Mapping[Any, Any], limits: Iterable[Limit]) -> Carried:
    most = pairing_load.limits_for(row["grade"], limits)
    counts = {LoadKind.KEY: row["key_pairings"], LoadKind.OTHER: row["other_pairings"]}
    told: list[LoadWarning] = pairing_load.warnings(counts, most)
    return Carried(
        **{name: row[name] for name in _READ},
        key_limit=most.get(LoadKind.KEY),
        other_limit=most.get(LoadKind.OTHER),
        warnings=tuple(warning.detail for warning in told),
    )


_READ = tuple(Carried.__dataclass_fields__)[:9]
_SHARED = Carried.__dataclass_fields__.keys() & Load.__dataclass_fields__.keys()
