"""What a register took away ends by itself, whether or not its holder ever comes back."""

import pytest
import sqlalchemy as sa

from app import clock
from app.db import db
from app.domain.actor import Role
from app.models.account import Membership
from app.sealing import fingerprint
from jobs.match_rosters import match_rosters
from services.accounts import roster
from tests.factories import (
    MONDAY,
    make_account,
    make_enterprise,
    make_housekeeper,
    make_organisation,
    make_pairing,
)

pytestmark = pytest.mark.usefixtures("database")

NUMBER, OTHER = "13912340001", "13912340002"


@pytest.fixture
def account_id() -> int:
    """Somebody with a role of their own, granted by hand."""
    return make_account(Role.AUDITOR).account.id


def vouched(account_id: int) -> list[str]:
    """Roles that stand because a register names the number."""
    query = sa.select(Membership.role).where(
        Membership.account_id == account_id,
        Membership.phone_hash.is_not(None),
        Membership.valid_until.is_(None),
    )
    return list(db.session.scalars(query.order_by(Membership.id)))


def match(account_id: int) -> None:
    roster.match_roster(account_id, fingerprint(NUMBER), at=MONDAY)


def run() -> int:
    with clock.frozen(MONDAY):
        return match_rosters().items


def test_what_the_registers_support_stays(account_id):
    enterprise, housekeeper = make_enterprise(contact_phone=NUMBER), make_housekeeper(phone=NUMBER)
    make_pairing(enterprise, housekeeper, role="deputy")
    match(account_id)
    before = vouched(account_id)
    assert sorted(before) == ["deputy_housekeeper", "enterprise_admin", "housekeeper"]
    assert run() == 0
    assert vouched(account_id) == before


@pytest.mark.parametrize("is_closed", [False, True], ids=["another contact", "closed down"])
def test_a_contact_who_was_replaced_is_one_no_longer(account_id, is_closed):
    enterprise = make_enterprise(contact_phone=NUMBER)
    match(account_id)
    if is_closed:
        enterprise.operating_state = "注销"
    else:
        enterprise.contact_phone_hash = fingerprint(OTHER)
    db.session.flush()
    assert run() == 1
    assert vouched(account_id) == []
    assert run() == 0


def test_a_housekeeper_who_left_or_deputises_no_more_is_one_no_longer(account_id):
    housekeeper = make_housekeeper(phone=NUMBER)
    pairing = make_pairing(make_enterprise(), housekeeper, role="deputy")
    match(account_id)
    pairing.state = "ended"
    pairing.ended_at = MONDAY
    db.session.flush()
    assert run() == 1
    assert vouched(account_id) == ["housekeeper"]
    housekeeper.duty_state = "退休"
    db.session.flush()
    assert run() == 1
    assert vouched(account_id) == []


def test_what_was_granted_by_hand_is_left_alone():
    by_hand = make_account(Role.HANDLER, organisation_id=make_organisation().id)
    assert run() == 0
    assert by_hand.membership.valid_until is None
