"""离岗与调动: nobody leaves where others would wait for nobody; moving ends all at once."""

from datetime import timedelta

import pytest
import sqlalchemy as sa

from app.db import db
from app.domain.actor import Role
from app.domain.errors import InvalidInput, NotHandedOver
from app.domain.permissions import Permission as Act
from app.models.account import Membership
from app.models.audit_entry import AuditEntry
from app.models.ticket_event import TicketEvent
from services.accounts import grants, leaving, moving
from services.accounts.moving import Move
from services.accounts.opening import OwnAccount
from tests.factories import (
    COUNTY,
    MONDAY,
    make_account,
    make_cast,
    make_housekeeper,
    make_organisation,
    make_pairing,
    make_ticket,
)

pytestmark = pytest.mark.usefixtures("database")

LATER = MONDAY + timedelta(days=1)
REASON = "组织部门调令。"


@pytest.fixture
def admin():
    return make_account(Role.SEC_ADMIN).actor


@pytest.fixture
def cast():
    return make_cast()


def disable(admin, person, successor=None) -> None:
    leaving.disable(admin, person.account.id, REASON, successor, at=LATER)


def end(admin, person, successor=None) -> None:
    grants.end_membership(admin, person.membership.id, REASON, successor, at=LATER)


def move(admin, person, unit, **changes) -> None:
    moving.move(admin, person.account.id, Move(unit.id, None, REASON, **changes), at=LATER)


def standing(person) -> list[tuple[str, int | None]]:
    db.session.expire_all()
    query = sa.select(Membership).where(
        Membership.account_id == person.account.id, Membership.valid_until.is_(None)
    )
    found = db.session.scalars(query.order_by(Membership.id))
    return [(one.role, one.organisation_id) for one in found]


def signed(cast):
    """A ticket for which the lead unit's handler has signed."""
    case = make_ticket("handling", cast)
    case.act(Act.SIGN_FOR, by=cast.handler.actor)
    return case


@pytest.mark.parametrize("leave", [disable, end])
def test_a_housekeeper_stays_while_enterprises_are_paired(admin, cast, leave):
    number = make_ticket("submitted", cast).number
    with pytest.raises(NotHandedOver) as refusal:
        leave(admin, cast.housekeeper)
    assert (refusal.value.left.pairings, refusal.value.left.assignments) == (1, 0)
    assert refusal.value.left.first_tickets == (number,)
    assert "1 家结对企业" in refusal.value.detail
    assert cast.housekeeper.account.is_enabled
    assert standing(cast.housekeeper)


@pytest.mark.parametrize("leave", [disable, end])
def test_a_housekeeper_leaves_after_the_handover(admin, cast, leave):
    make_pairing(cast.enterprise, make_housekeeper())
    leave(admin, cast.housekeeper)
    assert not (cast.housekeeper.account.is_enabled and standing(cast.housekeeper))


def test_a_deputy_stays_while_enterprises_have_none_other(admin, cast):
    row = make_housekeeper()
    make_pairing(cast.enterprise, row, role="deputy")
    with pytest.raises(NotHandedOver):
        disable(admin, make_account(Role.DEPUTY_HOUSEKEEPER, housekeeper_id=row.id))


def test_who_acts_for_somebody_leaves_nothing(admin, cast):
    stand_in = make_account(
        Role.DEPUTY_HOUSEKEEPER,
        housekeeper_id=cast.housekeeper_row.id,
        delegator_id=cast.housekeeper.membership.id,
        valid_until=LATER + timedelta(days=7),
    )
    disable(admin, stand_in)
    assert not stand_in.account.is_enabled


@pytest.mark.parametrize("leave", [disable, end])
def test_who_signed_for_an_assignment_stays_until_somebody_takes_over(admin, cast, leave):
    case = signed(cast)
    colleague = make_account(Role.HANDLER, organisation_id=cast.lead_unit.id)
    with pytest.raises(NotHandedOver) as refusal:
        leave(admin, cast.handler)
    assert refusal.value.left.assignments == 1
    assert refusal.value.left.first_tickets == (case.number,)
    leave(admin, cast.handler, colleague.account.id)


def test_the_last_of_a_unit_stays_while_anything_is_open(admin, cast):
    make_ticket("handling", cast)
    with pytest.raises(NotHandedOver):
        disable(admin, cast.handler)
    make_account(Role.HANDLER, organisation_id=cast.lead_unit.id)
    disable(admin, cast.handler)


def test_who_takes_over_works_in_the_same_unit(admin, cast):
    signed(cast)
    unit = cast.lead_unit.id
    gone = make_account(Role.HANDLER, organisation_id=unit, valid_until=MONDAY)
    disabled = make_account(Role.HANDLER, organisation_id=unit)
    disabled.account.is_enabled = False
    approver = make_account(Role.UNIT_APPROVER, organisation_id=unit)
    for unfit in (cast.handler, make_account(Role.HANDLER), gone, disabled, approver):
        with pytest.raises(InvalidInput) as refusal:
            disable(admin, cast.handler, unfit.account.id)
        assert refusal.value.errors[0].pointer == "/successor_account_id"


def test_whoever_has_nothing_open_leaves(admin, cast):
    for person in (cast.coordinator, cast.supervisor, cast.revisitor, cast.applicant):
        disable(admin, person)
        assert not person.account.is_enabled


def test_who_took_over_is_in_the_audit(admin, cast):
    signed(cast)
    colleague = make_account(Role.HANDLER, organisation_id=cast.lead_unit.id)
    disable(admin, cast.handler, colleague.account.id)
    query = sa.select(AuditEntry.facts).where(AuditEntry.action == "disable_account")
    assert db.session.scalar(query) == {"reason": REASON, "successor_id": colleague.account.id}


def test_moving_ends_everything_old_at_once_and_begins_the_same_there(admin):
    old, new = make_organisation(), make_organisation()
    person = make_account(Role.HANDLER, organisation_id=old.id)
    make_account(Role.UNIT_APPROVER, person.account, organisation_id=old.id)
    contact = make_account(Role.ENTERPRISE_STAFF, person.account)
    absent = make_account(Role.HOUSEKEEPER)
    make_account(
        Role.DEPUTY_HOUSEKEEPER,
        person.account,
        housekeeper_id=absent.membership.housekeeper_id,
        delegator_id=absent.membership.id,
        valid_until=LATER + timedelta(days=7),
    )
    move(admin, person, new)
    assert standing(person) == [
        ("enterprise_staff", contact.membership.organisation_id),
        ("handler", new.id),
        ("unit_approver", new.id),
    ]
    open_ended = sa.select(sa.func.count()).where(
        Membership.account_id == person.account.id, Membership.valid_until > LATER
    )
    assert db.session.scalar(open_ended) == 0


def test_the_new_roles_begin_when_they_begin_the_old_end_now(admin):
    old, new, begins = make_organisation(), make_organisation(), LATER + timedelta(days=30)
    person = make_account(Role.HANDLER, organisation_id=old.id)
    move(admin, person, new, roles=(Role.UNIT_APPROVER,), begins=begins)
    db.session.expire_all()
    assert person.membership.valid_until == LATER
    query = sa.select(Membership).where(Membership.organisation_id == new.id)
    begun = db.session.scalars(query).one()
    assert (begun.role, begun.valid_from) == ("unit_approver", begins)


def test_who_moves_hands_over_first_but_need_not_wait_for_the_signature(admin, cast):
    new = make_organisation()
    with pytest.raises(NotHandedOver):
        move(admin, cast.housekeeper, new, roles=(Role.HANDLER,))
    db.session.execute(sa.text("UPDATE pairings SET state = 'handing_over'"))
    move(admin, cast.housekeeper, new, roles=(Role.HANDLER,))
    assert standing(cast.housekeeper) == [("handler", new.id)]


def test_a_housekeeper_says_what_to_be_in_the_new_unit(admin, cast):
    make_pairing(cast.enterprise, make_housekeeper())
    with pytest.raises(InvalidInput) as refusal:
        move(admin, cast.housekeeper, make_organisation())
    assert refusal.value.errors[0].pointer == "/roles"


def test_history_stays_with_the_old_unit(admin, cast):
    case = signed(cast)
    colleague = make_account(Role.HANDLER, organisation_id=cast.lead_unit.id)
    move(admin, cast.handler, make_organisation(), successor_id=colleague.account.id)
    query = sa.select(TicketEvent.organisation_id).where(
        TicketEvent.ticket_id == case.ticket.id, TicketEvent.action == Act.SIGN_FOR
    )
    assert db.session.scalar(query) == cast.lead_unit.id


def test_a_move_fits_the_new_place_or_changes_nothing(admin):
    person = make_account(Role.HANDLER, organisation_id=make_organisation().id)
    elsewhere = make_organisation(area_code="210303000000")
    wanted = Move(elsewhere.id, COUNTY, REASON)
    savepoint = db.session.begin_nested()
    with pytest.raises(InvalidInput):
        moving.move(admin, person.account.id, wanted, at=LATER)
    savepoint.rollback()
    assert standing(person) == [("handler", person.membership.organisation_id)]


def test_nobody_moves_himself(admin):
    with pytest.raises(OwnAccount):
        moving.move(admin, admin.account_id, Move(make_organisation().id, None, REASON), at=LATER)
