"""purge: the content of a file may go and leave a tombstone, from archived tickets too."""

import sqlalchemy as sa
from alembic import op

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None

AN_INSTANT = sa.TIMESTAMP(timezone=True)
KINDS = (
    "return",
    "consultation",
    "joint_meeting",
    "extension",
    "suspension",
    "deferral",
    "unreasonable",
    "rectification",
    "set_aside",
    "tracking",
)
NEW_KINDS = ("purge",)
NOTHING_OPEN = "status NOT IN ('archived', 'refused', 'withdrawn', 'merged') OR open_matters = '{}'"
BUT_A_PURGE = " OR (cardinality(open_matters) = 1 AND open_matters[1] LIKE 'purge/%')"

KEEP = """
CREATE OR REPLACE FUNCTION keep_tickets() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    free CONSTANT text[] := '{area_code,contact_name,contact_phone}';
    told CONSTANT text[] := free || '{open_matters,version,event_seq,event_head,changed_at}'::text[];
BEGIN
    IF TG_OP = 'DELETE' AND current_setting('guanjia.retaining', true) = 'tickets' THEN
        RETURN OLD;
    END IF;
    IF TG_OP = 'UPDATE' AND TG_TABLE_NAME = 'tickets' THEN
        IF to_jsonb(OLD) - free = to_jsonb(NEW) - free THEN
            RETURN NEW;
        END IF;
        IF to_jsonb(OLD) - told = to_jsonb(NEW) - told
            AND NEW.event_seq = OLD.event_seq + 1 AND NEW.version = OLD.version + 1
        THEN
            RETURN NEW;
        END IF;
    END IF;
    RAISE EXCEPTION 'the history of tickets is append-only, and what is archived stays as it is'
        USING ERRCODE = 'insufficient_privilege';
END
$$
"""
"""What an event about a purge moves on an archived ticket is let through here; that there is such
an event the second trigger asks, after the statement that writes both."""

ONLY_PURGES = """
CREATE FUNCTION add_only_purges() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (
        SELECT FROM ticket_events e
        WHERE e.ticket_id = NEW.id AND e.seq = NEW.event_seq AND e.hash = NEW.event_head
            AND e.action IN ('request_purge', 'rule_purge')
    ) THEN
        RAISE EXCEPTION 'the history of tickets is append-only: to an archived one only purges add'
            USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN NULL;
END
$$
"""
TRIGGER = """
CREATE TRIGGER archived_tickets_are_purged AFTER UPDATE ON tickets FOR EACH ROW
WHEN (OLD.status = 'archived' AND OLD.event_seq <> NEW.event_seq)
EXECUTE FUNCTION add_only_purges()
"""
KEPT_BEFORE = """
CREATE OR REPLACE FUNCTION keep_tickets() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' AND current_setting('guanjia.retaining', true) = 'tickets' THEN
        RETURN OLD;
    END IF;
    IF TG_OP = 'UPDATE' AND TG_TABLE_NAME = 'tickets'
        AND to_jsonb(OLD) - '{area_code,contact_name,contact_phone}'::text[]
          = to_jsonb(NEW) - '{area_code,contact_name,contact_phone}'::text[]
    THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'the history of tickets is append-only, and what is archived stays as it is'
        USING ERRCODE = 'insufficient_privilege';
END
$$
"""
FORGET_PURGES = """
UPDATE tickets SET open_matters = ARRAY(
    SELECT one FROM unnest(open_matters) WITH ORDINALITY AS told(one, place)
    WHERE one NOT LIKE 'purge/%' ORDER BY place
) WHERE array_to_string(open_matters, ' ') LIKE '%purge/%'
"""


def upgrade() -> None:
    op.add_column("attachments", sa.Column("purged_at", AN_INSTANT, nullable=True))
    op.add_column("attachments", sa.Column("purged_by", sa.BigInteger(), nullable=True))
    op.add_column("attachments", sa.Column("purge_reason", sa.Text(), nullable=True))
    op.alter_column("attachments", "storage_key", nullable=True)
    op.create_foreign_key(
        "fk_attachments_purged_by_accounts", "attachments", "accounts", ["purged_by"], ["id"]
    )
    _check("attachments", "purged", "num_nulls(purged_at, purged_by, purge_reason) IN (0, 3)")
    _check("attachments", "stored", "storage_key IS NOT NULL OR purged_at IS NOT NULL")
    _recheck("ticket_matters", "kind", _among((*KINDS, *NEW_KINDS)))
    _recheck("tickets", "nothing_open_at_the_end", NOTHING_OPEN + BUT_A_PURGE)
    for statement in (KEEP, ONLY_PURGES, TRIGGER):
        op.execute(statement)
    with op.get_context().autocommit_block():
        op.create_index(
            "ix_attachments_to_erase",
            "attachments",
            ["id"],
            postgresql_where=sa.text("purged_at IS NOT NULL AND storage_key IS NOT NULL"),
            postgresql_concurrently=True,
        )


def downgrade() -> None:
    """What was purged stays purged: its row keeps a key under which nothing lies."""
    op.execute("DROP TRIGGER archived_tickets_are_purged ON tickets")
    op.execute("DROP FUNCTION add_only_purges()")
    op.execute("ALTER TABLE tickets DISABLE TRIGGER archived_tickets_are_kept")
    op.execute(FORGET_PURGES)
    op.execute("ALTER TABLE tickets ENABLE TRIGGER archived_tickets_are_kept")
    op.execute(KEPT_BEFORE)
    _recheck("tickets", "nothing_open_at_the_end", NOTHING_OPEN)
    op.execute("DELETE FROM ticket_matters WHERE kind = 'purge'")
    _recheck("ticket_matters", "kind", _among(KINDS))
    op.drop_index("ix_attachments_to_erase", table_name="attachments")
    op.drop_constraint("ck_attachments_stored", "attachments")
    op.execute("UPDATE attachments SET storage_key = 'gone-' || id WHERE storage_key IS NULL")
    op.alter_column("attachments", "storage_key", nullable=False)
    for column in ("purge_reason", "purged_by", "purged_at"):
        op.drop_column("attachments", column)


def _among(kinds: tuple[str, ...]) -> str:
    return f"kind IN ({', '.join(repr(kind) for kind in kinds)})"


def _recheck(table: str, name: str, condition: str) -> None:
    op.drop_constraint(f"ck_{table}_{name}", table)
    _check(table, name, condition)


def _check(table: str, name: str, condition: str) -> None:
    """Added without a look at the rows, which is a matter of a moment, and then looked at."""
    op.execute(
        f"ALTER TABLE {table} ADD CONSTRAINT ck_{table}_{name} CHECK ({condition}) NOT VALID"
    )
    op.execute(f"ALTER TABLE {table} VALIDATE CONSTRAINT ck_{table}_{name}")
