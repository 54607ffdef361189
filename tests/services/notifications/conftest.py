"""What the tests of sending share: people, the applicant's phone, a message that is due."""

import pytest

from tests.factories import make_cast, make_ticket
from tests.services.notifications.phones import ACCEPTED, know_templates, make_phone


@pytest.fixture
def cast(database):
    """The people of one enterprise."""
    return make_cast()


@pytest.fixture
def templates(wechat, database):
    """The account's templates are known."""
    know_templates()


@pytest.fixture
def phone(wechat, templates, cast):
    """The applicant's phone, with two consents to be told of an acceptance."""
    return make_phone(wechat, cast.applicant, ACCEPTED, times=2)


@pytest.fixture
def case(phone, cast):
    """A ticket just accepted, which is to be told."""
    return make_ticket("accepted", cast)
