"""小程序码: pictures that the platform made, kept so that it is asked once for each."""

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from app.db import Model
from app.models.columns import Hash, Id, Instant


class ProgramCode(Model):
    """小程序码 of a scene, a page and a release, which `digest` tells apart.

    The picture of an invitation opens an enterprise to whoever has it: the file is sealed, and goes
    with the row when it is of no use any more.
    """

    __tablename__ = "program_codes"

    id: Mapped[Id]
    digest: Mapped[Hash] = mapped_column(unique=True)
    media_type: Mapped[str] = mapped_column(sa.Text)
    size: Mapped[int]
    storage_key: Mapped[str] = mapped_column(sa.Text, unique=True)
    made_at: Mapped[Instant]
    expires_at: Mapped[Instant] = mapped_column(index=True)
