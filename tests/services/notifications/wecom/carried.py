"""What became of the one message there is, and the senders of both channels."""

from datetime import timedelta

import sqlalchemy as sa
from flask import current_app

from app import clock
from app.db import db
from app.models.delivery import WechatCircuit
from app.models.wecom import WecomSendCount
from services.notifications.deliver import send as send_on_phone
from services.notifications.settle import settle as settle_on_phone
from services.notifications.wecom_deliver import WecomClaim, WecomWorker, claim
from services.notifications.wecom_due import next_due
from tests.domain.calendars import CALENDAR
from tests.factories import Case
from tests.services.notifications import phones
from tests.services.notifications.phones import only_delivery
from tests.services.notifications.wecom.members import send
from tools.wechat_emulator.wecom import CORP_ID

TODO = "新诉求待办"
SENDING = {"path": "message/send"}
SECOND, MINUTE = timedelta(seconds=1), timedelta(minutes=1)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
WORKER = WecomWorker("host:1", CORP_ID, CALENDAR, phones.LIMITS)


def outcome() -> tuple[str, str | None]:
    row = only_delivery()
    assert (row.leased_until is None) is (row.state != "sending")
    return row.state, row.reason


def counted() -> dict[str, int]:
    return dict(db.session.execute(sa.select(WecomSendCount.result, WecomSendCount.count)).all())


def circuits() -> list[str]:
    return list(db.session.scalars(sa.select(WechatCircuit.name)))


def take(case: Case) -> WecomClaim:
    due = next_due(real=clock.real(), at=case.at)
    assert due
    claimed = claim(WORKER, due, at=case.at)
    assert claimed
    return claimed


def send_when_due() -> int:
    return send(only_delivery().send_at + SECOND)


def on_phone(case: Case) -> None:
    """What the mini-program's sender does."""
    at = case.at + MINUTE
    if claimed := phones.claim(phones.WORKER, at=at):
        settle_on_phone(claimed, send_on_phone(current_app.config["WECHAT"], claimed), at=at)
