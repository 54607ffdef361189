"""诉求工单: one request by one enterprise, and where it stands. Written by one writer only."""

from datetime import date

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column

from app.db import Model
from app.domain.vocabulary import (
    Channel,
    EscalationCause,
    Kind,
    LapseGround,
    ResultCode,
    Status,
    Step,
    TicketClass,
)
from app.models.columns import Hash, Id, Instant, Json, Sealed, one_of

ticket_number_sequence = sa.Sequence(
    "ticket_number_seq", minvalue=1, maxvalue=999_999, cycle=True, metadata=Model.metadata
)


class Ticket(Model):
    """诉求工单.

    Facts and status must agree (CHECKs below). `policies_on` is the day whose policies hold since
    a retarget, NULL the day of submission. The last six columns mirror the clock of the present
    step, so that one indexed column drives every queue.
    """

    __tablename__ = "tickets"

    id: Mapped[Id]
    number: Mapped[str] = mapped_column(sa.Text, unique=True)
    enterprise_id: Mapped[int] = mapped_column(sa.ForeignKey("enterprises.id"))
    kind: Mapped[str] = mapped_column(sa.Text)
    channel: Mapped[str] = mapped_column(sa.Text)
    title: Mapped[str] = mapped_column(sa.Text)
    body: Mapped[str] = mapped_column(sa.Text)
    contact_name: Mapped[Sealed | None]
    contact_phone: Mapped[Sealed | None]
    is_confidential: Mapped[bool] = mapped_column(server_default=sa.false())
    is_unreasonable: Mapped[bool] = mapped_column(server_default=sa.false())
    needs_pressure_check: Mapped[bool] = mapped_column(server_default=sa.false())
    is_anonymous: Mapped[bool] = mapped_column(server_default=sa.false())
    complained_housekeeper_id: Mapped[int | None] = mapped_column(sa.ForeignKey("housekeepers.id"))
    complained_organisation_ids: Mapped[list[int]] = mapped_column(
        ARRAY(sa.BigInteger), server_default="{}"
    )
    category_code: Mapped[str | None] = mapped_column(sa.ForeignKey("categories.code"))
    ticket_class: Mapped[str | None] = mapped_column(sa.Text)
    area_code: Mapped[str] = mapped_column(sa.ForeignKey("areas.code"))
    housekeeper_id: Mapped[int | None] = mapped_column(sa.ForeignKey("housekeepers.id"))
    intake_organisation_id: Mapped[int | None] = mapped_column(sa.ForeignKey("organisations.id"))
    submitted_by: Mapped[int] = mapped_column(sa.ForeignKey("accounts.id"))

    parent_id: Mapped[int | None] = mapped_column(sa.ForeignKey("tickets.id", ondelete="SET NULL"))
    status: Mapped[str] = mapped_column(sa.Text)
    step: Mapped[str] = mapped_column(sa.Text)
    round: Mapped[int] = mapped_column(sa.SmallInteger, server_default="1")
    version: Mapped[int] = mapped_column(server_default="1")
    event_seq: Mapped[int]
    event_head: Mapped[Hash]

    submitted_at: Mapped[Instant]
    contacted_at: Mapped[Instant | None]
    contact_confirmed: Mapped[bool | None]
    last_contact_at: Mapped[Instant | None]
    accepted_at: Mapped[Instant | None]
    transferred_to: Mapped[str | None] = mapped_column(sa.Text)
    transferred_at: Mapped[Instant | None]
    refused_at: Mapped[Instant | None]
    withdrawn_at: Mapped[Instant | None]
    merged_at: Mapped[Instant | None]
    passed_on_at: Mapped[Instant | None]
    first_completed_at: Mapped[Instant | None]
    completed_at: Mapped[Instant | None]
    delivered_at: Mapped[Instant | None]
    archived_at: Mapped[Instant | None]
    changed_at: Mapped[Instant]

    refusal_proposed_by: Mapped[int | None] = mapped_column(sa.ForeignKey("accounts.id"))
    refusal: Mapped[Json | None]
    suspended_from: Mapped[str | None] = mapped_column(sa.Text)
    promised_days: Mapped[int | None]
    policies_on: Mapped[date | None]
    supplement_count: Mapped[int] = mapped_column(sa.SmallInteger, server_default="0")
    lead_organisation_id: Mapped[int | None] = mapped_column(sa.ForeignKey("organisations.id"))
    handler_account_ids: Mapped[list[int]] = mapped_column(
        ARRAY(sa.BigInteger), server_default="{}"
    )
    handler_organisation_ids: Mapped[list[int]] = mapped_column(
        ARRAY(sa.BigInteger), server_default="{}"
    )
    tier: Mapped[int] = mapped_column(sa.SmallInteger, server_default="1")
    escalation_cause: Mapped[str | None] = mapped_column(sa.Text)
    result_code: Mapped[str | None] = mapped_column(sa.Text)
    lapse_ground: Mapped[str | None] = mapped_column(sa.Text)
    resubmitted_from: Mapped[str | None] = mapped_column(sa.Text)
    open_matters: Mapped[list[str]] = mapped_column(ARRAY(sa.Text), server_default="{}")
    level: Mapped[int | None] = mapped_column(sa.SmallInteger)
    may_rate_again: Mapped[bool] = mapped_column(server_default=sa.false())
    urge_count: Mapped[int] = mapped_column(sa.SmallInteger, server_default="0")
    urged_at: Mapped[Instant | None]
    urge_again_at: Mapped[Instant | None]
    is_urged: Mapped[bool] = mapped_column(server_default=sa.false())

    due_at: Mapped[Instant | None]
    yellow_at: Mapped[Instant | None]
    remaining_seconds: Mapped[int | None]
    limit_unit: Mapped[str | None] = mapped_column(sa.Text)
    calendar_version: Mapped[int | None]
    hours_area: Mapped[str | None] = mapped_column(sa.Text)

    __table_args__ = (
        one_of("kind", Kind),
        one_of("channel", Channel),
        one_of("ticket_class", TicketClass),
        one_of("status", Status),
        one_of("step", Step),
        one_of("result_code", ResultCode),
        one_of("lapse_ground", LapseGround),
        one_of("escalation_cause", EscalationCause),
        sa.CheckConstraint(
            "tier BETWEEN 1 AND 3 AND (tier = 1) = (escalation_cause IS NULL)", name="tier"
        ),
        sa.CheckConstraint(
            "(transferred_to IS NULL) = (transferred_at IS NULL)", name="transferred"
        ),
        sa.CheckConstraint("lapse_ground IS NULL OR status = 'withdrawn'", name="lapsed"),
        sa.CheckConstraint(
            "contact_confirmed IS NULL OR contacted_at IS NOT NULL", name="contact_confirmed"
        ),
        sa.CheckConstraint(
            "(urge_count = 0) = (urged_at IS NULL) AND (urge_count = 0) = (urge_again_at IS NULL)"
            " AND (urge_count > 0 OR NOT is_urged)",
            name="urged",
        ),
        sa.CheckConstraint("level BETWEEN 1 AND 5", name="level"),
        sa.CheckConstraint("event_seq >= 1 AND round >= 1 AND version >= 1", name="counters"),
        sa.CheckConstraint(
            "status IN ('submitted', 'supplementing', 'refused', 'withdrawn', 'merged')"
            " OR (accepted_at IS NOT NULL AND ticket_class IS NOT NULL"
            " AND category_code IS NOT NULL)",
            name="accepted_with_class",
        ),
        sa.CheckConstraint(
            "status NOT IN ('submitted', 'supplementing') OR accepted_at IS NULL",
            name="not_yet_accepted",
        ),
        sa.CheckConstraint(
            "(status IN ('feedback', 'revisiting', 'evaluating', 'archived'))"
            " = (completed_at IS NOT NULL AND result_code IS NOT NULL)",
            name="completed",
        ),
        sa.CheckConstraint(
            "status NOT IN ('revisiting', 'evaluating', 'archived') OR delivered_at IS NOT NULL",
            name="delivered",
        ),
        sa.CheckConstraint(
            "status <> 'handling' OR lead_organisation_id IS NOT NULL", name="has_lead"
        ),
        sa.CheckConstraint("(status = 'refused') = (refused_at IS NOT NULL)", name="refused"),
        sa.CheckConstraint("(status = 'withdrawn') = (withdrawn_at IS NOT NULL)", name="withdrawn"),
        sa.CheckConstraint("(status = 'merged') = (merged_at IS NOT NULL)", name="merged"),
        sa.CheckConstraint("(status = 'archived') = (archived_at IS NOT NULL)", name="archived"),
        sa.CheckConstraint(
            "refusal_proposed_by IS NULL OR status IN ('submitted', 'refused')",
            name="refusal_pending",
        ),
        sa.CheckConstraint(
            "(status = 'suspended') = (suspended_from IS NOT NULL)", name="suspended"
        ),
        sa.CheckConstraint(
            "suspended_from IN ('accepted', 'coordinating', 'handling')", name="suspended_from"
        ),
        sa.CheckConstraint("due_at IS NULL OR remaining_seconds IS NULL", name="running_or_paused"),
        sa.CheckConstraint(
            "status NOT IN ('archived', 'refused', 'withdrawn', 'merged') OR open_matters = '{}'"
            " OR (cardinality(open_matters) = 1 AND open_matters[1] LIKE 'purge/%')",
            name="nothing_open_at_the_end",
        ),
        sa.CheckConstraint(
            "status NOT IN ('archived', 'refused', 'withdrawn', 'merged')"
            " OR (due_at IS NULL AND remaining_seconds IS NULL)",
            name="no_clock_at_the_end",
        ),
        sa.Index("ix_tickets_enterprise", "enterprise_id", "due_at", "id"),
        sa.Index("ix_tickets_area_due", "area_code", "due_at", "id"),
        sa.Index(
            "ix_tickets_enterprise_open",
            "enterprise_id",
            "due_at",
            "id",
            postgresql_where=sa.text(
                "status NOT IN ('archived', 'refused', 'withdrawn', 'merged')"
            ),
        ),
        sa.Index("ix_tickets_due", "due_at", "id"),
        sa.Index("ix_tickets_changed_at", "changed_at", "id"),
        sa.Index(
            "ix_tickets_evaluating", "due_at", postgresql_where=sa.text("status = 'evaluating'")
        ),
        sa.Index("ix_tickets_submitted_at", "submitted_at"),
        sa.Index(
            "ix_tickets_accepted_at",
            "accepted_at",
            postgresql_where=sa.text("accepted_at IS NOT NULL"),
        ),
        sa.Index(
            "ix_tickets_completed_at",
            "completed_at",
            postgresql_where=sa.text("completed_at IS NOT NULL"),
        ),
        sa.Index(
            "ix_tickets_refused_at",
            "refused_at",
            postgresql_where=sa.text("refused_at IS NOT NULL"),
        ),
        sa.Index(
            "ix_tickets_withdrawn_at",
            "withdrawn_at",
            postgresql_where=sa.text("withdrawn_at IS NOT NULL"),
        ),
        sa.Index(
            "ix_tickets_archived_at",
            "archived_at",
            postgresql_where=sa.text("archived_at IS NOT NULL"),
        ),
        sa.Index(
            "uq_tickets_resubmitted_from",
            "resubmitted_from",
            unique=True,
            postgresql_where=sa.text("resubmitted_from IS NOT NULL"),
        ),
        sa.Index(
            "ix_tickets_to_check",
            "area_code",
            "due_at",
            "id",
            postgresql_where=sa.text("needs_pressure_check"),
        ),
        sa.Index(
            "ix_tickets_escalated",
            "area_code",
            "due_at",
            "id",
            postgresql_where=sa.text("tier > 1"),
        ),
        sa.Index(
            "ix_tickets_parent", "parent_id", postgresql_where=sa.text("parent_id IS NOT NULL")
        ),
        sa.Index(
            "ix_tickets_urged",
            "area_code",
            "due_at",
            "id",
            postgresql_where=sa.text("is_urged"),
        ),
        sa.Index("ix_tickets_intake", "intake_organisation_id", "due_at"),
    )
