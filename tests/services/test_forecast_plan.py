"""However many deadlines there are, those of a day are found by an index."""

import re

import sqlalchemy as sa

from app.db import db
from app.domain.permissions import Permission as Act
from app.domain.reach import window_after
from services.forecasts.show import EVERYBODY
from services.forecasts.statement import Reach, unreachable
from tests.domain.calendars import CALENDAR, local
from tests.factories import make_ticket
from tests.wechat import APPID

NOW = local("2026-06-10 16:00")
MANY = """
INSERT INTO sla_clocks
    (ticket_id, kind, round, limit_amount, limit_unit, calendar_version, started_at, due_at,
    pauses, late_ats)
SELECT ticket_id, kind, n, limit_amount, limit_unit, calendar_version, started_at,
    CAST(:at AS timestamptz) + n * interval '1 hour', pauses, late_ats
FROM sla_clocks, generate_series(2, 20000) n WHERE kind = 'supplement'
"""


def test_what_falls_due_on_a_day_is_found_by_an_index(database):
    make_ticket().act(Act.REQUEST_SUPPLEMENT)
    db.session.execute(sa.text(MANY), {"at": NOW})
    db.session.execute(sa.text("ANALYZE sla_clocks"))
    reach = Reach(sa.true(), sa.true(), EVERYBODY, (APPID,), has_texts=True, has_wecom=True, at=NOW)
    query = sa.select(unreachable(reach, window_after(CALENDAR, at=NOW)))
    text = str(query.compile(db.engine, compile_kwargs={"literal_binds": True}))
    explained = "EXPLAIN " + re.sub(r"(?<!:):(?!:)", r"\:", text).replace("::", r"\:\:")
    plan = "\n".join(db.session.scalars(sa.text(explained)))
    assert "Seq Scan on sla_clocks" not in plan, plan
    assert re.search(r"using (ix|uq)_sla_clocks_\w+", plan), plan
