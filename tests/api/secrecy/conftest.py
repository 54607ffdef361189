"""The cast and the day of what is kept from some."""

import pytest

from app import clock
from tests.factories import MONDAY, Cast, make_cast


@pytest.fixture(autouse=True)
def monday():
    with clock.frozen(MONDAY):
        yield


@pytest.fixture
def cast(database) -> Cast:
    return make_cast()
