"""audit and retention: entries that only grow, their chain and archives, legal holds."""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

INDEXES = {
    "ix_audit_entries_newest": "INDEX {} ON audit_entries (at, id)",
    "ix_audit_entries_account": "INDEX {} ON audit_entries (account_id, at, id)",
    "ix_audit_entries_subject": "INDEX {} ON audit_entries (subject, at, id)",
    "ix_audit_entries_action": "INDEX {} ON audit_entries (action, at, id)",
    "uq_audit_entries_seal_seq": (
        "UNIQUE INDEX {} ON audit_entries (seal_seq) WHERE seal_seq IS NOT NULL"
    ),
    "ix_audit_entries_unsealed": "INDEX {} ON audit_entries (id) WHERE seal_seq IS NULL",
}
REPLACED = {"ix_audit_entries_at": "INDEX {} ON audit_entries (at)"}

LEDGER = "fk_wechat_quota_entries_delivery_id_deliveries"

# Sealing is the one change: from unsealed to sealed, and nothing else with it. Only who retains
# (SET LOCAL guanjia.retaining = 'audit') deletes, and never what is younger than the law asks.
KEEP = """
CREATE FUNCTION keep_audit_entries() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' THEN
        IF OLD.seal_seq IS NULL AND NEW.seal_seq IS NOT NULL
            AND to_jsonb(OLD) - '{seal_seq,seal_hash}'::text[]
              = to_jsonb(NEW) - '{seal_seq,seal_hash}'::text[]
        THEN
            RETURN NEW;
        END IF;
    ELSIF TG_OP = 'DELETE' THEN
        IF current_setting('guanjia.retaining', true) = 'audit'
            AND OLD.seal_seq IS NOT NULL AND OLD.at < now() - interval '184 days'
        THEN
            RETURN OLD;
        END IF;
    END IF;
    RAISE EXCEPTION 'audit entries are append-only' USING ERRCODE = 'insufficient_privilege';
END
$$
"""
TRIGGERS = {
    "audit_entries_are_kept": "BEFORE UPDATE OR DELETE ON audit_entries FOR EACH ROW",
    "audit_entries_are_not_truncated": "BEFORE TRUNCATE ON audit_entries FOR EACH STATEMENT",
}


def upgrade() -> None:
    op.add_column(
        "audit_entries", sa.Column("result", sa.Text(), server_default="ok", nullable=False)
    )
    op.add_column("audit_entries", sa.Column("seal_seq", sa.BigInteger(), nullable=True))
    op.add_column("audit_entries", sa.Column("seal_hash", sa.LargeBinary(), nullable=True))
    op.create_check_constraint(
        op.f("ck_audit_entries_result"), "audit_entries", "result IN ('ok', 'refused')"
    )
    op.create_check_constraint(
        op.f("ck_audit_entries_sealed"),
        "audit_entries",
        "(seal_seq IS NULL) = (seal_hash IS NULL)",
    )
    _create_chain()
    _create_archives()
    _create_holds()
    _create_requests()
    op.execute(KEEP)
    _let_tickets_go()
    for name, trigger in TRIGGERS.items():
        op.execute(f"CREATE TRIGGER {name} {trigger} EXECUTE FUNCTION keep_audit_entries()")
    _exchange(INDEXES, REPLACED)


def downgrade() -> None:
    for name in TRIGGERS:
        op.execute(f"DROP TRIGGER {name} ON audit_entries")
    op.execute("DROP FUNCTION keep_audit_entries()")
    _keep_tickets()
    op.drop_column("accounts", "closed_at")
    op.drop_table("data_requests")
    op.drop_table("legal_holds")
    op.drop_table("audit_archives")
    op.drop_table("audit_chain")
    _exchange(REPLACED, INDEXES)
    for constraint in ("ck_audit_entries_sealed", "ck_audit_entries_result"):
        op.drop_constraint(op.f(constraint), "audit_entries", type_="check")
    for column in ("seal_hash", "seal_seq", "result"):
        op.drop_column("audit_entries", column)


def _create_chain() -> None:
    op.create_table(
        "audit_chain",
        sa.Column("id", sa.Integer(), server_default="1", autoincrement=False, nullable=False),
        sa.Column("first_seq", sa.BigInteger(), nullable=False),
        sa.Column("first_hash", sa.LargeBinary(), nullable=False),
        sa.Column("last_seq", sa.BigInteger(), nullable=False),
        sa.Column("last_hash", sa.LargeBinary(), nullable=False),
        sa.Column("sealed_at", sa.TIMESTAMP(timezone=True), nullable=True),
        sa.Column("verified_at", sa.TIMESTAMP(timezone=True), nullable=True),
        sa.Column("verified_seq", sa.BigInteger(), nullable=True),
        sa.Column("broken_seq", sa.BigInteger(), nullable=True),
        sa.Column("broken_reason", sa.Text(), nullable=True),
        sa.CheckConstraint("id = 1", name=op.f("ck_audit_chain_one_row")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_chain")),
    )
    op.execute(
        "INSERT INTO audit_chain (first_seq, first_hash, last_seq, last_hash)"
        " VALUES (1, decode(repeat('00', 32), 'hex'), 0, decode(repeat('00', 32), 'hex'))"
    )


def _create_archives() -> None:
    op.create_table(
        "audit_archives",
        sa.Column("first_seq", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("last_seq", sa.BigInteger(), nullable=False),
        sa.Column("first_hash", sa.LargeBinary(), nullable=False),
        sa.Column("last_hash", sa.LargeBinary(), nullable=False),
        sa.Column("first_at", sa.TIMESTAMP(timezone=True), nullable=False),
        sa.Column("last_at", sa.TIMESTAMP(timezone=True), nullable=False),
        sa.Column("storage_key", sa.Text(), nullable=False),
        sa.Column("stored_at", sa.TIMESTAMP(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("first_seq", name=op.f("pk_audit_archives")),
        sa.UniqueConstraint("last_seq", name=op.f("uq_audit_archives_last_seq")),
        sa.UniqueConstraint("storage_key", name=op.f("uq_audit_archives_storage_key")),
    )


def _create_holds() -> None:
    op.create_table(
        "legal_holds",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("subject_kind", sa.Text(), nullable=False),
        sa.Column("subject_id", sa.BigInteger(), nullable=True),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("placed_by", sa.BigInteger(), nullable=False),
        sa.Column("placed_at", sa.TIMESTAMP(timezone=True), nullable=False),
        sa.Column("lifted_by", sa.BigInteger(), nullable=True),
        sa.Column("lifted_at", sa.TIMESTAMP(timezone=True), nullable=True),
        sa.CheckConstraint(
            "subject_kind IN ('ticket', 'enterprise', 'account', 'everything')",
            name=op.f("ck_legal_holds_subject_kind"),
        ),
        sa.CheckConstraint(
            "(subject_kind = 'everything') = (subject_id IS NULL)",
            name=op.f("ck_legal_holds_subject_id"),
        ),
        sa.CheckConstraint(
            "(lifted_by IS NULL) = (lifted_at IS NULL)", name=op.f("ck_legal_holds_lifted")
        ),
        sa.ForeignKeyConstraint(
            ["placed_by"], ["accounts.id"], name=op.f("fk_legal_holds_placed_by_accounts")
        ),
        sa.ForeignKeyConstraint(
            ["lifted_by"], ["accounts.id"], name=op.f("fk_legal_holds_lifted_by_accounts")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_legal_holds")),
    )
    op.create_index(
        "uq_legal_holds_standing",
        "legal_holds",
        ["subject_kind", "subject_id"],
        unique=True,
        postgresql_nulls_not_distinct=True,
        postgresql_where=sa.text("lifted_at IS NULL"),
    )


def _create_requests() -> None:
    op.add_column("accounts", sa.Column("closed_at", sa.TIMESTAMP(timezone=True), nullable=True))
    op.create_table(
        "data_requests",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("account_id", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("created_at", sa.TIMESTAMP(timezone=True), nullable=False),
        sa.Column("due_at", sa.TIMESTAMP(timezone=True), nullable=False),
        sa.Column("outcome", sa.Text(), nullable=True),
        sa.Column("answer", sa.Text(), nullable=True),
        sa.Column("answered_by", sa.BigInteger(), nullable=True),
        sa.Column("answered_at", sa.TIMESTAMP(timezone=True), nullable=True),
        sa.CheckConstraint(
            "kind IN ('export', 'correct', 'delete')", name=op.f("ck_data_requests_kind")
        ),
        sa.CheckConstraint(
            "outcome IN ('done', 'stored_only', 'refused')", name=op.f("ck_data_requests_outcome")
        ),
        sa.CheckConstraint(
            "(outcome IS NULL) = (answered_at IS NULL)", name=op.f("ck_data_requests_answered")
        ),
        sa.ForeignKeyConstraint(
            ["account_id"], ["accounts.id"], name=op.f("fk_data_requests_account_id_accounts")
        ),
        sa.ForeignKeyConstraint(
            ["answered_by"], ["accounts.id"], name=op.f("fk_data_requests_answered_by_accounts")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_data_requests")),
    )
    op.create_index(op.f("ix_data_requests_account_id"), "data_requests", ["account_id"])


def _let_tickets_go() -> None:
    op.add_column(
        "counted_tickets",
        sa.Column("is_gone", sa.Boolean(), server_default=sa.false(), nullable=False),
    )
    op.create_index(
        "ix_counted_tickets_gone",
        "counted_tickets",
        ["ticket_id"],
        postgresql_where=sa.text("is_gone"),
    )
    op.create_index(
        "ix_disclosures_ticket",
        "disclosures",
        ["ticket_id"],
        postgresql_where=sa.text("ticket_id IS NOT NULL"),
    )
    op.drop_constraint(LEDGER, "wechat_quota_entries", type_="foreignkey")


def _keep_tickets() -> None:
    # Entries whose deliveries have gone are not asked for them.
    op.execute(
        f"ALTER TABLE wechat_quota_entries ADD CONSTRAINT {LEDGER}"
        " FOREIGN KEY (delivery_id) REFERENCES deliveries (id) NOT VALID"
    )
    op.drop_index("ix_disclosures_ticket", "disclosures")
    op.drop_index("ix_counted_tickets_gone", "counted_tickets")
    op.drop_column("counted_tickets", "is_gone")


def _exchange(made: dict[str, str], dropped: dict[str, str]) -> None:
    with op.get_context().autocommit_block():
        # Building beside the running product waits for whoever is at work; nobody waits for it.
        op.execute("SET lock_timeout = 0")
        for name, index in made.items():
            op.execute(f"DROP INDEX CONCURRENTLY IF EXISTS {name}")
            op.execute(f"CREATE {index.format(f'CONCURRENTLY {name}')}")
        for name in dropped:
            op.execute(f"DROP INDEX CONCURRENTLY IF EXISTS {name}")
        op.execute("SET lock_timeout = '5s'")
