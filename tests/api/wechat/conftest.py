"""What the tests of people who come by WeChat share: a Monday, and somebody with a phone."""

import pytest

from app import clock
from tests.api.wechat.people import NUMBER
from tests.factories import MONDAY
from tests.handsets import Handset


@pytest.fixture
def monday():
    """It is Monday, and no second passes."""
    with clock.frozen(MONDAY):
        yield


@pytest.fixture
def handset(client, wechat) -> Handset:
    """A WeChat user whom nobody knows yet."""
    return Handset(client, wechat, NUMBER)


@pytest.fixture
def stranger(client, wechat) -> Handset:
    """Another WeChat user with the same number, as after a new phone or a number passed on."""
    return Handset(client, wechat, NUMBER)
