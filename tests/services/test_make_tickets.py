"""The factories lead a ticket to every status that the flow knows."""

import pytest

from app.domain.vocabulary import Status
from tests.domain.story import PATHS
from tests.factories import make_ticket

pytestmark = pytest.mark.usefixtures("database")


@pytest.mark.parametrize("status", PATHS)
def test_a_ticket_reaches(status):
    assert make_ticket(status).ticket.status == status


def test_every_status_but_those_of_later_actions_is_reached():
    assert set(Status) - set(PATHS) == {Status.MERGED}
