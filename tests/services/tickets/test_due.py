"""The sweep for warnings finds what is due by the indexes that were made for it."""

import pytest
import sqlalchemy as sa

from app.db import db
from app.domain.sla_clock import Rung
from services.tickets import due
from tests.domain.calendars import local
from tests.factories import make_ticket

pytestmark = pytest.mark.usefixtures("database")

NOW = local("2026-06-20 10:00")
MANY = sa.text(
    "INSERT INTO sla_clocks (ticket_id, kind, round, limit_amount, limit_unit, calendar_version,"
    " started_at, due_at, remind_at, yellow_at, pauses, stopped_at, reminded_at,"
    " nudge_at, climb_at, overdue_at)"
    " SELECT :ticket, kind, n + 1, 5, 'working_days', 1, now(), :at + n * interval '1 hour',"
    "  :at + (n - 30) * interval '1 hour', :at + (n - 10) * interval '1 hour', '[]',"
    "  CASE WHEN n % 20 > 0 THEN now() END, CASE WHEN n % 3 > 0 THEN now() END,"
    "  :at + (n - 60) * interval '1 hour', :at + (n - 20) * interval '1 hour',"
    "  CASE WHEN n % 7 > 0 THEN now() END"
    " FROM generate_series(1, 3000) n, unnest(ARRAY['finish', 'assignment', 'supplement']) kind"
)


@pytest.fixture
def crowd(database) -> None:
    """Nine thousand clocks, most of them stopped, as it is after some months."""
    db.session.execute(MANY, {"ticket": make_ticket().ticket.id, "at": NOW})
    db.session.execute(sa.text("ANALYZE sla_clocks"))


@pytest.mark.parametrize(
    ("rung", "index"),
    [
        (Rung.NUDGE, "ix_sla_clocks_to_nudge"),
        (Rung.REMINDER, "ix_sla_clocks_to_remind"),
        (Rung.YELLOW, "ix_sla_clocks_to_warn"),
        (Rung.RED, "ix_sla_clocks_running"),
        (Rung.ORDER, "ix_sla_clocks_to_climb"),
    ],
)
def test_each_rung_is_found_by_its_own_index(crowd, rung, index):
    query = due._running(rung, due._reached(NOW)[rung])
    text = query.compile(db.engine, compile_kwargs={"literal_binds": True})
    plan = "\n".join(db.session.scalars(sa.text(f"EXPLAIN {text}".replace(":", r"\:"))))
    assert index in plan, plan
