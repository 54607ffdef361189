"""督办单: proposed by the ladder, issued, answered, reviewed, closed with their round."""

from datetime import timedelta

import pytest
import sqlalchemy as sa

from app import clock
from app.db import db
from app.domain.permissions import Permission as Act
from app.domain.supervision_flow import Deed, SupervisionStateForbids
from app.domain.vocabulary import Status
from app.models.supervision import BulletinEntry, SupervisionOrder
from jobs.audit_deadlines import audit_deadlines
from services.supervision import orders
from services.supervision.order_book import get_order, list_orders
from tests.domain.calendars import local
from tests.factories import make_ticket
from tests.services.supervision.late import (
    ALL,
    BULLETIN_AT,
    ESCALATION_AT,
    ORDER_AT,
    RED_AT,
    handled,
    issued,
    order_of,
    swept,
    told,
    watch,
)

pytestmark = pytest.mark.usefixtures("database")


def test_the_ladder_leaves_an_order_then_an_entry_then_goes_to_the_leader():
    case = handled()
    watch(RED_AT, ORDER_AT - timedelta(seconds=1))
    assert db.session.scalars(sa.select(SupervisionOrder)).all() == []
    watch(ORDER_AT)
    order = order_of(case)
    assert (order.state, order.clock) == ("submitted", "assignment")
    assert order.organisation_id == case.cast.lead_unit.id
    watch(BULLETIN_AT, ESCALATION_AT, local("2026-07-20 10:00"))
    assert order_of(case).id == order.id
    [entry] = db.session.scalars(sa.select(BulletinEntry))
    assert (entry.organisation_id, entry.listed_at) == (order.organisation_id, BULLETIN_AT)
    with clock.frozen(local("2026-07-20 11:00")):
        assert audit_deadlines().failures == 0
    assert get_order(case.cast.supervisor.actor, order.id)["late_rung"] == "escalation"
    assert case.cast.supervisor.account.id in told("supervision")
    assert case.cast.unit_approver.account.id in told("supervision")
    assert case.cast.applicant.account.id not in told("supervision")


def test_who_watches_late_makes_up_for_the_papers_and_tells_once():
    case = handled()
    watch(local("2026-07-20 10:00"), local("2026-07-20 10:00"))
    assert order_of(case).proposed_at == local("2026-07-20 10:00")
    assert len(db.session.scalars(sa.select(BulletinEntry)).all()) == 1
    query = sa.text("SELECT facts->>'rung' FROM ticket_events WHERE facts->>'clock' = 'assignment'")
    given = [rung for (rung,) in db.session.execute(query) if rung]
    assert given == ["red", "escalation"]


def test_before_it_is_dispatched_nobody_is_ordered():
    make_ticket(Status.ACCEPTED).act(Act.FIRST_CONTACT)
    watch(RED_AT, ORDER_AT)
    assert db.session.scalars(sa.select(SupervisionOrder)).all() == []


def test_an_order_is_seen_by_its_unit_when_it_is_issued():
    case = handled()
    watch(RED_AT, ORDER_AT)
    order, approver = order_of(case), case.cast.unit_approver
    assert list_orders(approver.actor, None, ALL)[0] == []
    orders.issue_order(case.cast.supervisor.actor, order.id, "请说明", None, at=ORDER_AT)
    [shown] = list_orders(approver.actor, None, ALL)[0]
    assert (shown["state"], shown["due_at"]) == ("issued", local("2026-06-16 17:30"))
    assert {approver.account.id, case.cast.handler.account.id} == told("order_for_unit")


def test_an_order_is_replied_to_sent_back_and_accepted():
    case, order = issued()
    unit, supervisor = case.cast.unit_approver.actor, case.cast.supervisor.actor
    orders.answer_order(unit, order.id, Deed.REPLY, "正在办理", at=ORDER_AT)
    assert case.cast.supervisor.account.id in told("order_answered")
    orders.manage_order(supervisor, order.id, Deed.SEND_BACK, "太笼统", at=ORDER_AT)
    orders.answer_order(unit, order.id, Deed.REPLY, "已送电", at=ORDER_AT)
    orders.manage_order(supervisor, order.id, Deed.ACCEPT, "属实", at=ORDER_AT)
    told_of = get_order(supervisor, order.id)
    assert told_of["state"] == "done"
    assert [one["deed"] for one in told_of["history"]] == [
        *("issue", "reply", "send_back", "reply", "accept")
    ]


@pytest.mark.parametrize(
    ("deed", "state"), [(Deed.GRANT_RETURN, "closed"), (Deed.DENY_RETURN, "issued")]
)
def test_a_return_is_ruled_on(deed, state):
    case, order = issued()
    unit, supervisor = case.cast.unit_approver.actor, case.cast.supervisor.actor
    orders.answer_order(unit, order.id, Deed.ASK_RETURN, "不属本单位", at=ORDER_AT)
    with pytest.raises(SupervisionStateForbids):
        orders.answer_order(unit, order.id, Deed.REPLY, "正在办理", at=ORDER_AT)
    orders.manage_order(supervisor, order.id, deed, "意见", at=ORDER_AT)
    assert order.state == state


def test_an_order_closes_with_its_round():
    case, order = issued()
    swept(ORDER_AT)
    assert order.state == "issued"
    for action in (Act.GIVE_OPINION, Act.REPLY, Act.COUNTERSIGN, Act.RULE_REPLY):
        case.act(action, at=local("2026-06-11 10:00"))
    swept(local("2026-06-11 11:00"))
    assert (order.state, order.closed_at) == ("closed", local("2026-06-11 11:00"))
