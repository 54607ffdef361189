"""Many senders at once: one digest, and no push beyond the limit. Real commits."""

from datetime import datetime, timedelta

import pytest
import sqlalchemy as sa

from app import clock
from app.db import db, transaction
from app.domain.digests import Limits
from app.models.delivery import Delivery
from app.models.notification import Notification
from services.notifications import deliver
from services.notifications.deliver import Worker
from services.notifications.due import next_due
from tests.domain.calendars import CALENDAR, local
from tests.factories import MONDAY, make_cast, make_ticket
from tests.services.notifications.phones import know_templates, make_phone
from tests.threads import all_at_once
from tests.wechat import APPID

EVENING, MORNING = local("2026-06-01 19:00"), local("2026-06-02 08:30")
WORKER = Worker("host:1", frozenset({APPID}), CALENDAR, Limits(pushes=2, digests=2))
SENDERS = 5


@pytest.fixture
def crowd(committed_app, wechat):
    """Makes messages of an instant for one housekeeper who consents to everything."""

    def make(count: int, at: datetime) -> None:
        with committed_app.app_context(), clock.frozen(MONDAY), transaction():
            know_templates()
            cast = make_cast()
            make_phone(wechat, cast.housekeeper, "新诉求待办", "待办汇总", times=20)
            for number in range(count):
                make_ticket(cast=cast, at=at + timedelta(minutes=number))

    return make


def claim_all(at: datetime) -> int:
    """A sender: claim until nothing is due; what it claims is as good as sent."""
    claimed = 0
    while True:
        with transaction():
            due = next_due(at=at, real=clock.real())
            taken = deliver.claim(WORKER, due, at=at) if due else None
            if taken:
                sent = {"state": "sent", "leased_until": None}
                mine = Delivery.id == taken.delivery_id
                db.session.execute(sa.update(Delivery).where(mine).values(sent))
                db.session.execute(sa.text("UPDATE wechat_bindings SET busy_until = NULL"))
        if due is None:
            return claimed
        claimed += taken is not None


def all_of(committed_app, at: datetime) -> int:
    def work() -> int:
        return claim_all(at)

    found = all_at_once(committed_app, *[work] * SENDERS, at=MONDAY)
    assert not [each for each in found if isinstance(each, Exception)], found
    return sum(found)


def test_many_at_once_make_one_digest(committed_app, crowd):
    crowd(6, EVENING)
    assert all_of(committed_app, MORNING) == 1
    with committed_app.app_context():
        [_] = db.session.scalars(sa.select(Notification.id).filter_by(kind="digest"))
        merged = sa.select(sa.func.count()).where(Delivery.state == "merged")
        assert db.session.scalar(merged) == 6


def test_many_at_once_do_not_pass_the_limit(committed_app, crowd):
    crowd(6, MONDAY)
    assert all_of(committed_app, MONDAY + timedelta(hours=1)) == 2
    with committed_app.app_context():
        held = sa.select(sa.func.count()).where(Delivery.hold == "held")
        assert db.session.scalar(held) == 4
