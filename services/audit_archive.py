"""审计归档: entries past their time on line go, in one piece of the chain, to a sealed file.

Only the oldest end of the chain leaves, so that what stays has no gaps: an entry that a hold keeps
keeps all that are younger, too.
"""

import base64
import gzip
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import takewhile
from typing import Any

import sqlalchemy as sa

from app.db import db
from app.domain.actor import system
from app.domain.audit_chain import SEALED, Break, Link, first_break
from app.domain.canonical import canonical
from app.models.audit_entry import AuditArchive, AuditChain, AuditEntry
from app.models.ticket import Ticket
from app.sealing import seal, unseal
from services import audit
from services.audit_chain import locked_chain
from services.gateways.file_store import FileStore
from services.visibility.holds import is_everything_held, is_held

AT_LEAST = timedelta(days=184)
"""Six months. Source: the cybersecurity law as amended, article 23(3)."""
BATCH = 5_000
ARCHIVIST = system("审计归档")
COLUMN = "audit_archives.file"


class ChainBroken(Exception):
    """The chain does not hold where it was to be archived; the message names the place."""


@dataclass(frozen=True, slots=True)
class Archived:
    """A verified archive, or where it breaks."""

    first_seq: int
    found: Link | Break


def archive_next(files: FileStore, keep: timedelta, *, at: datetime) -> int:
    """Move the oldest entries older than `keep` at `at` (real time), 184 days at least, to a file.

    Answers how many, at most `BATCH`. Raises `ChainBroken`: what does not hold stays to be seen.
    """
    chain = locked_chain()
    before = Link(chain.first_seq - 1, chain.first_hash)
    entries = _oldest(chain.first_seq, at - max(keep, AT_LEAST))
    if not entries:
        return 0
    end = first_break(entries, before)
    if isinstance(end, Break):
        raise ChainBroken(f"审计链第 {end.seq} 条：{end.reason}")
    key = files.put(_sealed(entries))
    try:
        _note(before, end, entries, key, at)
        _cut(chain, end)
    except BaseException:
        files.remove(key)
        raise
    return len(entries)


def _oldest(first_seq: int, until: datetime) -> list[Mapping[str, Any]]:
    """The entries from `first_seq` on that may go: up to the first that is too young or held."""
    table = AuditEntry.__table__.c
    query = (
        sa.select(*(table[name] for name in (*SEALED, "seal_seq", "seal_hash")))
        .add_columns(_is_held().label("is_held"))
        .where(AuditEntry.seal_seq >= first_seq)
        .order_by(AuditEntry.seal_seq)
        .limit(BATCH)
    )
    rows = db.session.execute(query).mappings()
    return [dict(row) for row in takewhile(lambda r: r["at"] < until and not r["is_held"], rows)]


def _is_held() -> sa.ColumnElement[bool]:
    number = sa.func.substr(AuditEntry.subject, len("ticket:") + 1)
    ticket = sa.select(Ticket.id).where(
        AuditEntry.subject.startswith("ticket:"), Ticket.number == number
    )
    enterprise = ticket.with_only_columns(Ticket.enterprise_id)
    return sa.or_(
        is_everything_held(),
        is_held("account", AuditEntry.account_id),
        is_held("ticket", ticket.correlate_except(Ticket).scalar_subquery()),
        is_held("enterprise", enterprise.correlate_except(Ticket).scalar_subquery()),
    )


def _sealed(entries: Sequence[Mapping[str, Any]]) -> bytes:
    lines = "\n".join(canonical(_line(entry)) for entry in entries)
    return seal(base64.b64encode(gzip.compress(lines.encode())).decode(), COLUMN)


def _line(entry: Mapping[str, Any]) -> dict[str, Any]:
    kept = {name: entry[name] for name in (*SEALED, "seal_seq")}
    return kept | {"seal_hash": entry["seal_hash"].hex()}


def _note(
    before: Link, end: Link, entries: Sequence[Mapping[str, Any]], key: str, at: datetime
) -> None:
    times = [entry["at"] for entry in entries]
    db.session.add(
        AuditArchive(
            first_seq=before.seq + 1,
            last_seq=end.seq,
            first_hash=before.hash,
            last_hash=end.hash,
            first_at=min(times),
            last_at=max(times),
            storage_key=key,
            stored_at=at,
        )
    )
    facts = {"rows": len(entries), "oldest": min(times), "newest": max(times), "until": end.seq}
    audit.record(ARCHIVIST, "archive_audit", f"audit_archive:{before.seq + 1}", facts)


def _cut(chain: AuditChain, end: Link) -> None:
    """Take what is archived out. The trigger on the table looks for this setting."""
    db.session.execute(sa.text("SET LOCAL guanjia.retaining = 'audit'"))
    archived = AuditEntry.seal_seq.between(chain.first_seq, end.seq)
    db.session.execute(
        sa.delete(AuditEntry).where(archived), execution_options={"synchronize_session": False}
    )
    db.session.execute(sa.text("SET LOCAL guanjia.retaining = ''"))
    chain.first_seq, chain.first_hash = end.seq + 1, end.hash
    db.session.flush()


def verify_archives(files: FileStore) -> list[Archived]:
    """Compute the chain of every archive anew, in order. Raises `FileMissing`, `Unsealable`."""
    stored = db.session.scalars(sa.select(AuditArchive).order_by(AuditArchive.first_seq)).all()
    return [Archived(each.first_seq, _verified(each, files)) for each in stored]


def _verified(archive: AuditArchive, files: FileStore) -> Link | Break:
    with files.open(archive.storage_key) as file:
        lines = gzip.decompress(base64.b64decode(unseal(file.read(), COLUMN))).decode()
    entries = [_read(line) for line in lines.split("\n")]
    found = first_break(entries, Link(archive.first_seq - 1, archive.first_hash))
    if isinstance(found, Link) and found != Link(archive.last_seq, archive.last_hash):
        return Break(found.seq, None, "归档的末尾与登记不符")
    return found


def _read(line: str) -> dict[str, Any]:
    entry: dict[str, Any] = json.loads(line)
    entry["at"] = datetime.fromisoformat(entry["at"]).astimezone(UTC)
    entry["seal_hash"] = bytes.fromhex(entry["seal_hash"])
    return entry
