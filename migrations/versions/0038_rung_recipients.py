"""rung recipients: who hears of each rung, and by which channel, stands in a table."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0038"
down_revision = "0037"
branch_labels = None
depends_on = None

RUNGS = ("nudge", "reminder", "yellow", "red", "order", "bulletin", "escalation")
CLOCKS = (
    *("first_contact", "accept", "supplement", "finish", "assignment", "opinion", "revisit"),
    *("evaluation", "objection", "stage_report", "ruling", "deferral", "suspension"),
    *("rectification", "review_contact", "urge", "transfer"),
)
CLASSES = ("consult", "urgent", "normal", "complex", "hard", "arrears", "approval")
INBOX, PHONE, TEXT = "inbox", "phone", "phone_and_text"
SHIPPED: tuple[tuple[str, str | None, str | None, dict[str, str]], ...] = (
    ("nudge", "assignment", None, {"clock_unit": INBOX}),
    ("nudge", "finish", None, {"housekeeper": INBOX}),
    ("reminder", "accept", None, {"housekeeper": PHONE}),
    ("reminder", "assignment", None, {"clock_unit": PHONE}),
    ("reminder", "deferral", None, {"enterprise": INBOX}),
    ("reminder", "evaluation", None, {"enterprise": PHONE}),
    ("reminder", "finish", None, {"housekeeper": PHONE}),
    ("reminder", "opinion", None, {"clock_unit": PHONE}),
    ("reminder", "rectification", None, {"coordinators": PHONE, "lead_handlers": PHONE}),
    ("reminder", "review_contact", None, {"coordinators": PHONE}),
    ("reminder", "revisit", None, {"revisitors": INBOX}),
    ("reminder", "ruling", None, {"coordinators": PHONE}),
    ("reminder", "stage_report", None, {"housekeeper": PHONE, "lead_handlers": PHONE}),
    ("reminder", "supplement", None, {"enterprise": PHONE}),
    ("reminder", "suspension", None, {"coordinators": PHONE}),
    ("reminder", "transfer", None, {"housekeeper": PHONE, "coordinators": PHONE}),
    (
        "yellow",
        None,
        None,
        {
            "housekeeper": PHONE,
            "coordinators": PHONE,
            "clock_unit": PHONE,
            "clock_approvers": PHONE,
            "clock_revisitors": PHONE,
        },
    ),
    (
        "red",
        None,
        None,
        {
            "housekeeper": PHONE,
            "coordinators": PHONE,
            "clock_unit": PHONE,
            "clock_approvers": TEXT,
            "clock_revisitors": PHONE,
            "supervisors": TEXT,
        },
    ),
    (
        "red",
        None,
        "urgent",
        {
            "housekeeper": TEXT,
            "coordinators": PHONE,
            "clock_unit": TEXT,
            "clock_approvers": TEXT,
            "clock_revisitors": PHONE,
            "supervisors": TEXT,
        },
    ),
    (
        "order",
        None,
        None,
        {"supervisors": TEXT, "coordinators": PHONE, "clock_approvers": TEXT, "clock_unit": PHONE},
    ),
    ("bulletin", None, None, {"supervisors": INBOX, "clock_approvers": INBOX}),
    (
        "escalation",
        None,
        None,
        {"supervisors": INBOX, "coordinators": INBOX, "clock_approvers": INBOX},
    ),
)


def upgrade() -> None:
    table = op.create_table(
        "rung_recipients",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("rung", sa.Text(), nullable=False),
        sa.Column("clock", sa.Text(), nullable=True),
        sa.Column("ticket_class", sa.Text(), nullable=True),
        sa.Column("recipients", JSONB(), server_default=sa.text("'[]'::jsonb"), nullable=False),
        sa.Column("effective_from", sa.Date(), nullable=False),
        sa.CheckConstraint(_one_of("rung", RUNGS), name=op.f("ck_rung_recipients_rung")),
        sa.CheckConstraint(_one_of("clock", CLOCKS), name=op.f("ck_rung_recipients_clock")),
        sa.CheckConstraint(
            _one_of("ticket_class", CLASSES), name=op.f("ck_rung_recipients_ticket_class")
        ),
        sa.CheckConstraint(
            "jsonb_array_length(recipients) > 0", name=op.f("ck_rung_recipients_somebody")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rung_recipients")),
        sa.UniqueConstraint(
            *("rung", "clock", "ticket_class", "effective_from"),
            name="uq_rung_recipients_from",
            postgresql_nulls_not_distinct=True,
        ),
    )
    since = sa.cast("2020-01-01", sa.Date)
    rows = [
        {
            "rung": rung,
            "clock": clock,
            "ticket_class": ticket_class,
            "recipients": [{"audience": who, "channel": how} for who, how in told.items()],
            "effective_from": since,
        }
        for rung, clock, ticket_class, told in SHIPPED
    ]
    op.execute(table.insert().values(rows))


def downgrade() -> None:
    op.drop_table("rung_recipients")


def _one_of(column: str, values: tuple[str, ...]) -> str:
    return f"{column} IN ({', '.join(map(repr, values))})"
