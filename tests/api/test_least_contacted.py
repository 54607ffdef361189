"""GET /pairings/least-contacted: whom the unit has left alone for longest."""

from dataclasses import replace
from datetime import timedelta

import pytest
import sqlalchemy as sa

from app.db import db
from app.domain.actor import Role
from app.domain.facts.intake import Submission
from app.domain.permissions import Permission as Act
from app.domain.vocabulary import Channel
from app.models.organisation import Organisation
from app.models.ticket_event import IS_CONTACT, TicketEvent
from tests.callers import Caller
from tests.factories import (
    MONDAY,
    Cast,
    make_account,
    make_cast,
    make_enterprise,
    make_housekeeper,
    make_pairing,
    make_ticket,
)

PATH = "/pairings/least-contacted"
BY_HAND = Submission("厂区道路照明", "厂区门口的路灯坏了两盏，请协调维修。", channel=Channel.VISIT)


@pytest.fixture
def cast(client) -> Cast:
    return make_cast()


@pytest.fixture
def unit(cast) -> Organisation:
    """The unit of the cast's housekeeper."""
    return db.session.get_one(Organisation, cast.housekeeper_row.organisation_id)


@pytest.fixture
def approver(client, unit) -> Caller:
    return Caller(client, make_account(Role.UNIT_APPROVER, organisation_id=unit.id))


def neighbour(unit, **changes) -> Cast:
    """Another enterprise with a housekeeper of the unit, and people around it."""
    cast = make_cast(make_enterprise(**changes))
    housekeeper = make_housekeeper(organisation=unit)
    make_pairing(cast.enterprise, housekeeper)
    membership = cast.housekeeper.membership
    membership.housekeeper_id = housekeeper.id
    db.session.flush()
    return cast


def contact(cast: Cast, *, at=MONDAY, by=None) -> None:
    """First contact about a request that the enterprise has submitted a minute before."""
    make_ticket("submitted", cast, at=at).act(Act.FIRST_CONTACT, by=by or cast.housekeeper.actor)


def listed(caller: Caller, **query) -> list[tuple[int, str | None]]:
    answer = caller.get(PATH, query_string=query)
    assert answer.status_code == 200, answer.text
    return [(one["enterprise_id"], one["last_contact_on"]) for one in answer.json["items"]]


def test_the_never_contacted_come_first_then_the_longest_ago(cast, unit, approver):
    lately, long_ago = neighbour(unit), neighbour(unit)
    contact(lately, at=MONDAY + timedelta(days=30))
    contact(long_ago)
    contact(lately)
    assert listed(approver) == [
        (cast.enterprise.id, None),
        (long_ago.enterprise.id, "2026-06-01"),
        (lately.enterprise.id, "2026-07-01"),
    ]


def test_pages_follow_each_other_across_the_never_contacted(cast, unit, approver):
    others = [neighbour(unit) for _ in range(3)]
    for days, other in enumerate(others[1:]):
        contact(other, at=MONDAY + timedelta(days=days))
    answer, seen = approver.get(PATH, query_string={"limit": 1}), []
    while cursor := answer.json["next_cursor"]:
        seen += [one["enterprise_id"] for one in answer.json["items"]]
        answer = approver.get(PATH, query_string={"limit": 1, "cursor": cursor})
    seen += [one["enterprise_id"] for one in answer.json["items"]]
    assert seen == [one.enterprise.id for one in (cast, *others)]


def test_who_speaks_with_the_enterprise_contacts_it(cast, approver):
    """Coordinators and hotlines do not stand in for the housekeeper; a request does not either."""
    make_ticket("submitted", cast)
    contact(cast, by=cast.coordinator.actor)
    assert listed(approver) == [(cast.enterprise.id, None)]
    taken_down = replace(BY_HAND, enterprise_id=cast.enterprise.id)
    make_ticket("submitted", cast, by=cast.housekeeper.actor, submit=taken_down)
    assert listed(approver) == [(cast.enterprise.id, "2026-06-01")]


def test_what_the_predecessor_did_is_not_forgotten(cast, unit, approver):
    contact(cast)
    successor = make_housekeeper("王华", organisation=unit)
    make_pairing(cast.enterprise, successor)
    [shown] = approver.get(PATH).json["items"]
    assert (shown["housekeeper_name"], shown["last_contact_on"]) == ("王华", "2026-06-01")


def test_it_stays_in_the_unit(client, cast, unit):
    stranger = make_account(Role.UNIT_APPROVER)
    office = make_account(Role.COORDINATOR, area_prefix="2103")
    of_unit = make_account(Role.COORDINATOR, organisation_id=unit.id)
    assert listed(Caller(client, stranger)) == listed(Caller(client, office)) == []
    assert listed(Caller(client, of_unit)) == [(cast.enterprise.id, None)]


def test_a_housekeeper_reads_of_the_own_enterprises_alone(client, cast, unit):
    other = neighbour(unit)
    for one in (cast, other):
        owner = Caller(client, one.housekeeper)
        assert listed(owner) == [(one.enterprise.id, None)]


@pytest.mark.parametrize("role", [Role.SUPERVISOR, Role.REGISTER_OFFICER, Role.ENTERPRISE_ADMIN])
def test_it_is_nobody_elses_business(client, role):
    assert Caller(client, make_account(role)).get(PATH).status_code == 403


def test_only_who_answers_now_is_listed_and_each_enterprise_once(cast, unit, approver):
    make_pairing(cast.enterprise, make_housekeeper(organisation=unit), role="deputy")
    make_pairing(make_enterprise(), make_housekeeper(organisation=unit), is_active=False)
    assert listed(approver) == [(cast.enterprise.id, None)]


def test_a_category_may_be_asked_for(cast, unit, approver):
    key = neighbour(unit, categories=("重点项目",))
    assert listed(approver, category="重点项目") == [(key.enterprise.id, None)]
    assert listed(approver, category="其他") == [(cast.enterprise.id, None)]


def test_contact_is_found_by_the_index_made_for_it(approver):
    """However long the histories are: their other events are not looked at."""
    db.session.execute(sa.text("SET LOCAL enable_seqscan = off"))
    asked = sa.select(sa.func.max(TicketEvent.at)).where(TicketEvent.ticket_id == 1, IS_CONTACT)
    text = asked.compile(db.engine, compile_kwargs={"literal_binds": True})
    plan = "\n".join(db.session.scalars(sa.text(f"EXPLAIN {text}")))
    assert "ix_ticket_events_contact" in plan


def test_nobody_is_counted_or_ranked(cast, approver):
    [shown] = approver.get(PATH).json["items"]
    assert set(shown) == {
        *("pairing_id", "enterprise_id", "enterprise_name", "primary_category"),
        *("housekeeper_id", "housekeeper_name", "started_at", "last_contact_on"),
    }
