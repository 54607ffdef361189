"""Many people with phones and messages on their way, committed, and what became of them all.

Every message tells which delivery it is: each is of a ticket of its own, whose number it shows.
"""

from collections import Counter
from dataclasses import dataclass, field
from datetime import timedelta

import sqlalchemy as sa
from flask import Flask

from app import clock
from app.db import db, transaction
from app.models.delivery import Delivery
from app.models.notification import Notification
from app.models.subscription import WechatQuotaEntry, WechatTemplate
from app.models.ticket import Ticket
from jobs.deliver_notifications import deliver_notifications
from services.notifications.deliver import LEASE
from services.notifications.due import is_any_due
from tests.factories import make_cast, make_ticket
from tests.services.notifications.phones import (
    ACCEPTED,
    Phone,
    know_templates,
    ledger,
    make_phone,
)
from tests.wechat import APPID, TEMPLATES, Phones

NUMBER = "诉求编号"
AT_REST = {"sent", "pending", "failed", "unknown"}
DAY = timedelta(days=1)


@dataclass
class PostOffice:
    """Enterprises, each with one bound applicant, and messages to them."""

    app: Flask
    wechat: Phones
    phones: list[Phone] = field(default_factory=list)

    def post(self, people: int, messages: int) -> None:
        """Write `messages` to each of `people` more, who have a consent for each; all due now."""
        with self.app.app_context(), transaction():
            if db.session.get(WechatTemplate, (APPID, ACCEPTED)) is None:
                know_templates()
            for _ in range(people):
                cast = make_cast()
                phone = make_phone(self.wechat, cast.applicant, ACCEPTED, times=messages)
                self.phones.append(phone)
                for _ in range(messages):
                    make_ticket("accepted", cast)
            due = {"send_at": clock.now(), "expires_at": clock.now() + DAY}
            db.session.execute(sa.update(Delivery).where(Delivery.attempts == 0).values(due))

    def states(self) -> Counter[str]:
        """How many deliveries are in each state."""
        with self.app.app_context():
            return Counter(db.session.scalars(sa.select(Delivery.state)))

    def waiting(self) -> bool:
        """Whether somebody has something due and nobody who is at it."""
        with self.app.app_context():
            return is_any_due(real=clock.real(), at=clock.now())

    def check_once_lost(self) -> None:
        """With nobody left to finish anything: no message is anywhere but where it may be."""
        assert self.states().keys() <= AT_REST | {"sending"}
        assert max(self.arrived().values(), default=0) <= 1

    def recover(self) -> bool:
        """Do what any other sender does once the leases are over; whether nothing waits then."""
        with self.app.app_context(), clock.frozen(clock.real() + 2 * LEASE):
            deliver_notifications()
        return not {"pending", "sending"} & self.states().keys()

    def arrived(self) -> Counter[str]:
        """How many messages about each ticket lie on phones."""
        return Counter(
            line["value"]
            for message in self.wechat.messages()
            for line in message["lines"]
            if line["label"] == NUMBER
        )

    def rows(self) -> dict[str, Delivery]:
        """The delivery about each ticket."""
        query = (
            sa.select(Ticket.number, Delivery)
            .join(Notification, Notification.ticket_id == Ticket.id)
            .join(Delivery, Delivery.notification_id == Notification.id)
        )
        with self.app.app_context():
            rows = dict(db.session.execute(query).all())
            db.session.expunge_all()
            return rows

    def check(self) -> None:
        """The laws: each arrived once at most, none hangs between, the ledger says what is so."""
        arrived, rows = self.arrived(), self.rows()
        assert [number for number, times in arrived.items() if times > 1] == []
        assert {row.state for row in rows.values()} <= AT_REST
        for number, row in rows.items():
            assert row.state in {"unknown", "sent" if number in arrived else row.state}, number
            assert number in arrived or row.state != "sent", number
            assert row.is_reserved is (row.state in {"sent", "unknown"}), number
        for phone in self.phones:
            own = [number for number in rows if rows[number].binding_id == phone.binding_id]
            self.check_ledger(phone, [rows[number] for number in own])

    def check_ledger(self, phone: Phone, rows: list[Delivery]) -> None:
        """What is left is what was given less what is booked; the platform used no more."""
        with self.app.app_context():
            accepted = sa.select(sa.func.sum(WechatQuotaEntry.change)).where(
                WechatQuotaEntry.binding_id == phone.binding_id,
                WechatQuotaEntry.reason == "accepted",
            )
            given = int(db.session.scalar(accepted) or 0)
            left = ledger(phone.binding_id, TEMPLATES[ACCEPTED])
        booked, shown = sum(row.is_reserved for row in rows), len(phone.shown())
        assert left == given - booked
        assert phone.wechat.quota(phone.openid, ACCEPTED) == given - shown
        in_the_dark = sum(row.state == "unknown" for row in rows)
        assert booked - in_the_dark <= shown <= booked
