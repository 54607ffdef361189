"""内容审核: what somebody of an enterprise wrote or uploaded, and whether others may read it."""

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from app.db import Model
from app.domain.content_checks import UNDECIDED, VEILED, Cause, CheckState
from app.models.columns import Id, Instant, is_one_of, one_of

IS_VEILED = sa.text(is_one_of("state", sorted(VEILED)))
"""Which rows keep something from others, word for word as their index has it."""

IS_UNDECIDED = sa.text(is_one_of("state", sorted(UNDECIDED)))


class ContentCheck(Model):
    """审核 of the text of an event, or of one picture that came with it.

    What is checked stands in the event and in the file alone. `created_at` and what people do is in
    business time, all else in real time: it is looked at again at `next_at`, and the platform has
    until `patient_until`. `label` is the platform's number for its reason, `reason` the people's.
    """

    __tablename__ = "content_checks"

    id: Mapped[Id]
    ticket_id: Mapped[int] = mapped_column(sa.ForeignKey("tickets.id"))
    event_seq: Mapped[int]
    attachment_id: Mapped[int | None] = mapped_column(sa.ForeignKey("attachments.id"))
    account_id: Mapped[int] = mapped_column(sa.ForeignKey("accounts.id"))
    created_at: Mapped[Instant]
    state: Mapped[str] = mapped_column(sa.Text, server_default="waiting")
    cause: Mapped[str | None] = mapped_column(sa.Text)
    label: Mapped[int | None]
    tries: Mapped[int] = mapped_column(sa.SmallInteger, server_default="0")
    next_at: Mapped[Instant]
    patient_until: Mapped[Instant]
    worker: Mapped[str | None] = mapped_column(sa.Text)
    leased_until: Mapped[Instant | None]
    trace_id: Mapped[str | None] = mapped_column(sa.Text, unique=True)
    ruled_by: Mapped[int | None] = mapped_column(sa.ForeignKey("accounts.id"))
    ruled_at: Mapped[Instant | None]
    reason: Mapped[str | None] = mapped_column(sa.Text)
    appeal: Mapped[str | None] = mapped_column(sa.Text)
    appealed_at: Mapped[Instant | None]

    __table_args__ = (
        one_of("state", CheckState),
        one_of("cause", Cause),
        sa.ForeignKeyConstraint(
            ["ticket_id", "event_seq"],
            ["ticket_events.ticket_id", "ticket_events.seq"],
            name="fk_content_checks_event",
        ),
        sa.CheckConstraint("(state = 'asking') = (leased_until IS NOT NULL)", name="leased"),
        sa.CheckConstraint(
            "state <> 'asked' OR trace_id IS NOT NULL AND attachment_id IS NOT NULL", name="asked"
        ),
        sa.CheckConstraint("state <> 'referred' OR cause IS NOT NULL", name="referred"),
        sa.CheckConstraint("num_nulls(ruled_by, ruled_at, reason) IN (0, 3)", name="ruled"),
        sa.CheckConstraint(
            "state NOT IN ('released', 'held_back') OR ruled_at IS NOT NULL", name="by_people"
        ),
        sa.CheckConstraint(
            "(appeal IS NULL) = (appealed_at IS NULL) AND (appeal IS NULL OR ruled_at IS NOT NULL)",
            name="appealed",
        ),
        sa.Index(
            "uq_content_checks_once",
            "ticket_id",
            "event_seq",
            "attachment_id",
            unique=True,
            postgresql_nulls_not_distinct=True,
        ),
        sa.Index("ix_content_checks_veiled", "ticket_id", "event_seq", postgresql_where=IS_VEILED),
        sa.Index("ix_content_checks_undecided", "id", postgresql_where=IS_UNDECIDED),
        sa.Index("ix_content_checks_author", "account_id", "id", postgresql_where=IS_VEILED),
    )
