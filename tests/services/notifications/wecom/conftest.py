"""What the tests of WeCom share: the housekeeper, who is a member, and is told of a new ticket."""

import pytest

from tests.factories import Case, make_cast, make_ticket
from tests.services.notifications.phones import know_templates
from tests.services.notifications.wecom.members import Member, make_member


@pytest.fixture
def cast(wechat, database):
    know_templates()
    return make_cast()


@pytest.fixture
def member(wechat, cast) -> Member:
    """The housekeeper in WeCom."""
    return make_member(wechat, cast.housekeeper)


@pytest.fixture
def case(member, cast) -> Case:
    """A new ticket, of which the housekeeper is told."""
    return make_ticket(cast=cast)
