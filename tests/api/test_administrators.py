"""三员分立 over HTTP: none of the three reads tickets, and no two grants pass side by side."""

import pytest

from app.domain.actor import Role
from tests.callers import Caller
from tests.factories import make_account
from tests.factories.people import SINCE
from tests.problems import refused
from tests.statements import heard

AUDITOR = {"role": "auditor", "reason": "岗位职责。"}


@pytest.fixture
def admin(client, database):
    return Caller(client, make_account(Role.SEC_ADMIN))


@pytest.fixture
def clerk(database):
    """Somebody whose only role has ended."""
    return make_account(Role.HANDLER, valid_until=SINCE)


@pytest.mark.parametrize("role", ["sys_admin", "sec_admin", "auditor"])
def test_no_administrator_reads_tickets(client, database, role):
    caller = Caller(client, make_account(Role(role)))
    for path in ("/tickets", "/assignments", "/enterprises", "/housekeepers", "/deliveries"):
        refused(caller.get(path), 403)


def test_a_grant_waits_for_another_one_of_the_same_account(admin, clerk):
    """What somebody may hold is judged under a lock, so that two cannot pass side by side."""
    with heard() as statements:
        granted = admin.post(f"/accounts/{clerk.account.id}/memberships", AUDITOR)
    assert granted.status_code == 201, granted.text
    assert any("FOR UPDATE" in one and "accounts" in one for one in statements)
