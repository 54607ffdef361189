"""pairing states: who proposed, confirmed and ended a pairing; limits, recusals, handovers."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

INSTANT = sa.TIMESTAMP(timezone=True)
NUMBER = sa.BigInteger()
ACTORS = {
    "proposed_by": "accounts",
    "confirmed_by": "accounts",
    "ended_by": "accounts",
    "handover_id": "handovers",
}
END_REASONS = (
    "replaced",
    "handed_over",
    "declined",
    "requested",
    "recusal",
    "left",
    "closed",
    "mistaken",
)
NEEDED = ("ticket_id", "event_seq")
ABOUT = "ck_notifications_about_one"
HANDOVER_INDEX = "ix_pairings_handover_id"
PROPOSED_INDEX = "ix_pairings_proposed"
CONTACT_INDEX = "ix_ticket_events_contact"
IS_CONTACT = (
    "action IN ('first_contact', 'submit', 'answer_directly')"
    " AND role IN ('housekeeper', 'deputy_housekeeper')"
)
TELLING = {"pairing_id": "pairings", "handover_id": "handovers"}


def _words(column: str, *values: str) -> str:
    return f"{column} IN ({', '.join(repr(value) for value in values)})"


def _id() -> sa.Column:
    return sa.Column("id", NUMBER, sa.Identity(always=False), nullable=False)


def _refers(table: str, column: str, target: str) -> sa.ForeignKeyConstraint:
    name = op.f(f"fk_{table}_{column}_{target}")
    return sa.ForeignKeyConstraint([column], [f"{target}.id"], name=name)


def upgrade() -> None:
    _make_handovers()
    _make_limits()
    _make_recusals()
    _extend_pairings()
    _make_change_requests()
    op.add_column("enterprises", sa.Column("contact_verified_at", INSTANT, nullable=True))
    _free_notifications()
    _index(CONTACT_INDEX, f"ticket_events (ticket_id, at) WHERE {IS_CONTACT}")


def _make_handovers() -> None:
    op.create_table(
        "handovers",
        _id(),
        sa.Column("housekeeper_id", NUMBER, nullable=False),
        sa.Column("receiver_id", NUMBER, nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("checklist", postgresql.JSONB(), nullable=False),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("opened_by", NUMBER, nullable=False),
        sa.Column("opened_at", INSTANT, nullable=False),
        sa.Column("due_at", INSTANT, nullable=False),
        sa.Column("settled_by", NUMBER, nullable=True),
        sa.Column("settled_at", INSTANT, nullable=True),
        sa.CheckConstraint(
            _words("reason", "leave", "transfer", "retirement", "request"),
            name=op.f("ck_handovers_reason"),
        ),
        sa.CheckConstraint(
            _words("state", "open", "signed", "cancelled"), name=op.f("ck_handovers_state")
        ),
        sa.CheckConstraint(
            "(state = 'open') = (settled_at IS NULL)", name=op.f("ck_handovers_settled")
        ),
        sa.CheckConstraint(
            "housekeeper_id <> receiver_id", name=op.f("ck_handovers_to_somebody_else")
        ),
        _refers("handovers", "housekeeper_id", "housekeepers"),
        _refers("handovers", "receiver_id", "housekeepers"),
        _refers("handovers", "opened_by", "accounts"),
        _refers("handovers", "settled_by", "accounts"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_handovers")),
    )
    op.create_index(op.f("ix_handovers_housekeeper_id"), "handovers", ["housekeeper_id"])
    op.create_index(op.f("ix_handovers_receiver_id"), "handovers", ["receiver_id"])


def _make_limits() -> None:
    limits = op.create_table(
        "pairing_limits",
        _id(),
        sa.Column("grade", sa.Text(), nullable=True),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("amount", sa.Integer(), nullable=False),
        sa.Column("effective_from", sa.Date(), nullable=False),
        sa.Column("set_by", NUMBER, nullable=True),
        sa.Column("created_at", INSTANT, server_default=sa.text("now()"), nullable=False),
        sa.CheckConstraint(
            _words("grade", "市领导", "县区领导", "部门", "乡镇街道", "社区网格"),
            name=op.f("ck_pairing_limits_grade"),
        ),
        sa.CheckConstraint(_words("kind", "key", "other"), name=op.f("ck_pairing_limits_kind")),
        sa.CheckConstraint("amount BETWEEN 0 AND 10000", name=op.f("ck_pairing_limits_amount")),
        _refers("pairing_limits", "set_by", "accounts"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pairing_limits")),
        sa.UniqueConstraint(
            "grade",
            "kind",
            "effective_from",
            name="uq_pairing_limits_one_a_day",
            postgresql_nulls_not_distinct=True,
        ),
    )
    first = sa.func.to_date("2024-01-01", "YYYY-MM-DD")
    for kind, amount in (("key", 10), ("other", 50)):
        op.execute(
            sa.insert(limits).values(grade=None, kind=kind, amount=amount, effective_from=first)
        )


def _make_recusals() -> None:
    op.create_table(
        "recusals",
        _id(),
        sa.Column("enterprise_id", NUMBER, nullable=False),
        sa.Column("housekeeper_id", NUMBER, nullable=True),
        sa.Column("organisation_id", NUMBER, nullable=True),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("recorded_by", NUMBER, nullable=False),
        sa.Column("recorded_at", INSTANT, nullable=False),
        sa.Column("lifted_by", NUMBER, nullable=True),
        sa.Column("lifted_at", INSTANT, nullable=True),
        sa.CheckConstraint(_words("kind", "relative", "inspecting"), name=op.f("ck_recusals_kind")),
        sa.CheckConstraint(
            "(kind = 'relative') = (housekeeper_id IS NOT NULL)"
            " AND (kind = 'inspecting') = (organisation_id IS NOT NULL)",
            name=op.f("ck_recusals_of_one"),
        ),
        _refers("recusals", "enterprise_id", "enterprises"),
        _refers("recusals", "housekeeper_id", "housekeepers"),
        _refers("recusals", "organisation_id", "organisations"),
        _refers("recusals", "recorded_by", "accounts"),
        _refers("recusals", "lifted_by", "accounts"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_recusals")),
    )
    op.create_index(
        "uq_recusals_standing",
        "recusals",
        ["enterprise_id", "housekeeper_id", "organisation_id"],
        unique=True,
        postgresql_nulls_not_distinct=True,
        postgresql_where=sa.text("lifted_at IS NULL"),
    )


def _extend_pairings() -> None:
    for column in ACTORS:
        op.add_column("pairings", sa.Column(column, NUMBER, nullable=True))
    op.add_column("pairings", sa.Column("confirmed_at", INSTANT, nullable=True))
    op.add_column("pairings", sa.Column("end_reason", sa.Text(), nullable=True))
    op.add_column("pairings", sa.Column("end_note", sa.Text(), nullable=True))
    op.add_column("pairings", sa.Column("grounds", postgresql.JSONB(), nullable=True))
    for column, target in ACTORS.items():
        name = op.f(f"fk_pairings_{column}_{target}")
        op.create_foreign_key(name, "pairings", target, [column], ["id"])
    op.create_check_constraint(
        op.f("ck_pairings_end_reason"), "pairings", _words("end_reason", *END_REASONS)
    )
    _index(HANDOVER_INDEX, "pairings (handover_id) WHERE handover_id IS NOT NULL")
    _index(PROPOSED_INDEX, "pairings (housekeeper_id, id) WHERE state = 'proposed'")


def _make_change_requests() -> None:
    op.create_table(
        "housekeeper_change_requests",
        _id(),
        sa.Column("enterprise_id", NUMBER, nullable=False),
        sa.Column("quarter", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("wish", sa.Text(), nullable=True),
        sa.Column("requested_by", NUMBER, nullable=False),
        sa.Column("requested_at", INSTANT, nullable=False),
        sa.Column("settled_by", NUMBER, nullable=True),
        sa.Column("settled_at", INSTANT, nullable=True),
        sa.Column("explanation", sa.Text(), nullable=True),
        sa.Column("pairing_id", NUMBER, nullable=True),
        sa.CheckConstraint(
            _words("state", "open", "granted", "declined"),
            name=op.f("ck_housekeeper_change_requests_state"),
        ),
        sa.CheckConstraint(
            "(state = 'open') = (settled_at IS NULL)",
            name=op.f("ck_housekeeper_change_requests_settled"),
        ),
        sa.CheckConstraint(
            "state <> 'declined' OR explanation IS NOT NULL",
            name=op.f("ck_housekeeper_change_requests_explained"),
        ),
        sa.CheckConstraint(
            "(state = 'granted') = (pairing_id IS NOT NULL)",
            name=op.f("ck_housekeeper_change_requests_granted"),
        ),
        _refers("housekeeper_change_requests", "enterprise_id", "enterprises"),
        _refers("housekeeper_change_requests", "requested_by", "accounts"),
        _refers("housekeeper_change_requests", "settled_by", "accounts"),
        _refers("housekeeper_change_requests", "pairing_id", "pairings"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_housekeeper_change_requests")),
        sa.UniqueConstraint(
            "enterprise_id", "quarter", name="uq_housekeeper_change_requests_once_a_quarter"
        ),
    )


def _free_notifications() -> None:
    """A message may be about a pairing or a handover instead of a ticket."""
    for column in NEEDED:
        op.alter_column("notifications", column, nullable=True)
    for column, target in TELLING.items():
        op.add_column("notifications", sa.Column(column, NUMBER, nullable=True))
        name = op.f(f"fk_notifications_{column}_{target}")
        op.create_foreign_key(name, "notifications", target, [column], ["id"])
        _index(
            f"uq_notifications_{target}",
            f"notifications ({column}, kind, account_id, channel) WHERE {column} IS NOT NULL",
            unique=True,
        )
    op.execute(
        f"ALTER TABLE notifications ADD CONSTRAINT {ABOUT}"
        " CHECK (num_nonnulls(ticket_id, pairing_id, handover_id) = 1) NOT VALID"
    )
    op.execute(f"ALTER TABLE notifications VALIDATE CONSTRAINT {ABOUT}")


def _index(name: str, on: str, *, unique: bool = False) -> None:
    """Beside the running product: building waits for whoever is at work; nobody waits for it."""
    kind = "UNIQUE INDEX" if unique else "INDEX"
    with op.get_context().autocommit_block():
        op.execute("SET lock_timeout = 0")
        op.execute(f"DROP INDEX CONCURRENTLY IF EXISTS {name}")
        op.execute(f"CREATE {kind} CONCURRENTLY {name} ON {on}")
        op.execute("SET lock_timeout = '5s'")


def downgrade() -> None:
    op.drop_index(CONTACT_INDEX, "ticket_events")
    op.execute("DELETE FROM notifications WHERE ticket_id IS NULL")
    op.drop_constraint(ABOUT, "notifications")
    for column in TELLING:
        op.drop_column("notifications", column)
    for column in NEEDED:
        op.alter_column("notifications", column, nullable=False)
    op.drop_column("enterprises", "contact_verified_at")
    op.drop_table("housekeeper_change_requests")
    op.drop_index(PROPOSED_INDEX, "pairings")
    for column in ("grounds", "end_note", "end_reason", "confirmed_at", *ACTORS):
        op.drop_column("pairings", column)
    for table in ("recusals", "pairing_limits", "handovers"):
        op.drop_table(table)
