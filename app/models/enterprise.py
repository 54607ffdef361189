"""企业登记: the enterprises and projects that housekeepers look after."""

from datetime import date
from decimal import Decimal

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column, validates

from app.db import Model
from app.domain.bigrams import name_words
from app.domain.register import CATEGORIES, OPERATING_STATES, VISIT_PREFERENCES
from app.models.columns import Hash, Id, Instant, Recorded, Sealed, one_of
from app.models.terms import PERSON, TAIL, areas, printed, terms_of

ENTERPRISE_TERMS = terms_of(
    "enterprises.name_words[2:]",
    "lower(enterprises.uscc::text)",
    printed(PERSON, "enterprises.contact_name_hash"),
    printed(PERSON, "enterprises.legal_person_hash"),
    printed(TAIL, "enterprises.contact_phone_tail_hash"),
    areas("coalesce(enterprises.managing_area_code, enterprises.area_code)"),
)


class Enterprise(Model):
    """企业或项目. Contact, phone and legal person are sealed; hashes find them again."""

    __tablename__ = "enterprises"

    id: Mapped[Id]
    name: Mapped[str] = mapped_column(sa.Text, index=True)
    name_words: Mapped[list[str]] = mapped_column(
        ARRAY(sa.Text), server_default="{}", deferred=True
    )
    uscc: Mapped[str | None] = mapped_column(sa.CHAR(18), unique=True)
    uscc_state: Mapped[str] = mapped_column(sa.Text, server_default="valid")
    primary_category: Mapped[str] = mapped_column(sa.Text)
    categories: Mapped[list[str]] = mapped_column(ARRAY(sa.Text))
    operating_state: Mapped[str] = mapped_column(sa.Text, server_default="投产运营")
    industry: Mapped[str | None] = mapped_column(sa.Text)
    scale: Mapped[str | None] = mapped_column(sa.Text)
    project_name: Mapped[str | None] = mapped_column(sa.Text)
    project_code: Mapped[str | None] = mapped_column(sa.Text)
    project_stage: Mapped[str | None] = mapped_column(sa.Text)
    total_investment: Mapped[Decimal | None] = mapped_column(sa.Numeric(16, 2))
    area_code: Mapped[str] = mapped_column(sa.ForeignKey("areas.code"), index=True)
    managing_area_code: Mapped[str | None] = mapped_column(sa.ForeignKey("areas.code"), index=True)
    registered_address: Mapped[str | None] = mapped_column(sa.Text)
    operating_address: Mapped[str | None] = mapped_column(sa.Text)
    legal_person: Mapped[Sealed | None]
    legal_person_hash: Mapped[Hash | None] = mapped_column(index=True)
    contact_name: Mapped[Sealed]
    contact_name_hash: Mapped[Hash] = mapped_column(index=True)
    contact_title: Mapped[str | None] = mapped_column(sa.Text)
    contact_phone: Mapped[Sealed]
    contact_phone_hash: Mapped[Hash] = mapped_column(index=True)
    contact_phone_tail_hash: Mapped[Hash] = mapped_column(index=True)
    reporting_organisation_id: Mapped[int] = mapped_column(
        sa.ForeignKey("organisations.id"), index=True
    )
    import_batch_id: Mapped[int | None] = mapped_column(
        sa.ForeignKey("import_batches.id"), index=True
    )
    remark: Mapped[str | None] = mapped_column(sa.Text)
    visit_preference: Mapped[str] = mapped_column(sa.Text, server_default="any")
    is_discredited: Mapped[bool] = mapped_column(server_default=sa.false())
    closed_on: Mapped[date | None]
    contact_verified_at: Mapped[Instant | None]
    created_at: Mapped[Recorded]
    updated_at: Mapped[Recorded]

    __table_args__ = (
        one_of("uscc_state", ("valid", "pending")),
        one_of("primary_category", CATEGORIES),
        one_of("operating_state", OPERATING_STATES),
        one_of("visit_preference", VISIT_PREFERENCES),
        sa.CheckConstraint("(uscc IS NULL) = (uscc_state = 'pending')", name="uscc_known"),
        sa.CheckConstraint("primary_category = ANY (categories)", name="primary_is_one"),
        sa.CheckConstraint("name_words[1] = name", name="words_of_name"),
        sa.Index("ix_enterprises_terms", ENTERPRISE_TERMS, postgresql_using="gin"),
        sa.Index(
            "uq_enterprises_pending_name_area",
            "name",
            "area_code",
            unique=True,
            postgresql_where=sa.text("uscc IS NULL"),
        ),
    )

    @validates("name")
    def _cut(self, _: str, name: str) -> str:
        self.name_words = name_words(name)
        return name
