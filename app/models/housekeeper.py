"""企业管家: the named officials answerable for enterprises."""

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column, validates

from app.db import Model
from app.domain.bigrams import name_words
from app.domain.register import DUTY_STATES, GRADES
from app.models.columns import Hash, Id, Recorded, Sealed, one_of
from app.models.terms import TAIL, areas, printed, terms_of

HOUSEKEEPER_TERMS = terms_of(
    "housekeepers.name_words[2:]",
    printed(TAIL, "housekeepers.phone_tail_hash"),
    areas("housekeepers.area_code"),
)


class Housekeeper(Model):
    """企业管家. The mobile number, sealed, is unique through its hash."""

    __tablename__ = "housekeepers"

    id: Mapped[Id]
    name: Mapped[str] = mapped_column(sa.Text, index=True)
    name_words: Mapped[list[str]] = mapped_column(
        ARRAY(sa.Text), server_default="{}", deferred=True
    )
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

    __table_args__ = (
        one_of("grade", GRADES),
        one_of("duty_state", DUTY_STATES),
        sa.CheckConstraint("name_words[1] = name", name="words_of_name"),
        sa.Index("ix_housekeepers_terms", HOUSEKEEPER_TERMS, postgresql_using="gin"),
    )

    @validates("name")
    def _cut(self, _: str, name: str) -> str:
        self.name_words = name_words(name)
        return name
