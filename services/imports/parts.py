"""The uploaded file while it waits: in sealed parts, so that no one holds it many times over."""

import base64
from io import BytesIO

import sqlalchemy as sa

from app.db import db
from app.domain.errors import Conflict
from app.models.import_batch import ImportPart
from app.sealing import seal, unseal

PART_BYTES = 768 * 1024
COLUMN = "import_parts.content"


def keep_parts(batch_id: int, content: bytes) -> None:
    """Keep the file of a batch until it is worked."""
    for number, begin in enumerate(range(0, len(content), PART_BYTES)):
        text = base64.b64encode(content[begin : begin + PART_BYTES]).decode()
        part = {"batch_id": batch_id, "part": number, "content": seal(text, COLUMN)}
        db.session.execute(sa.insert(ImportPart), part)


def open_parts(batch_id: int) -> BytesIO:
    """The file of a batch that has not been worked to its end. Raises `Conflict`."""
    file = BytesIO()
    numbers = sa.select(ImportPart.part).where(ImportPart.batch_id == batch_id)
    for number in db.session.scalars(numbers.order_by(ImportPart.part)).all():
        one = sa.select(ImportPart.content).where(
            ImportPart.batch_id == batch_id, ImportPart.part == number
        )
        file.write(base64.b64decode(unseal(db.session.scalar(one) or b"", COLUMN)))
    if not file.tell():
        raise Conflict("这一批次已经处理。")
    file.seek(0)
    return file


def drop_parts(batch_id: int) -> None:
    """The file is not needed any more."""
    db.session.execute(sa.delete(ImportPart).where(ImportPart.batch_id == batch_id))
