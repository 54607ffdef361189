"""企业管家: the named officials answerable for enterprises."""

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from app.db import Model
from app.domain.register import DUTY_STATES, GRADES
from app.models.columns import Hash, Id, Recorded, Sealed, one_of


class Housekeeper(Model):
    """企业管家. The mobile number, sealed, is unique through its hash."""

    __tablename__ = "housekeepers"

    id: Mapped[Id]
    name: Mapped[str] = mapped_column(sa.Text, index=True)
    phone: Mapped[Sealed]
    phone_hash: Mapped[Hash] = mapped_column(unique=True)
    phone_tail_hash: Mapped[Hash] = mapped_column(index=True)
    organisation_id: Mapped[int] = mapped_column(sa.ForeignKey("organisations.id"), index=True)
    department: Mapped[str | None] = mapped_column(sa.Text)
    job_title: Mapped[str | None] = mapped_column(sa.Text)
    area_code: Mapped[str] = mapped_column(sa.ForeignKey("areas.code"), index=True)
    grade: Mapped[str | None] = mapped_column(sa.Text)
    office_phone: Mapped[str | None] = mapped_column(sa.Text)
    duty_state: Mapped[str] = mapped_column(sa.Text, server_default="在岗")
    deputy_phone_hash: Mapped[Hash | None]
    import_batch_id: Mapped[int | None] = mapped_column(
        sa.ForeignKey("import_batches.id"), index=True
    )
    created_at: Mapped[Recorded]
    updated_at: Mapped[Recorded]

    __table_args__ = (one_of("grade", GRADES), one_of("duty_state", DUTY_STATES))
