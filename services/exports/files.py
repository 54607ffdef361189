"""导出的文件: handed to its maker alone, through links that last five minutes, for some days."""

import base64
import hashlib
import hmac
from dataclasses import dataclass
from datetime import datetime, timedelta
from io import BytesIO

import sqlalchemy as sa

from app.db import db
from app.domain.actor import Actor
from app.domain.errors import Conflict, Forbidden, NotFound
from app.domain.permissions import Permission, demand
from app.domain.retention import SWEEPER
from app.models.export import Export
from app.sealing import unseal
from services import audit
from services.attachments import LinkInvalid
from services.exports.making import FILE_COLUMN
from services.gateways.file_store import FileStore
from services.visibility.exports import visible_exports
from services.visibility.holds import is_everything_held, is_held, keep_holds_as_they_are

LINK_LIFETIME = timedelta(minutes=5)
_IS_FREE = sa.not_(sa.or_(is_everything_held(), is_held("account", Export.account_id)))


class NoFile(Conflict):
    """这份导出没有可下载的文件：尚未生成，或已过保存期。"""

    code = "export-without-file"


@dataclass(frozen=True, slots=True)
class FileLink:
    """The maker's right to the file of an export until `expires` (seconds since 1970)."""

    export_id: int
    expires: int
    signature: str


def sign_file(actor: Actor, export_id: int, link_key: bytes, *, at: datetime) -> FileLink:
    """A link for the maker, which the audit keeps. `at` is real time.

    Raises `NotFound`, `NoFile`, `Forbidden`.
    """
    export = _own_file(actor, export_id)
    expires = int((at + LINK_LIFETIME).timestamp())
    facts = {"rows": export.rows, "purpose": export.purpose}
    audit.record(actor, "download_export", f"export:{export_id}", facts)
    return FileLink(export_id, expires, _signature(actor, export_id, expires, link_key))


def open_file(
    actor: Actor, link: FileLink, link_key: bytes, files: FileStore, *, at: datetime
) -> BytesIO:
    """The workbook behind a link of the actor's own that is still good at `at` (real time).

    Raises `NotFound`, `NoFile`, `Forbidden`, `LinkInvalid`, `FileMissing`.
    """
    export = _own_file(actor, link.export_id)
    expected = _signature(actor, link.export_id, link.expires, link_key)
    if not hmac.compare_digest(expected, link.signature) or at.timestamp() > link.expires:
        raise LinkInvalid
    with files.open(export.storage_key or "") as file:
        return BytesIO(base64.b64decode(unseal(file.read(), FILE_COLUMN)))


def expired_exports(*, at: datetime) -> list[int]:
    """Exports whose files have been kept long enough and that nobody holds."""
    expired = sa.select(Export.id).where(Export.state == "done", Export.expires_at <= at, _IS_FREE)
    return list(db.session.scalars(expired.order_by(Export.id)))


def discard_file(export_id: int, files: FileStore) -> bool:
    """Take the file of an export away; what was exported, by whom and why stays on record."""
    keep_holds_as_they_are()
    done = sa.select(Export).where(Export.id == export_id, Export.state == "done", _IS_FREE)
    export = db.session.scalar(done.with_for_update())
    if export is None or export.storage_key is None:
        return False
    files.remove(export.storage_key)
    export.state, export.storage_key = "expired", None
    db.session.flush()
    audit.record(SWEEPER, "delete_expired", f"export:{export_id}", {"files": 1})
    return True


def _own_file(actor: Actor, export_id: int) -> Export:
    demand(actor, Permission.EXPORT)
    query = sa.select(Export).where(Export.id == export_id, visible_exports(actor))
    export = db.session.scalar(query)
    if export is None:
        raise NotFound
    if export.state != "done":
        raise NoFile
    if export.account_id != actor.account_id:
        raise Forbidden("只有申请人可以下载。")
    return export


def _signature(actor: Actor, export_id: int, expires: int, link_key: bytes) -> str:
    message = f"export:{export_id}:{actor.account_id}:{expires}".encode()
    return hmac.new(link_key, message, hashlib.sha256).hexdigest()
