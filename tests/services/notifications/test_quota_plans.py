"""What a booking costs does not grow with what a person was ever sent."""

import sqlalchemy as sa

from app.db import db
from services.notifications import quotas
from tests.factories import make_account
from tests.factories.wechat import make_binding
from tests.services.notifications.ledger import make_deliveries

MANY = sa.text(
    "INSERT INTO wechat_quota_entries (binding_id, template_id, change, reason, delivery_id, at)"
    " SELECT :binding, 'template', -1, 'reserved', id, now() FROM deliveries"
    " CROSS JOIN generate_series(1, 20)"
)


def test_a_booking_is_found_by_the_entries_of_its_delivery(database):
    binding = make_binding(make_account("enterprise_admin"))
    delivery_id, *_ = make_deliveries(binding, 100)
    db.session.execute(MANY, {"binding": binding.id})
    db.session.execute(sa.text("ANALYZE wechat_quota_entries"))
    query = quotas._booked(binding.id, "template", delivery_id)
    text = query.compile(db.engine, compile_kwargs={"literal_binds": True})
    plan = "\n".join(db.session.scalars(sa.text(f"EXPLAIN {text}".replace(":", r"\:"))))
    assert "ix_wechat_quota_entries_of_delivery" in plan, plan
