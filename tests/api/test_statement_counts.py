"""How many statements a request may cost; one of each asks the business clock, as in a demo."""

from collections.abc import Callable, Iterator

import pytest
from werkzeug.test import TestResponse

from app import clock
from tests.callers import Caller
from tests.factories import MONDAY, make_cast, make_ticket
from tests.statements import heard

REQUEST = {
    "title": "厂区用电增容",
    "body": "新生产线投产需要增加用电容量，请协调。",
    "category_code": "utilities",
}
ACCEPT = {"ticket_class": "normal", "category_code": "utilities"}

Counted = Callable[[Callable[[], TestResponse]], int]


@pytest.fixture
def counted(database) -> Iterator[Counted]:
    """Counts the statements of a request, savepoints of the test's own transaction left out."""
    with heard() as statements:

        def count(request: Callable[[], TestResponse]) -> int:
            # Who is asking is remembered, and calendars are; what follows is the cost of every day.
            request()
            statements.clear()
            answer = request()
            assert answer.status_code in {200, 201}, answer.text
            return sum("SAVEPOINT" not in statement for statement in statements)

        yield count


@pytest.fixture
def cast(database):
    with clock.frozen(MONDAY):
        yield make_cast()


@pytest.fixture
def housekeeper(client, cast) -> Caller:
    return Caller(client, cast.housekeeper)


def test_a_list_costs_the_same_whatever_its_length(housekeeper, cast, counted):
    costs = []
    for more in (1, 6):
        for _ in range(more):
            make_ticket("handling", cast)
        costs.append(counted(lambda: housekeeper.get("/tickets")))
    assert costs == [2, 2]


def test_a_list_of_a_unit_reads_its_records_at_once(client, cast, counted):
    handler = Caller(client, cast.handler)
    costs = []
    for more in (1, 6):
        for _ in range(more):
            make_ticket("handling", cast)
        costs.append(counted(lambda: handler.get("/tickets")))
    assert costs == [3, 3]


@pytest.mark.parametrize(
    ("path", "ceiling"),
    [
        ("/tickets?queue=todo", 2),
        ("/tickets/{number}", 2),
        ("/tickets/{number}/events", 2),
        ("/tickets/{number}/deadline", 3),
        ("/assignments", 2),
        ("/me", 2),
        ("/me/messages", 2),
        ("/me/messages/unread-count", 2),
        ("/me/subscriptions", 3),
        ("/enterprises", 2),
        ("/enterprises/{enterprise}", 2),
        ("/categories", 2),
        ("/organisations", 2),
    ],
)
def test_reading_stays_within_its_ceiling(housekeeper, cast, counted, path, ceiling):
    number = make_ticket("handling", cast).number
    address = path.format(number=number, enterprise=cast.enterprise.id)
    assert counted(lambda: housekeeper.get(address)) <= ceiling


def test_submitting_stays_within_its_ceiling(client, cast, counted):
    applicant = Caller(client, cast.applicant)
    assert counted(lambda: applicant.submit(REQUEST)) <= 6


def test_an_action_stays_within_its_ceiling(housekeeper, cast, counted):
    numbers = [make_ticket(cast=cast).number for _ in range(2)]

    def accept() -> TestResponse:
        return housekeeper.post(f"/tickets/{numbers.pop()}/acceptance", ACCEPT, version=1)

    assert counted(accept) <= 6
