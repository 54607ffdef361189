"""However much waits, who is next and what is over are found by the indexes made for that."""

import re
from datetime import timedelta

import pytest
import sqlalchemy as sa

from app.db import db
from app.domain.delivery import DeliveryState
from app.models.delivery import Delivery
from services.notifications import deliver, due
from tests.domain.calendars import local
from tests.wechat import APPID

NOW = local("2026-06-01 12:00")
SOME = timedelta(hours=300)
"""Within it a tenth of what waits expires."""

COLUMNS = "ticket_id, event_seq, account_id, channel, kind, title, body, created_at"
MANY = f"""
WITH people AS (
    INSERT INTO accounts (login, name) SELECT 'many' || n, '某人' FROM generate_series(1, 6000) n
    RETURNING id
), phones AS (
    INSERT INTO wechat_bindings (account_id, appid, openid, openid_hash, phone_hash, bound_at)
    SELECT id, '{APPID}', 'o', decode(md5(CAST(id AS text)), 'hex'), 'p', :at FROM people
    WHERE id % 10 = 0
    RETURNING id
), told AS (
    INSERT INTO notifications ({COLUMNS})
    SELECT t.ticket_id, t.event_seq, people.id, t.channel, t.kind, t.title, t.body, t.created_at
    FROM people, notifications t WHERE t.id = (SELECT min(notification_id) FROM deliveries)
    RETURNING id, CASE WHEN id % 2 = 0 THEN 'pending' ELSE 'sent' END AS state
)
INSERT INTO deliveries
    (notification_id, binding_id, template, rank, state, send_at, expires_at)
SELECT told.id, phones.all_ids[1 + told.id % 600], '受理通知', 50 + told.id % 7, told.state,
    :at - told.id % 9 * interval '1 hour', :at + told.id % 3000 * interval '1 hour'
FROM told, (SELECT array_agg(id) AS all_ids FROM phones) phones
"""


@pytest.fixture
def crowd(phone, case) -> None:
    """Three thousand messages to some hundred people, and as many of the past."""
    db.session.execute(sa.text(MANY), {"at": NOW})
    for table in ("deliveries", "wechat_bindings", "wechat_templates"):
        db.session.execute(sa.text(f"ANALYZE {table}"))


def plan_of(statement) -> str:
    text = statement.compile(db.engine, compile_kwargs={"literal_binds": True})
    explained = "EXPLAIN " + re.sub(r"(?<!:):(?!:)", r"\:", str(text)).replace("::", r"\:\:")
    return "\n".join(db.session.scalars(sa.text(explained)))


@pytest.mark.parametrize(
    ("state", "index"),
    [
        (DeliveryState.PENDING, "ix_deliveries_expiring"),
        (DeliveryState.SENDING, "uq_deliveries_one_at_a_time"),
    ],
)
def test_what_is_over_is_found_by_an_index(crowd, state, index):
    until = Delivery.expires_at if state is DeliveryState.PENDING else Delivery.leased_until
    over = deliver._free(sa.and_(deliver._is(state), until <= NOW + SOME))
    plan = plan_of(sa.update(Delivery).where(over).values(reason="expired"))
    assert index in plan, plan
    assert "Seq Scan on deliveries" not in plan, plan


def test_the_first_of_a_persons_pile_is_found_without_looking_at_the_pile(crowd, phone):
    plan = plan_of(due._first_of(phone.binding_id, NOW))
    assert "ix_deliveries_of_person" in plan, plan
    assert "Sort" not in plan, plan


def test_who_waits_longest_is_found_without_looking_at_all(crowd, phone):
    plan = plan_of(due._people([], NOW, NOW).limit(1))
    assert "ix_deliveries_due" in plan, plan
    assert "Sort" not in plan, plan


def test_all_that_decides_is_read_of_one_message_alone(crowd, case):
    only = db.session.scalar(sa.select(sa.func.max(Delivery.id)))
    assert only
    plan = plan_of(due._told_with(only, NOW))
    assert "pk_deliveries" in plan, plan
    assert "Seq Scan on deliveries" not in plan, plan
