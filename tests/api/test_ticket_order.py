"""A list of tickets is in the order that was asked for, on each page and from page to page."""

from datetime import timedelta

import pytest

from app.domain.permissions import Permission as Act
from tests.callers import Caller
from tests.factories import MONDAY, make_cast, make_ticket

ORDERS = {"due_at": False, "-submitted_at": True, "-changed_at": True}


@pytest.fixture
def caller(client, database) -> Caller:
    """A coordinator who sees four tickets, in another order by each of their times."""
    cast = make_cast()
    first, *_ = (make_ticket(cast=cast, at=MONDAY + timedelta(days=days)) for days in (2, 0, 1, 3))
    first.act(Act.ACCEPT, at=MONDAY + timedelta(days=4))
    return Caller(client, cast.coordinator)


def walked(caller: Caller, sort: str) -> list[dict]:
    """All tickets, two a page."""
    found, address = [], f"/tickets?limit=2&sort={sort}"
    while address:
        page = caller.get(address).json
        assert page is not None
        found += page["items"]
        cursor = page["next_cursor"]
        address = f"/tickets?limit=2&sort={sort}&cursor={cursor}" if cursor else ""
    return found


@pytest.mark.parametrize("sort", ORDERS)
def test_pages_are_in_the_order_asked_for(caller, sort):
    told = [item[sort.removeprefix("-")] for item in walked(caller, sort)]
    assert len(set(told)) == len(told) == 4
    assert told == sorted(told, reverse=ORDERS[sort])
