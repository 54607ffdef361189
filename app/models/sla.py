"""时限: the policies, the versions of the work calendar, and the running clocks."""

from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from app.db import Model
from app.domain.late_rungs import LATE_RUNGS
from app.domain.limits import Unit
from app.domain.sla_clock import ClockKind
from app.domain.vocabulary import TicketClass
from app.models.columns import Id, Instant, Json, JsonList, Recorded, one_of


class SlaPolicy(Model):
    """时限标准: what a class may take, from a day on. `amount` NULL: set when the clock starts.

    Of the time to finish also how far it may be extended, in working days: by so many in all
    (`extension_days`), to so many in all (`total_days`); not at all where both are NULL. From
    `nudge_percent` on its ladder (`app.domain.ladder`), NULL for a rung that it has not.
    """

    __tablename__ = "sla_policies"

    id: Mapped[Id]
    ticket_class: Mapped[str] = mapped_column(sa.Text)
    clock: Mapped[str] = mapped_column(sa.Text)
    amount: Mapped[int | None]
    unit: Mapped[str] = mapped_column(sa.Text)
    effective_from: Mapped[date]
    extension_days: Mapped[int | None]
    total_days: Mapped[int | None]
    nudge_percent: Mapped[int | None]
    remind_percent: Mapped[int | None]
    remind_after_days: Mapped[int | None]
    yellow_percent: Mapped[int | None]
    order_days: Mapped[int | None]
    bulletin_days: Mapped[int | None]
    escalation_days: Mapped[int | None]

    __table_args__ = (
        one_of("ticket_class", TicketClass),
        one_of("clock", ClockKind),
        one_of("unit", Unit),
        sa.CheckConstraint("amount > 0", name="amount"),
        sa.CheckConstraint(
            "extension_days > 0 AND clock = 'finish' AND unit = 'working_days'"
            " OR extension_days IS NULL",
            name="extension_days",
        ),
        sa.CheckConstraint(
            "total_days > 0 AND clock = 'finish' AND unit = 'working_days' OR total_days IS NULL",
            name="total_days",
        ),
        sa.CheckConstraint(
            "nudge_percent BETWEEN 1 AND 99 AND remind_percent BETWEEN 1 AND 99"
            " AND yellow_percent BETWEEN 1 AND 99 AND remind_after_days > 0"
            " AND order_days > 0 AND bulletin_days > 0 AND escalation_days > 0",
            name="ladder_numbers",
        ),
        sa.CheckConstraint(
            "nudge_percent < remind_percent AND nudge_percent < yellow_percent"
            " AND remind_percent < yellow_percent AND order_days < bulletin_days"
            " AND order_days < escalation_days AND bulletin_days < escalation_days",
            name="ladder_upwards",
        ),
        sa.CheckConstraint(
            "num_nonnulls(remind_percent, remind_after_days) < 2", name="one_reminder"
        ),
        sa.UniqueConstraint("ticket_class", "clock", "effective_from", name="uq_sla_policies_from"),
    )


class WorkCalendarVersion(Model):
    """工作日历的一个版本. Never changed once published; a newer version is a new row."""

    __tablename__ = "work_calendars"

    version: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    document: Mapped[Json]
    published_at: Mapped[Recorded]


class SlaClock(Model):
    """时限钟. Running: `due_at`; paused: `remaining_seconds`; stopped: `stopped_at`."""

    __tablename__ = "sla_clocks"

    id: Mapped[Id]
    ticket_id: Mapped[int] = mapped_column(sa.ForeignKey("tickets.id"))
    kind: Mapped[str] = mapped_column(sa.Text)
    round: Mapped[int] = mapped_column(sa.SmallInteger)
    organisation_id: Mapped[int | None] = mapped_column(sa.ForeignKey("organisations.id"))
    limit_amount: Mapped[int]
    limit_unit: Mapped[str] = mapped_column(sa.Text)
    policy_id: Mapped[int | None] = mapped_column(sa.ForeignKey("sla_policies.id"))
    calendar_version: Mapped[int] = mapped_column(sa.ForeignKey("work_calendars.version"))
    started_at: Mapped[Instant]
    due_at: Mapped[Instant | None]
    remind_at: Mapped[Instant | None]
    yellow_at: Mapped[Instant | None]
    remaining_seconds: Mapped[int | None]
    paused_at: Mapped[Instant | None]
    pauses: Mapped[JsonList]
    stopped_at: Mapped[Instant | None]
    reminded_at: Mapped[Instant | None]
    warned_at: Mapped[Instant | None]
    overdue_at: Mapped[Instant | None]
    extended_by: Mapped[int] = mapped_column(sa.SmallInteger, server_default="0")
    hours_area: Mapped[str] = mapped_column(sa.Text, server_default="")
    nudge_at: Mapped[Instant | None]
    nudged_at: Mapped[Instant | None]
    late_ats: Mapped[JsonList]
    late_rung: Mapped[str | None] = mapped_column(sa.Text)
    climb_at: Mapped[Instant | None]

    __table_args__ = (
        one_of("kind", ClockKind),
        one_of("limit_unit", Unit),
        one_of("late_rung", LATE_RUNGS),
        sa.CheckConstraint(
            "(paused_at IS NULL) = (remaining_seconds IS NULL)"
            " AND (remaining_seconds IS NULL OR due_at IS NULL)",
            name="running_or_paused",
        ),
        sa.UniqueConstraint(
            "ticket_id",
            "round",
            "kind",
            "organisation_id",
            name="uq_sla_clocks_key",
            postgresql_nulls_not_distinct=True,
        ),
        sa.Index(
            "ix_sla_clocks_to_remind",
            "remind_at",
            postgresql_where=sa.text(
                "stopped_at IS NULL AND reminded_at IS NULL AND warned_at IS NULL"
                " AND overdue_at IS NULL"
            ),
        ),
        sa.Index(
            "ix_sla_clocks_to_warn",
            "yellow_at",
            postgresql_where=sa.text(
                "stopped_at IS NULL AND warned_at IS NULL AND overdue_at IS NULL"
            ),
        ),
        sa.Index(
            "ix_sla_clocks_running",
            "due_at",
            postgresql_where=sa.text("stopped_at IS NULL AND overdue_at IS NULL"),
        ),
        sa.Index(
            "ix_sla_clocks_calendar",
            "calendar_version",
            "hours_area",
            "due_at",
            postgresql_where=sa.text("stopped_at IS NULL"),
        ),
        sa.Index(
            "ix_sla_clocks_to_nudge",
            "nudge_at",
            postgresql_where=sa.text(
                "stopped_at IS NULL AND nudged_at IS NULL AND reminded_at IS NULL"
                " AND warned_at IS NULL AND overdue_at IS NULL"
            ),
        ),
        sa.Index(
            "ix_sla_clocks_to_climb",
            "climb_at",
            postgresql_where=sa.text("stopped_at IS NULL AND overdue_at IS NOT NULL"),
        ),
        sa.Index("ix_sla_clocks_due", "kind", "due_at"),
        sa.Index(
            "ix_sla_clocks_finished", "stopped_at", postgresql_where=sa.text("kind = 'finish'")
        ),
        sa.Index(
            "ix_sla_clocks_reworked",
            "ticket_id",
            "round",
            postgresql_where=sa.text("kind = 'finish' AND round > 1"),
        ),
    )
