"""小程序链接: addresses that the platform made, kept so that it is asked once for each."""

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from app.db import Model
from app.domain.program_links import LinkForm
from app.models.columns import Hash, Id, Instant, Sealed, one_of


class ProgramLink(Model):
    """小程序链接 to a page with its query, in a release and a form, which `digest` tells apart.

    Whoever has that of an invitation may enter an enterprise: it is sealed. Instants are real time.
    """

    __tablename__ = "program_links"

    id: Mapped[Id]
    digest: Mapped[Hash] = mapped_column(unique=True)
    form: Mapped[str] = mapped_column(sa.Text)
    link: Mapped[Sealed]
    made_at: Mapped[Instant]
    expires_at: Mapped[Instant] = mapped_column(index=True)

    __table_args__ = (one_of("form", LinkForm),)
