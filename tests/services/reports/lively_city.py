"""A city in which much happens: tickets that go on, or stop, at random but repeatable places."""

from dataclasses import replace
from datetime import datetime, timedelta
from random import Random
from typing import Any

from app.domain.actor import Role
from app.domain.facts.acceptance import Acceptance
from app.domain.facts.aftercare import Rating
from app.domain.facts.coordination import Dispatch
from app.domain.facts.handling import Approval
from app.domain.facts.intake import Submission
from app.domain.permissions import Permission as Act
from app.domain.vocabulary import Status, TicketClass
from app.domain.work_calendar import LOCAL_ZONE
from tests.domain.story import SECOND_NOTICE, SOLVED, UNREACHED, UNSOLVED
from tests.factories import (
    CITY,
    OTHER_COUNTY,
    TOWN,
    Case,
    Cast,
    make_account,
    make_area,
    make_cast,
    make_enterprise,
    make_ticket,
)

SINCE = datetime(2026, 5, 25, 9, 0, tzinfo=LOCAL_ZONE)
NOW = datetime(2026, 7, 20, 10, 0, tzinfo=LOCAL_ZONE)
LIAONING, OTHER_CITY = "21", "210400000000"
PAUSES = [timedelta(minutes=20), timedelta(hours=5), timedelta(days=1), timedelta(days=4)]
LONG = timedelta(days=17)
CLASSES = [*TicketClass, *[TicketClass.NORMAL] * 6]
CATEGORIES = ["utilities", "policy", "finance"]

CHOICES: dict[Status, list[str]] = {
    Status.SUBMITTED: ["accept"] * 8 + ["supplement", "refuse", "withdraw", "stop"],
    Status.SUPPLEMENTING: ["supply"] * 4 + ["withdraw", "stop"],
    Status.ACCEPTED: ["dispatch"] * 5 + ["answer", "withdraw", "stop"],
    Status.COORDINATING: ["dispatch"] * 5 + ["answer", "withdraw", "stop"],
    Status.HANDLING: ["reply"] * 8 + ["withdraw", "stop"],
    Status.FEEDBACK: ["receive"] * 8 + ["stop"],
    Status.REVISITING: ["solved"] * 5 + ["unsolved"] * 3 + ["unreached", "attempt"],
    Status.EVALUATING: ["rate"] * 4 + ["silence", "stop"],
}


def make_city() -> list[Cast]:
    """Casts in two counties, in a zone, in the city itself, and one in another city."""
    places = [TOWN, OTHER_COUNTY, make_area().code, CITY, OTHER_CITY]
    return [_cast(place) for place in places]


def _cast(area_code: str) -> Cast:
    cast = make_cast(make_enterprise(area_code=area_code))
    return replace(
        cast,
        coordinator=make_account(Role.COORDINATOR, area_prefix=LIAONING),
        second_coordinator=make_account(Role.COORDINATOR, area_prefix=LIAONING),
        revisitor=make_account(Role.REVISITOR, area_prefix=LIAONING),
    )


def live(casts: list[Cast], count: int, rng: Random) -> list[Case]:
    """So many tickets, each led on until it stops or `NOW` is reached."""
    return [_lead(casts, rng) for _ in range(count)]


def _lead(casts: list[Cast], rng: Random) -> Case:
    given = Submission(
        "厂区用电增容",
        "新生产线投产需要增加用电容量。",
        category_code=rng.choice([None, *CATEGORIES]),
    )
    at = SINCE + timedelta(minutes=rng.randrange(55 * 24 * 60))
    case = make_ticket(cast=rng.choice(casts), submit=given, at=at)
    walk = Walk(case, casts, rng)
    while walk.goes_on():
        pass
    return case


class Walk:
    """One ticket on its way."""

    def __init__(self, case: Case, casts: list[Cast], rng: Random) -> None:
        self.case, self.casts, self.rng = case, casts, rng

    def goes_on(self) -> bool:
        """Take one step, if the ticket is open, has not stopped, and there is time."""
        choices = CHOICES.get(Status(self.case.ticket.status), ["stop"])
        choice = self.rng.choice(choices)
        try:
            getattr(self, choice)()
        except StopIteration:
            return False
        return choice != "attempt"

    def act(self, action: Act, given: object = None, **changes: Any) -> None:
        at = self.case.at + changes.pop("pause", self.rng.choice(PAUSES))
        if at > NOW:
            self.stop()
        self.case.act(action, given, at=at, **changes)

    def stop(self) -> None:
        raise StopIteration

    def accept(self) -> None:
        chosen = self.rng.choice(CLASSES)
        days = 7 if chosen is TicketClass.APPROVAL else None
        given = Acceptance(chosen, self.rng.choice(CATEGORIES), promised_days=days)
        self.act(Act.ACCEPT, given, by=self.case.cast.coordinator.actor)

    def supplement(self) -> None:
        asked = self.case.ticket.supplement_count
        given = SECOND_NOTICE if asked else None
        self.act(*((Act.REQUEST_SUPPLEMENT, given) if asked < 2 else (Act.ACCEPT,)))

    def refuse(self) -> None:
        self.act(Act.PROPOSE_REFUSAL)
        self.act(Act.RULE_REFUSAL, pause=timedelta(hours=1))

    def withdraw(self) -> None:
        self.act(Act.WITHDRAW)

    def supply(self) -> None:
        self.act(Act.SUPPLY)

    def dispatch(self) -> None:
        """To the units of any cast, so that another round often goes to other units."""
        other = self.rng.choice(self.casts)
        units = ("lead_unit", "co_unit", "handler", "unit_approver", "co_handler")
        taken = {part: getattr(other, part) for part in units}
        self.case.cast = replace(self.case.cast, **taken)
        by = self.case.cast.supervisor if self.case.ticket.round > 2 else self.case.cast.coordinator
        self.act(Act.DISPATCH, Dispatch(other.lead_unit.id, (other.co_unit.id,)), by=by.actor)

    def answer(self) -> None:
        cast = self.case.cast
        other = cast.second_coordinator if self.case.ticket.round > 2 else cast.housekeeper
        self.act(Act.ANSWER_DIRECTLY, by=other.actor)

    def reply(self) -> None:
        self.act(Act.GIVE_OPINION)
        if self.rng.random() < 0.2:
            self.act(Act.REPLY)
            self.act(Act.RULE_REPLY, Approval(approved=False, note="请补充依据。"))
        self.act(Act.REPLY, pause=timedelta(minutes=30))
        self.case.act(Act.COUNTERSIGN)
        self.act(Act.RULE_REPLY)

    def receive(self) -> None:
        self.act(Act.RECEIVE_FEEDBACK)

    def solved(self) -> None:
        self.act(Act.RECORD_REVISIT, SOLVED)

    def unsolved(self) -> None:
        self.act(Act.RECORD_REVISIT, UNSOLVED if self.case.ticket.round < 3 else SOLVED)

    def unreached(self) -> None:
        for _ in range(3):
            self.attempt()

    def attempt(self) -> None:
        self.act(Act.RECORD_REVISIT, UNREACHED, pause=timedelta(days=4))

    def rate(self) -> None:
        level = self.rng.choice([1, 2, 3, 4, 5, 5, 5])
        self.act(Act.EVALUATE, Rating(level))
        if level > 2:
            self.act(Act.ARCHIVE, pause=timedelta(hours=1))
            return
        self.act(Act.VERIFY_REVIEW)
        if self.rng.random() < 0.5:
            self.act(Act.EVALUATE, Rating(4))
        self.act(Act.ARCHIVE, pause=LONG)

    def silence(self) -> None:
        self.act(Act.ARCHIVE, pause=LONG)
