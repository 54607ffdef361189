"""Short messages on their way to people, committed, and what became of each.

Every message tells which one it is: each is of a ticket of its own, whose number it shows.
"""

from collections import Counter
from dataclasses import dataclass, field
from datetime import timedelta

import sqlalchemy as sa
from flask import Flask

from app import clock
from app.db import db, transaction
from app.domain.permissions import Permission as Act
from app.models.fallback import Fallback, PhoneTask, TextCount, TextMessage
from app.models.ticket import Ticket
from jobs.deliver_texts import deliver_texts
from jobs.fall_back import fall_back
from services.notifications.texts import LEASE
from tests.domain.story import MONDAY
from tests.factories import make_cast, make_ticket
from tests.services.notifications.insisting import give_number
from tests.wechat import Phones
from tools.wechat_emulator import texting

DOUBLED, SINGLE = "supplement", "result"
"""The forms by what follows where nobody knows: people call as well, or nothing more."""

SENDING = {"path": texting.PATH}
AT_REST = {"sent", "pending", "failed", "unknown"}
DAY = timedelta(days=1)
SOON = MONDAY + timedelta(minutes=10)


@dataclass
class TextOffice:
    """Enterprises without WeChat, and short messages to them."""

    app: Flask
    wechat: Phones
    forms: dict[str, str] = field(default_factory=dict)

    def post(self, *forms: str) -> None:
        """Write a message of each form, to a number of its own; all due now."""
        with self.app.app_context(), transaction():
            for form in forms:
                cast = make_cast()
                give_number(cast.applicant, f"139{len(self.forms):08d}")
                case = make_ticket("submitted" if form == DOUBLED else "accepted", cast)
                case.act(Act.REQUEST_SUPPLEMENT if form == DOUBLED else Act.ANSWER_DIRECTLY)
                self.forms[case.number] = form
        with self.app.app_context():
            with clock.frozen(SOON):
                fall_back()
            with transaction():
                due = {"send_at": clock.now(), "expires_at": clock.now() + DAY}
                db.session.execute(sa.update(TextMessage).values(due))
                db.session.execute(sa.update(Fallback).values(expires_at=clock.now() + DAY))

    def states(self) -> Counter[str]:
        """How many short messages are in each state."""
        with self.app.app_context():
            return Counter(db.session.scalars(sa.select(TextMessage.state)))

    def asked(self) -> int:
        """How often the provider was asked."""
        return len(self.wechat.calls(texting.PATH))

    def arrived(self) -> Counter[str]:
        """How many short messages about each ticket lie on phones."""
        return Counter(text["number"] for text in self.wechat.texts())

    def send(self, ahead: timedelta = timedelta(0)) -> None:
        """Do what another sender does, by whose clock it is so much later."""
        with self.app.app_context(), clock.frozen(clock.real() + ahead):
            deliver_texts()

    def recover(self) -> bool:
        """The same once the leases are over; whether nothing waits then."""
        self.send(2 * LEASE)
        return not {"pending", "sending"} & self.states().keys()

    def check(self) -> None:
        """The laws: each arrived once at most, what is said of it is so, who is called and why."""
        arrived = self.arrived()
        assert max(arrived.values(), default=0) <= 1
        rows = self._rows()
        assert rows.keys() == self.forms.keys()
        for number, (state, cause) in rows.items():
            assert state in AT_REST, number
            assert state in {"unknown", "sent" if number in arrived else state}, number
            assert number in arrived or state != "sent", number
            assert cause == self._called(number, state), number
        with self.app.app_context():
            counted = sa.select(sa.func.sum(TextCount.count)).where(TextCount.result == "sent")
            assert (db.session.scalar(counted) or 0) == self.states()["sent"]

    def _rows(self) -> dict[str, tuple[str, str | None]]:
        """State of the message about each ticket, and why somebody is called besides."""
        query = (
            sa.select(Ticket.number, TextMessage.state, PhoneTask.cause)
            .join(TextMessage, TextMessage.ticket_id == Ticket.id)
            .outerjoin(PhoneTask, PhoneTask.notification_id == TextMessage.notification_id)
        )
        with self.app.app_context():
            return {number: (state, cause) for number, state, cause in db.session.execute(query)}

    def _called(self, number: str, state: str) -> str | None:
        if state == "failed":
            return "text-failed"
        is_doubled = state == "unknown" and self.forms[number] == DOUBLED
        return "text-unknown" if is_doubled else None
