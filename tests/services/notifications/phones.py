"""People whose phones are in the emulated WeChat, and what became of the messages to them."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from flask import current_app

from app import clock
from app.db import db
from app.domain.digests import Limits
from app.models.delivery import Delivery
from app.models.subscription import WechatQuota, WechatQuotaEntry
from app.models.wechat import WechatBinding
from services.notifications import deliver
from services.notifications.deliver import Claim, Worker
from services.notifications.due import next_due
from services.notifications.quotas import Answer, note_answers
from services.notifications.templates import store_templates
from tests.domain.calendars import CALENDAR
from tests.factories import Case, Person
from tests.factories.wechat import make_binding
from tests.wechat import APPID, TEMPLATES, Phones

LIMITS = Limits(pushes=6, digests=2)
WORKER = Worker("host:1", frozenset({APPID}), CALENDAR, LIMITS)
ACCEPTED = "受理通知"


@dataclass(frozen=True)
class Phone:
    """A bound person's phone."""

    wechat: Phones
    openid: str
    binding_id: int

    def consent(self, *titles: str, times: int = 1) -> None:
        """Agree to messages, on the platform and in our ledger."""
        for title in titles:
            self.wechat.accept(self.openid, title, times=times)
            given = [Answer(TEMPLATES[title], "accept", is_long_term=False)]
            for _ in range(times):
                note_answers(self.binding_id, given, asked_id=None, at=clock.real())

    def shown(self) -> list[dict[str, Any]]:
        """The messages that lie on it."""
        return self.wechat.messages(self.openid)

    def left(self, title: str = ACCEPTED) -> tuple[int, int]:
        """Consents left by our ledger, which must add up, and by the platform."""
        return ledger(self.binding_id, TEMPLATES[title]), self.wechat.quota(self.openid, title)

    @property
    def is_busy(self) -> bool:
        query = sa.select(WechatBinding.busy_until).where(WechatBinding.id == self.binding_id)
        return db.session.scalar(query) is not None


def claim(worker: Worker, *, at: datetime) -> Claim | None:
    """The next message to send, past all that is dropped or put off; None when nothing is due."""
    while due := next_due(at=at, real=clock.real()):
        if claimed := deliver.claim(worker, due, at=at):
            return claimed
    return None


def make_phone(wechat: Phones, person: Person, *titles: str, times: int = 1) -> Phone:
    """The phone of `person`, who agrees to messages with these titles."""
    openid = wechat.make_user()
    phone = Phone(wechat, openid, make_binding(person, openid=openid).id)
    phone.consent(*titles, times=times)
    return phone


def know_templates() -> None:
    """Store the account's templates, as the hourly look at them does."""
    wechat = current_app.config["WECHAT"].first
    store_templates(wechat.appid, wechat.templates(), at=clock.real())


def ledger(binding_id: int, template_id: str) -> int:
    """What the quota says is left, after comparing it with the sum of its entries."""
    key = {"binding_id": binding_id, "template_id": template_id}
    left = db.session.scalar(sa.select(WechatQuota.remaining).filter_by(**key)) or 0
    total = sa.select(sa.func.coalesce(sa.func.sum(WechatQuotaEntry.change), 0)).filter_by(**key)
    assert left == db.session.scalar(total)
    return left


def deliveries(case: Case | None = None) -> list[Delivery]:
    """The deliveries as they stand, oldest first; those of `case` alone if it is given."""
    query = sa.select(Delivery).order_by(Delivery.id)
    if case is not None:
        told = "SELECT id FROM notifications WHERE ticket_id = :ticket"
        mine = sa.text(f"notification_id IN ({told})").bindparams(ticket=case.ticket.id)
        query = query.where(mine)
    return list(db.session.scalars(query, execution_options={"populate_existing": True}))


def only_delivery(case: Case | None = None) -> Delivery:
    """The one delivery there is."""
    [delivery] = deliveries(case)
    return delivery
