"""审计链: entries are sealed onto each other after the fact, and the chain is computed anew.

Entries are sealed in the order in which they come to be seen, by id among those; one that was
committed late finds its place behind younger ones. The row of the chain is the lock: two sealers
wait for each other and never fork.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ARRAY

from app.db import db
from app.domain.audit_chain import SEALED, Break, Link, first_break, sealed_onto
from app.models.audit_entry import AuditChain, AuditEntry

BATCH = 1_000

_COLUMNS = [AuditEntry.__table__.c[name] for name in (*SEALED, "seal_seq", "seal_hash")]


def locked_chain() -> AuditChain:
    """The row of the chain; whoever else wants it waits until the transaction ends."""
    query = sa.select(AuditChain).with_for_update().execution_options(populate_existing=True)
    return db.session.scalars(query).one()


def seal_next(*, at: datetime) -> int:
    """Seal the next `BATCH` of unsealed entries; answers how many. `at` is real time."""
    chain = locked_chain()
    entries = _unsealed()
    if not entries:
        return 0
    links, last = [], Link(chain.last_seq, chain.last_hash)
    for entry in entries:
        last = sealed_onto(last, entry)
        links.append(last)
    _put([entry["id"] for entry in entries], links)
    chain.last_seq, chain.last_hash, chain.sealed_at = last.seq, last.hash, at
    db.session.flush()
    return len(entries)


def _unsealed() -> list[Mapping[str, Any]]:
    query = sa.select(*_COLUMNS).where(AuditEntry.seal_seq.is_(None))
    return _entries(query.order_by(AuditEntry.id).limit(BATCH))


def _entries(query: sa.Select[*tuple[Any, ...]]) -> list[Mapping[str, Any]]:
    return [dict(row) for row in db.session.execute(query).mappings()]


def _put(ids: Sequence[int], links: Sequence[Link]) -> None:
    sent = sa.func.unnest(
        sa.cast(ids, ARRAY(sa.BigInteger)),
        sa.cast([link.seq for link in links], ARRAY(sa.BigInteger)),
        sa.cast([link.hash for link in links], ARRAY(sa.LargeBinary)),
    )
    rows = sent.table_valued("id", "seq", "hash").render_derived()
    sealing = sa.update(AuditEntry).where(AuditEntry.id == rows.c.id)
    db.session.execute(
        sealing.values(seal_seq=rows.c.seq, seal_hash=rows.c.hash),
        execution_options={"synchronize_session": False},
    )


def verify(*, at: datetime) -> Link | Break:
    """Compute the chain of what is on line anew, and keep the outcome with it.

    Answers where the chain ends, or the first entry that does not hold. `at` is real time.
    """
    found = _verified()
    broken = found if isinstance(found, Break) else None
    db.session.execute(
        sa.update(AuditChain).values(
            verified_at=at,
            verified_seq=found.seq - 1 if broken else found.seq,
            broken_seq=broken and broken.seq,
            broken_reason=broken and broken.reason,
        )
    )
    return found


def _verified() -> Link | Break:
    chain = _chain()
    last = Link(chain.first_seq - 1, chain.first_hash)
    while rows := _sealed_after(last.seq, chain.last_seq):
        found = first_break(rows, last)
        if isinstance(found, Break):
            moved = _chain()
            if moved.first_seq <= found.seq:
                return found
            # What was about to be read has gone to the archive meanwhile.
            found = Link(moved.first_seq - 1, moved.first_hash)
        last = found
    if last.seq < chain.last_seq:
        return Break(last.seq + 1, None, "记录缺失")
    if last.seq == chain.last_seq and last.hash != chain.last_hash:
        return Break(last.seq, None, "链的末尾与登记不符")
    return last


def _chain() -> AuditChain:
    query = sa.select(AuditChain).execution_options(populate_existing=True)
    return db.session.scalars(query).one()


def _sealed_after(seq: int, last: int) -> list[Mapping[str, Any]]:
    query = sa.select(*_COLUMNS).where(AuditEntry.seal_seq > seq, AuditEntry.seal_seq <= last)
    return _entries(query.order_by(AuditEntry.seal_seq).limit(BATCH))
