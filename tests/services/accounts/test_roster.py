"""名册: what the registers say of a number, and which memberships stand because of it."""

from datetime import timedelta

import pytest
import sqlalchemy as sa

from app.db import db
from app.domain.actor import Role
from app.models.account import Account, Membership
from app.models.enterprise import Enterprise
from app.models.housekeeper import Housekeeper
from app.sealing import fingerprint
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
HASH = fingerprint
DAY = timedelta(days=1)


def roles(number: str = NUMBER) -> list[str]:
    return [claim.role for claim in roster.claims_of(HASH(number))]


def standing(account_id: int) -> list[tuple[str, int | None, int | None]]:
    """Roles and places of the account that have not ended."""
    db.session.expire_all()
    query = sa.select(Membership).where(
        Membership.account_id == account_id, Membership.valid_until.is_(None)
    )
    return [
        (one.role, one.enterprise_id, one.housekeeper_id)
        for one in db.session.scalars(query.order_by(Membership.id))
    ]


@pytest.fixture
def account_id() -> int:
    """An account without any membership that stands."""
    person = make_account(Role.AUDITOR, valid_until=MONDAY - DAY)
    return person.account.id


def match(account_id: int, number: str = NUMBER, at=MONDAY) -> roster.Changes:
    return roster.match_roster(account_id, HASH(number), at=at)


def test_an_unknown_number_is_nobody():
    make_enterprise(contact_phone=OTHER)
    make_housekeeper(phone="13912340003")
    assert roles() == []


def test_the_contact_of_an_enterprise_is_its_administrator():
    first, second = (make_enterprise(contact_phone=NUMBER) for _ in range(2))
    claims = roster.claims_of(HASH(NUMBER))
    assert [claim.role for claim in claims] == ["enterprise_admin"] * 2
    assert [claim.enterprise_id for claim in claims] == [first.id, second.id]


def test_an_enterprise_that_closed_down_gives_nothing():
    make_enterprise(contact_phone=NUMBER, operating_state="注销")
    assert roles() == []
    make_enterprise(contact_phone=NUMBER, operating_state="停产")
    assert roles() == ["enterprise_admin"]


@pytest.mark.parametrize(
    ("duty_state", "expected"),
    [("在岗", ["housekeeper"]), ("离岗", ["housekeeper"]), ("调离", []), ("退休", [])],
)
def test_a_housekeeper_is_one_until_gone_for_good(duty_state, expected):
    make_housekeeper(phone=NUMBER, duty_state=duty_state)
    assert roles() == expected


def test_a_deputy_has_both_roles_while_the_pairing_stands():
    deputy = make_housekeeper(phone=NUMBER)
    pairing = make_pairing(housekeeper=deputy, role="deputy")
    assert roles() == ["deputy_housekeeper", "housekeeper"]
    make_pairing(housekeeper=deputy, role="lead")
    assert roles() == ["housekeeper", "deputy_housekeeper"]
    pairing.end(at=MONDAY)
    db.session.flush()
    assert roles() == ["housekeeper"]


def test_a_proposed_pairing_makes_nobody_a_deputy():
    make_pairing(housekeeper=make_housekeeper(phone=NUMBER), role="deputy", is_active=False)
    assert roles() == ["housekeeper"]


def test_one_number_in_several_registers_is_all_of_it():
    make_enterprise(contact_phone=NUMBER)
    make_housekeeper(phone=NUMBER)
    assert roles() == ["housekeeper", "enterprise_admin"]


def test_the_register_knows_the_name():
    make_housekeeper("王管家", phone=NUMBER)
    make_enterprise(contact_phone=OTHER, contact_name="李联系")
    names = [roster.name_in(roster.claims_of(HASH(number))[0]) for number in (NUMBER, OTHER)]
    assert names == ["王管家", "李联系"]


def test_memberships_begin_with_their_place_and_their_warrant(account_id):
    housekeeper = make_housekeeper(phone=NUMBER)
    enterprise = make_enterprise(contact_phone=NUMBER)
    changes = match(account_id)
    rows = [db.session.get_one(Membership, each) for each in changes.begun]
    assert changes.ended == []
    assert standing(account_id) == [
        ("housekeeper", None, housekeeper.id),
        ("enterprise_admin", enterprise.id, None),
    ]
    assert {row.phone_hash for row in rows} == {HASH(NUMBER)}
    assert {row.valid_from for row in rows} == {MONDAY}
    assert rows[0].organisation_id == housekeeper.organisation_id


def test_the_same_register_twice_changes_nothing(account_id):
    make_pairing(housekeeper=make_housekeeper(phone=NUMBER), role="deputy")
    make_enterprise(contact_phone=NUMBER)
    match(account_id)
    before = standing(account_id)
    assert match(account_id, at=MONDAY + DAY).facts() == {}
    assert standing(account_id) == before


def test_what_the_register_no_longer_says_ends(account_id):
    gone, stays = (make_enterprise(contact_phone=NUMBER) for _ in range(2))
    match(account_id)
    db.session.execute(
        sa.update(Enterprise).where(Enterprise.id == gone.id).values(contact_phone_hash=HASH(OTHER))
    )
    changes = match(account_id, at=MONDAY + DAY)
    assert standing(account_id) == [("enterprise_admin", stays.id, None)]
    [ended] = changes.ended
    assert db.session.get_one(Membership, ended).valid_until == MONDAY + DAY


def test_what_was_granted_by_hand_stays_and_is_not_given_twice():
    enterprise = make_enterprise(contact_phone=NUMBER)
    by_hand = make_account(Role.ENTERPRISE_ADMIN, enterprise_id=enterprise.id)
    make_account(Role.COORDINATOR, by_hand.account)
    assert match(by_hand.account.id).facts() == {}
    enterprise.contact_phone_hash = HASH(OTHER)
    db.session.flush()
    assert match(by_hand.account.id).facts() == {}
    assert len(standing(by_hand.account.id)) == 2


def test_another_role_at_the_same_place_is_another_membership():
    enterprise = make_enterprise(contact_phone=NUMBER)
    staff = make_account(Role.ENTERPRISE_STAFF, enterprise_id=enterprise.id)
    assert len(match(staff.account.id).begun) == 1


def test_what_another_number_vouched_for_ends(account_id):
    old = make_enterprise(contact_phone=OTHER)
    match(account_id, OTHER)
    new = make_enterprise(contact_phone=NUMBER)
    changes = match(account_id, NUMBER)
    assert (len(changes.begun), len(changes.ended)) == (1, 1)
    assert standing(account_id) == [("enterprise_admin", new.id, None)]
    assert old.id != new.id


def test_a_place_that_two_numbers_vouch_for_goes_over_to_the_present_one(account_id):
    enterprise = make_enterprise(contact_phone=OTHER)
    match(account_id, OTHER)
    enterprise.contact_phone_hash = HASH(NUMBER)
    db.session.flush()
    match(account_id, NUMBER)
    assert standing(account_id) == [("enterprise_admin", enterprise.id, None)]


def test_a_housekeeper_who_moves_to_another_unit_begins_anew_there(account_id):
    housekeeper = make_housekeeper(phone=NUMBER)
    match(account_id)
    unit = make_organisation()
    db.session.execute(
        sa.update(Housekeeper)
        .where(Housekeeper.id == housekeeper.id)
        .values(organisation_id=unit.id)
    )
    changes = match(account_id, at=MONDAY + DAY)
    assert (len(changes.begun), len(changes.ended)) == (1, 1)
    assert db.session.get_one(Membership, changes.begun[0]).organisation_id == unit.id


def test_an_ended_membership_is_not_ended_again_and_may_begin_anew(account_id):
    enterprise = make_enterprise(contact_phone=NUMBER)
    [first] = match(account_id).begun
    enterprise.contact_phone_hash = HASH(OTHER)
    db.session.flush()
    match(account_id, at=MONDAY + DAY)
    enterprise.contact_phone_hash = HASH(NUMBER)
    db.session.flush()
    changes = match(account_id, at=MONDAY + 2 * DAY)
    assert (len(changes.begun), changes.ended) == (1, [])
    assert db.session.get_one(Membership, first).valid_until == MONDAY + DAY


def test_the_holder_of_a_number_is_who_holds_what_it_still_vouches_for(account_id):
    enterprise = make_enterprise(contact_phone=NUMBER)
    db.session.get_one(Account, account_id).password_hash = None
    match(account_id)

    def holder() -> int | None:
        return roster.holder_of(HASH(NUMBER), roster.claims_of(HASH(NUMBER)), at=MONDAY)

    assert holder() == account_id
    enterprise.contact_phone_hash = HASH(OTHER)
    make_enterprise(contact_phone=NUMBER)
    db.session.flush()
    assert holder() is None


def test_only_what_the_number_vouched_for_is_withdrawn(account_id):
    make_enterprise(contact_phone=NUMBER)
    match(account_id)
    make_account(Role.AUDITOR, phone_hash=HASH(OTHER))
    by_hand = make_account(Role.AUDITOR).account.id
    roster.withdraw(HASH(NUMBER), at=MONDAY)
    assert standing(account_id) == []
    assert len(standing(by_hand)) == 1
    open_ones = sa.select(sa.func.count()).where(
        Membership.phone_hash == HASH(OTHER), Membership.valid_until.is_(None)
    )
    assert db.session.scalar(open_ones) == 1
