"""查阅审计: who did what to which object, newest first, and how the chain stands."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

import sqlalchemy as sa

from app.db import db
from app.domain import audit_kinds
from app.domain.actor import Actor, Role
from app.domain.audit_kinds import AuditKind, kind_of, label_of
from app.domain.errors import NotFound
from app.domain.keyset import Page
from app.domain.labels import ROLE
from app.domain.permissions import Permission, demand
from app.domain.work_calendar import LOCAL_ZONE
from app.models.account import Account
from app.models.audit_entry import AuditChain, AuditEntry
from services.audit import login_subject
from services.paging import descending, fetch_page
from services.visibility.audit import visible_audit

NEWEST_FIRST = descending("newest-audit", AuditEntry.at, AuditEntry.id)
WITHOUT_MEMBERSHIP = "账号"
"""The role of who logs in: no membership is chosen yet."""


@dataclass(frozen=True, slots=True)
class AuditFilter:
    """What to look for; None asks nothing. `first` (inclusive) to `end` (exclusive), local days.

    `account` also finds attempts to log in under the name that the account has now.
    """

    kind: AuditKind | None = None
    action: str | None = None
    account: int | None = None
    subject: str | None = None
    result: str | None = None
    first: date | None = None
    end: date | None = None


@dataclass(frozen=True, slots=True)
class Entry:
    """An entry. `account_name` is the present one; `seal_seq` is None until it is sealed."""

    id: int
    at: datetime
    account_id: int | None
    account_name: str | None
    role: str
    role_label: str
    kind: AuditKind | None
    kind_label: str | None
    action: str
    action_label: str
    subject: str
    ip: str | None
    result: str
    facts: dict[str, Any]
    seal_seq: int | None
    seal_hash: str | None


@dataclass(frozen=True, slots=True)
class SealState:
    """Where the chain stands. Hashes in hex; `unsealed_since`: None when all is sealed."""

    first_seq: int
    first_hash: str
    last_seq: int
    last_hash: str
    sealed_at: datetime | None
    unsealed_since: datetime | None
    verified_at: datetime | None
    verified_seq: int | None
    broken_seq: int | None
    broken_reason: str | None


def list_entries(actor: Actor, wanted: AuditFilter, page: Page) -> tuple[list[Entry], str | None]:
    """One page of entries, newest first, and the next cursor. Raises `InvalidInput`."""
    query = _entries(actor).where(*_conditions(wanted))
    found = fetch_page(query, NEWEST_FIRST, page)
    return [_entry(row._mapping) for row in found.rows], found.next_cursor


def get_entry(actor: Actor, entry_id: int) -> Entry:
    """One entry. Raises `NotFound`."""
    row = db.session.execute(_entries(actor).where(AuditEntry.id == entry_id)).one_or_none()
    if row is None:
        raise NotFound
    return _entry(row._mapping)


def seal_state(actor: Actor) -> SealState:
    """How the chain stands, as its last verification found it. Raises `Forbidden`."""
    demand(actor, Permission.READ_AUDIT)
    chain = db.session.scalars(sa.select(AuditChain)).one()
    unsealed = sa.select(AuditEntry.at).where(AuditEntry.seal_seq.is_(None))
    return SealState(
        first_seq=chain.first_seq,
        first_hash=chain.first_hash.hex(),
        last_seq=chain.last_seq,
        last_hash=chain.last_hash.hex(),
        sealed_at=chain.sealed_at,
        unsealed_since=db.session.scalar(unsealed.order_by(AuditEntry.id).limit(1)),
        verified_at=chain.verified_at,
        verified_seq=chain.verified_seq,
        broken_seq=chain.broken_seq,
        broken_reason=chain.broken_reason,
    )


def _conditions(wanted: AuditFilter) -> list[sa.ColumnElement[bool]]:
    found: list[sa.ColumnElement[bool]] = []
    if wanted.kind is not None:
        found.append(AuditEntry.action.in_(audit_kinds.actions_of(wanted.kind)))
    if wanted.account is not None:
        found.append(_about(wanted.account))
    if wanted.first is not None:
        found.append(AuditEntry.at >= _midnight(wanted.first))
    if wanted.end is not None:
        found.append(AuditEntry.at < _midnight(wanted.end))
    for column in (AuditEntry.action, AuditEntry.subject, AuditEntry.result):
        value = getattr(wanted, column.key)
        if value is not None:
            found.append(column == value)
    return found


def _about(account_id: int) -> sa.ColumnElement[bool]:
    login = db.session.scalar(sa.select(Account.login).where(Account.id == account_id))
    own = AuditEntry.account_id == account_id
    return own if login is None else sa.or_(own, AuditEntry.subject == login_subject(login))


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), LOCAL_ZONE)


def _entries(actor: Actor) -> sa.Select[*tuple[Any, ...]]:
    return (
        sa.select(*_STORED, Account.name.label("account_name"))
        .outerjoin(Account, Account.id == AuditEntry.account_id)
        .where(visible_audit(actor))
    )


_STORED = (
    AuditEntry.id,
    AuditEntry.at,
    AuditEntry.account_id,
    AuditEntry.role,
    AuditEntry.action,
    AuditEntry.subject,
    AuditEntry.ip,
    AuditEntry.result,
    AuditEntry.facts,
    AuditEntry.seal_seq,
    AuditEntry.seal_hash,
)


def _entry(row: Mapping[Any, Any]) -> Entry:
    values = {column.key: row[column.key] for column in _STORED}
    kind = kind_of(values["action"])
    known = values["role"] in {role.value for role in Role}
    values["seal_hash"] = values["seal_hash"] and values["seal_hash"].hex()
    return Entry(
        **values,
        account_name=row["account_name"],
        role_label=ROLE[Role(values["role"])] if known else WITHOUT_MEMBERSHIP,
        kind=kind,
        kind_label=kind and audit_kinds.KIND[kind],
        action_label=label_of(values["action"]),
    )
