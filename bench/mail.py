"""Messages on their way, written by the product: each of an acceptance, to its applicant."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from app import clock
from app.db import db, transaction
from app.domain.actor import Actor, Role
from app.domain.facts.acceptance import Acceptance
from app.domain.facts.intake import Submission
from app.domain.permissions import Permission
from app.domain.vocabulary import TicketClass
from app.models.delivery import Delivery
from bench.city import Values
from services.tickets.intake import submit
from services.tickets.perform import Command, perform

PREFIX = "AS"
DAY = timedelta(days=1)
SUBMISSION = Submission("厂区用电增容办理缓慢", "新生产线投产需要增加用电容量，请协调。")


@dataclass(frozen=True, slots=True)
class People:
    """Who plays around one enterprise."""

    place: Values

    @property
    def applicant(self) -> Actor:
        return self._actor(
            Role.ENTERPRISE_ADMIN, "applicant", enterprise_id=self.place["enterprise"]
        )

    @property
    def housekeeper(self) -> Actor:
        own = {"housekeeper_id": self.place["housekeeper"]}
        return self._actor(
            Role.HOUSEKEEPER, "keeper", organisation_id=self.place["keeper_unit"], **own
        )

    def _actor(self, role: Role, part: str, **more: Any) -> Actor:
        known = (self.place[f"{part}_name"], self.place[part], self.place[f"{part}_seat"])
        return Actor(role, *known, ip="127.0.0.1", **more)


def accept_tickets(places: Sequence[Values], *, at: datetime) -> None:
    """Each enterprise has a ticket that is accepted at once, and is told of it."""
    for place in places:
        people = People(place)
        with transaction():
            number = submit(people.applicant, SUBMISSION, PREFIX, at=at).number
            accepted = Acceptance(TicketClass.NORMAL, "utilities")
            command = Command(number, Permission.ACCEPT, accepted)
            perform(people.housekeeper, command, at=at + timedelta(seconds=1))


def put_back() -> int:
    """Every delivery is due again, as if it had never been tried; how many there are."""
    again = {"state": "pending", "attempts": 0, "is_reserved": False}
    gone = ("reason", "worker", "claimed_at", "leased_until", "sent_at", "provider_id", "errcode")
    due = {"send_at": clock.now(), "expires_at": clock.now() + DAY}
    putting = sa.update(Delivery).values(**again, **due, **dict.fromkeys(gone))
    with transaction():
        return len(db.session.scalars(putting.returning(Delivery.id)).all())
