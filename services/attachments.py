"""附件: taken in by their content, handed out through links that last five minutes."""

import hashlib
import hmac
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, BinaryIO

import sqlalchemy as sa

from app.db import db
from app.domain.actor import Actor
from app.domain.errors import Forbidden, Gone, NotFound
from app.domain.file_types import clean_name, recognise
from app.domain.permissions import Permission, demand
from app.domain.retention import SWEEPER
from app.models.attachment import Attachment
from app.models.ticket import Ticket
from services import audit
from services.gateways.file_store import FileStore
from services.visibility.asking import NOTHING, Condition
from services.visibility.content_checks import is_file_veiled
from services.visibility.files import visible_attachments
from services.visibility.holds import (
    is_everything_held,
    is_held,
    is_ticket_held,
    keep_holds_as_they_are,
)

LINK_LIFETIME = timedelta(minutes=5)
UNUSED_LIFETIME = timedelta(days=1)


class Purged(Gone):
    """文件内容已按涉密清除程序删除。"""

    code = "purged"


class UnderReview(Forbidden):
    """内容审核中，审核之后才能查看。"""

    code = "content-under-review"


class LinkInvalid(Forbidden):
    """下载链接无效或已过期，请重新获取。"""

    code = "link-invalid"


@dataclass(frozen=True, slots=True)
class Upload:
    """A file as it was handed in."""

    filename: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Link:
    """A right to one file until `expires` (seconds since 1970, real time)."""

    attachment_id: int
    expires: int
    signature: str


def store(actor: Actor, upload: Upload, files: FileStore, *, at: datetime) -> dict[str, Any]:
    """Keep a file for the actor, who may then name it in an action; answers its metadata.

    Raises `Forbidden`, `TooLarge`, `InvalidInput` (what is not taken, and why).
    """
    demand(actor, Permission.UPLOAD)
    filename = clean_name(upload.filename)
    media_type = recognise(filename, upload.content)
    key = files.put(upload.content)
    described = {
        "account_id": actor.account_id,
        "filename": filename,
        "media_type": media_type.value,
        "size": len(upload.content),
        "sha256": hashlib.sha256(upload.content).digest(),
        "storage_key": key,
        "created_at": at,
    }
    try:
        stored = sa.insert(Attachment).values(described).returning(*_SHOWN)
        return _shown(db.session.execute(stored).mappings().one())
    except BaseException:
        files.remove(key)
        raise


def describe(actor: Actor, attachment_id: int) -> dict[str, Any]:
    """The metadata of a visible file. Raises `NotFound`, `Purged`, `UnderReview`."""
    row = _found(attachment_id, visible_attachments(actor), is_veiled=is_file_veiled(actor))
    if row["is_veiled"]:
        raise UnderReview
    return _shown(row)


def sign(
    attachment_id: int, link_key: bytes, *, lifetime: timedelta = LINK_LIFETIME, at: datetime
) -> Link:
    """A link to a file that the caller was allowed to see at `at` (real time)."""
    expires = int((at + lifetime).timestamp())
    return Link(attachment_id, expires, _signature(attachment_id, expires, link_key))


def open_link(
    link: Link, link_key: bytes, files: FileStore, *, at: datetime
) -> tuple[dict[str, Any], BinaryIO]:
    """The metadata and the content behind a link that is ours and still good at `at` (real time).

    Raises `LinkInvalid`, `NotFound`, `Purged`, `FileMissing`.
    """
    expected = _signature(link.attachment_id, link.expires, link_key)
    if not hmac.compare_digest(expected, link.signature) or at.timestamp() > link.expires:
        raise LinkInvalid
    row = _found(link.attachment_id)
    return _shown(row), files.open(row["storage_key"])


def abandoned_attachments(*, at: datetime) -> list[int]:
    """Files that no action took up within a day, and that nobody holds."""
    since = Attachment.created_at < at - UNUSED_LIFETIME
    unused = sa.select(Attachment.id).where(*_IS_UNUSED, since)
    return list(db.session.scalars(unused.order_by(Attachment.id)))


def discard(attachment_id: int, files: FileStore) -> bool:
    """Take an unused file away, row and content; False when an action has taken it up meanwhile."""
    keep_holds_as_they_are()
    unused = sa.delete(Attachment).where(Attachment.id == attachment_id, *_IS_UNUSED)
    key = db.session.scalar(unused.returning(Attachment.storage_key))
    if key is None:
        return False
    audit.record(SWEEPER, "delete_expired", f"attachment:{attachment_id}", {"files": 1})
    files.remove(key)
    return True


def attachments_to_erase() -> list[int]:
    """Files that were purged and whose content is still there, but for what is held by now."""
    return list(db.session.scalars(sa.select(Attachment.id).where(*_TO_ERASE)))


def erase(attachment_id: int, files: FileStore) -> bool:
    """Take the content of a purged file away; False when that is done, or somebody holds it."""
    keep_holds_as_they_are()
    query = sa.select(Attachment).where(Attachment.id == attachment_id, *_TO_ERASE)
    purged = db.session.scalar(query.with_for_update())
    if purged is None or purged.storage_key is None:
        return False
    audit.record(SWEEPER, "erase_purged", f"attachment:{attachment_id}", {"files": 1})
    # Before the commit: a key without its file goes with the next run, a file without a key never.
    files.remove(purged.storage_key)
    purged.storage_key = None
    db.session.flush()
    return True


_TO_ERASE = (
    Attachment.purged_at.is_not(None),
    Attachment.storage_key.is_not(None),
    sa.exists().where(Ticket.id == Attachment.ticket_id, sa.not_(is_ticket_held())),
)
_IS_UNUSED = (
    Attachment.ticket_id.is_(None),
    sa.not_(sa.or_(is_everything_held(), is_held("account", Attachment.account_id))),
)
_SHOWN = (
    Attachment.id,
    Attachment.filename,
    Attachment.media_type,
    Attachment.size,
    Attachment.sha256,
    Attachment.created_at,
)


def _found(
    attachment_id: int, *conditions: Condition, is_veiled: Condition = NOTHING
) -> Mapping[Any, Any]:
    beside = (Attachment.storage_key, Attachment.purged_at, is_veiled.label("is_veiled"))
    query = sa.select(*_SHOWN, *beside)
    row = (
        db.session.execute(query.where(Attachment.id == attachment_id, *conditions))
        .mappings()
        .one_or_none()
    )
    if row is None:
        raise NotFound
    if row["purged_at"] is not None:
        raise Purged
    return row


def _shown(row: Mapping[Any, Any]) -> dict[str, Any]:
    shown = {column.key: row[column.key] for column in _SHOWN}
    return shown | {"sha256": row["sha256"].hex()}


def _signature(attachment_id: int, expires: int, link_key: bytes) -> str:
    message = f"attachment:{attachment_id}:{expires}".encode()
    return hmac.new(link_key, message, hashlib.sha256).hexdigest()
