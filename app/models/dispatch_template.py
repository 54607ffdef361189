"""派单模板: what units are told again and again, and whether their silence is consent."""

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from app.db import Model
from app.models.columns import Id, Recorded


class DispatchTemplate(Model):
    """派单模板. Only what one of these says makes the silence of a helping unit a consent."""

    __tablename__ = "dispatch_templates"

    id: Mapped[Id]
    code: Mapped[str] = mapped_column(sa.Text, unique=True)
    name: Mapped[str] = mapped_column(sa.Text)
    instruction: Mapped[str] = mapped_column(sa.Text)
    silence_is_consent: Mapped[bool] = mapped_column(server_default=sa.false())
    is_active: Mapped[bool] = mapped_column(server_default=sa.true())
    created_at: Mapped[Recorded]
