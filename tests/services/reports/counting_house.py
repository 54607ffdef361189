"""Counting as the job does it, and what a count of everything would still have to change."""

from datetime import datetime
from random import Random
from typing import Any

import sqlalchemy as sa

from app import clock
from app.db import db, snapshot, transaction
from app.domain.permissions import Permission as Act
from app.models.closure_figures import ClosureCount
from jobs.count_figures import count_figures
from services.reports.refresh import counted_months, recount
from tests.factories import Case, Cast, make_ticket
from tests.services.reports.lively_city import PAUSES, SINCE, Walk


def count(at: datetime) -> int:
    """One run of the job at the business time `at`. Returns how many rows it changed."""
    with clock.frozen(at):
        return count_figures().items


def drift(at: datetime) -> int:
    """How many rows of figures are not what the rows of tickets give at `at`; mends them."""
    with snapshot():
        return sum(recount(first, end, at=at) for first, end in counted_months())


def told_at() -> datetime | None:
    """As of when the kept figures hold."""
    with transaction():
        return db.session.scalar(sa.select(ClosureCount.told_at))


class World(Walk):
    """Many tickets with one time, that goes on with every act."""

    def __init__(self, casts: list[Cast], rng: Random) -> None:
        super().__init__(self._submitted(casts, rng, SINCE), casts, rng)
        self.cases, self.now = [self.case], SINCE

    def step(self) -> None:
        """A new ticket, a step of one that is there, or a while in which nothing is done."""
        with transaction():
            chosen = self.rng.choice(["submit", *["go on"] * 7, "wait"])
            if chosen == "submit":
                self.cases.append(self._submitted(self.casts, self.rng, self.now))
            elif chosen == "go on":
                self.case = self.rng.choice(self.cases)
                while self.goes_on() and self.rng.random() < 0.85:
                    pass
            else:
                self.now += self.rng.choice(PAUSES)

    def act(self, action: Act, given: object = None, **changes: Any) -> None:
        """After a pause, a fifth of the usual where no certain one is needed."""
        self.now += changes.pop("pause", self.rng.choice(PAUSES) / 5)
        self.case.act(action, given, at=self.now, **changes)

    def unreached(self) -> None:
        """One call; who knows how many there have been."""
        self.attempt()

    @staticmethod
    def _submitted(casts: list[Cast], rng: Random, at: datetime) -> Case:
        return make_ticket(cast=rng.choice(casts), at=at)
