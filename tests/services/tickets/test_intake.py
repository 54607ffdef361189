"""提交诉求: by the enterprise itself, or by staff on its behalf."""

import re
from dataclasses import replace

import pytest
import sqlalchemy as sa

from app.db import db
from app.domain.errors import Forbidden, InvalidInput
from app.domain.permissions import Permission as Act
from app.domain.vocabulary import Channel, Kind
from app.models.notification import Notification
from app.models.ticket import Ticket
from app.sealing import unseal
from services.directory.closed_enterprises import EnterpriseClosed
from services.tickets.intake import submit
from tests.domain.calendars import local
from tests.domain.story import MONDAY, USUAL
from tests.factories import (
    OTHER_COUNTY,
    make_account,
    make_area,
    make_cast,
    make_enterprise,
    make_ticket,
)

pytestmark = pytest.mark.usefixtures("database")

REQUEST = USUAL[Act.SUBMIT]


def submitted(person, at=MONDAY, **changes) -> Ticket:
    change = submit(person.actor, replace(REQUEST, **changes), "AS", at=at)
    return db.session.scalars(sa.select(Ticket).where(Ticket.number == change.number)).one()


def told(ticket: Ticket) -> set[int]:
    query = sa.select(Notification.account_id).where(Notification.ticket_id == ticket.id)
    return set(db.session.scalars(query))


def pointers(error) -> list[str]:
    return [each.pointer for each in error.value.errors]


def test_a_number_has_the_local_day_and_is_given_once():
    cast = make_cast()
    late = local("2026-06-01 00:30")
    numbers = [submitted(cast.applicant, at=late).number for _ in range(3)]
    assert all(re.fullmatch(r"AS20260601-\d{6}", number) for number in numbers)
    assert len(set(numbers)) == 3


def test_the_ticket_knows_where_it_belongs():
    cast = make_cast()
    ticket = submitted(cast.applicant, kind=Kind.COMPLAINT, category_code="land")
    assert (ticket.status, ticket.step, ticket.round, ticket.version) == (
        "submitted",
        "accept",
        1,
        1,
    )
    assert ticket.enterprise_id == cast.enterprise.id
    assert ticket.housekeeper_id == cast.housekeeper_row.id
    assert ticket.area_code == cast.enterprise.area_code
    assert (ticket.kind, ticket.channel, ticket.category_code) == (
        "complaint",
        "mini_program",
        "land",
    )
    assert ticket.submitted_at == MONDAY


def test_the_managing_zone_counts_before_the_place():
    zone = make_area()
    enterprise = make_enterprise(managing_area_code=zone.code)
    person = make_account("enterprise_staff", enterprise_id=enterprise.id)
    assert submitted(person).area_code == zone.code


def test_the_housekeeper_hears_of_it():
    cast = make_cast()
    assert told(submitted(cast.applicant)) == {cast.housekeeper.account.id}


def test_what_is_confidential_goes_past_the_housekeeper():
    cast = make_cast()
    coordinators = {cast.coordinator.account.id, cast.second_coordinator.account.id}
    assert told(submitted(cast.applicant, is_confidential=True)) == coordinators


def test_without_a_housekeeper_the_coordinators_of_the_area_hear():
    near = make_account("coordinator")
    make_account("coordinator", area_prefix=OTHER_COUNTY[:6])
    ticket = submitted(make_account("enterprise_admin"))
    assert ticket.housekeeper_id is None
    assert told(ticket) == {near.account.id}


def test_the_contact_is_sealed():
    ticket = submitted(make_cast().applicant, contact_name="赵联系", contact_phone="13912345678")
    assert ticket.contact_phone is not None
    assert b"13912345678" not in ticket.contact_phone
    assert unseal(ticket.contact_phone, "tickets.contact_phone") == "13912345678"


def test_an_operator_files_for_an_enterprise_of_the_area():
    cast = make_cast()
    on_behalf = {"enterprise_id": cast.enterprise.id, "channel": Channel.HOTLINE}
    ticket = submitted(cast.operator, **on_behalf)
    assert ticket.intake_organisation_id == cast.operator.membership.organisation_id
    assert (ticket.channel, ticket.submitted_by) == ("hotline", cast.operator.account.id)


def test_a_housekeeper_files_for_the_own_enterprises_only():
    cast = make_cast()
    own = submitted(cast.housekeeper, enterprise_id=cast.enterprise.id)
    assert own.submitted_by == cast.housekeeper.account.id
    with pytest.raises(InvalidInput) as error:
        submitted(cast.housekeeper, enterprise_id=make_enterprise().id)
    assert pointers(error) == ["/enterprise_id"]


@pytest.mark.parametrize(
    ("part", "changes", "pointer"),
    [
        ("operator", {}, "/enterprise_id"),
        ("operator", {"enterprise_id": 2**40}, "/enterprise_id"),
        ("applicant", {"enterprise_id": 2**40}, "/enterprise_id"),
        ("applicant", {"channel": Channel.HOTLINE}, "/channel"),
        ("applicant", {"category_code": "magic"}, "/category_code"),
        ("applicant", {"attachment_ids": (2**40,)}, "/attachment_ids/0"),
    ],
)
def test_what_is_wrong_with_a_submission(part, changes, pointer):
    with pytest.raises(InvalidInput) as error:
        submitted(getattr(make_cast(), part), **changes)
    assert pointers(error) == [pointer]


def test_an_operator_does_not_reach_other_cities():
    operator = make_account("operator", area_prefix="2104")
    with pytest.raises(InvalidInput) as error:
        submitted(operator, enterprise_id=make_enterprise().id)
    assert pointers(error) == ["/enterprise_id"]


@pytest.mark.parametrize(
    "role", ["coordinator", "handler", "unit_approver", "supervisor", "sys_admin", "revisitor"]
)
def test_who_may_not_submit(role):
    with pytest.raises(Forbidden):
        submitted(make_account(role), enterprise_id=make_enterprise().id)


def test_an_enterprise_that_is_gone_submits_nothing():
    enterprise = make_enterprise(operating_state="注销")
    with pytest.raises(EnterpriseClosed):
        submitted(make_account("enterprise_admin", enterprise_id=enterprise.id))


def test_a_second_ticket_is_another_ticket():
    cast = make_cast()
    first, second = make_ticket(cast=cast), make_ticket(cast=cast)
    first.act(Act.ACCEPT)
    assert (first.ticket.status, second.ticket.status) == ("accepted", "submitted")
