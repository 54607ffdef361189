"""An official's phone rings so often a day; the rest, and what the night held, is told at once."""

from datetime import timedelta

import pytest
import sqlalchemy as sa

from app import clock
from app.db import db
from app.domain.facts.warnings import CardIssue
from app.domain.permissions import Permission as Act
from app.domain.sla_clock import ClockKind, Rung
from app.models.delivery import Delivery
from app.models.fallback import Fallback
from app.models.notification import Notification
from services.notifications.deliver import drop_expired
from services.notifications.deliveries import resend
from tests.domain.calendars import CALENDAR, local
from tests.factories import MONDAY, make_ticket
from tests.services.notifications.phones import deliveries, make_phone
from tests.services.notifications.ringing import (
    DIGEST,
    EVENING,
    HOUR,
    MINUTE,
    MORNING,
    OVERDUE,
    TODO,
    at_most,
    digest,
    merged,
    ring,
    states,
    tickets,
    titles,
)

NOON = local("2026-06-01 13:30")
SENDING = {"path": "subscribe/send"}


@pytest.fixture
def phone(wechat, templates, cast):
    """The housekeeper's phone, with consents to all that comes."""
    return make_phone(wechat, cast.housekeeper, TODO, DIGEST, OVERDUE, times=20)


def test_what_the_night_held_is_one_message_in_the_morning(phone, cast):
    cases = tickets(cast, 3, EVENING)
    assert ring(at_most(6), EVENING + HOUR) == 0
    assert ring(at_most(6), MORNING) == 1
    [message] = phone.shown()
    assert (message["title"], message["page"]) == (DIGEST, "pages/tickets/list")
    values = {line["label"]: line["value"] for line in message["lines"]}
    assert values["诉求编号"] == cases[0].number
    assert (values["待办数量"], values["最要紧事项"]) == ("3", "新诉求待办")
    assert states() == ["merged"] * 3 + ["sent"]


def test_one_message_of_the_night_is_itself(phone, cast):
    tickets(cast, 1, EVENING)
    assert ring(at_most(6), MORNING) == 1
    assert titles(phone) == [TODO]


def test_up_to_the_limit_each_rings_and_then_none_until_the_next_opening(phone, cast):
    tickets(cast, 5)
    assert ring(at_most(3), MONDAY + HOUR) == 3
    assert titles(phone) == [TODO] * 3
    assert ring(at_most(3), NOON - MINUTE) == 0
    assert ring(at_most(3), NOON) == 1
    assert titles(phone) == [DIGEST] + [TODO] * 3
    assert states() == ["merged"] * 2 + ["sent"] * 4


def test_a_single_one_over_the_limit_rings_at_the_next_opening(phone, cast):
    tickets(cast, 2)
    assert ring(at_most(1), MONDAY + HOUR) == 1
    assert ring(at_most(1), NOON) == 1
    assert titles(phone) == [TODO] * 2


def test_the_next_day_begins_anew(phone, cast):
    tickets(cast, 2)
    assert ring(at_most(2), MONDAY + HOUR) == 2
    tickets(cast, 2, MORNING + HOUR)
    assert ring(at_most(2), MORNING + 2 * HOUR) == 2
    assert titles(phone) == [TODO] * 4


def test_without_digests_left_it_waits_for_the_next_day(phone, cast):
    tickets(cast, 2, local("2026-06-01 07:00"))
    worker = at_most(1, digests=1)
    assert ring(worker, MONDAY) == 1
    tickets(cast, 2)
    assert ring(worker, MONDAY + HOUR) == 0
    assert ring(worker, NOON) == 0
    assert ring(worker, MORNING) == 1
    assert titles(phone) == [DIGEST] * 2


def test_red_cards_and_urgent_ones_ring_and_count(phone, cast):
    cases = tickets(cast, 2)
    assert ring(at_most(2), MONDAY + HOUR) == 2
    late = local("2026-06-09 09:00")
    for number, case in enumerate(cases):
        card = CardIssue(ClockKind.ACCEPT, Rung.RED)
        case.act(Act.ISSUE_CARD, card, at=late + number * MINUTE)
    assert ring(at_most(1), late + HOUR) == 2
    assert titles(phone) == [OVERDUE] * 2 + [TODO] * 2
    tickets(cast, 1, late + HOUR)
    assert ring(at_most(2), late + HOUR + MINUTE) == 0


def test_an_urgent_one_rings_in_the_night_and_is_not_merged(phone, cast):
    tickets(cast, 2, EVENING)
    [urgent] = tickets(cast, 1, EVENING + HOUR)
    change = sa.update(Delivery).where(Delivery.id == deliveries(urgent)[0].id)
    db.session.execute(change.values(rings_always=True, hold=None, send_at=EVENING))
    ring(at_most(1), MORNING)
    assert len(merged(digest())) == 2


def test_what_is_no_longer_true_is_left_out(phone, cast):
    cases = tickets(cast, 3, EVENING)
    cases[0].act(Act.WITHDRAW)
    assert ring(at_most(6), MORNING) == 1
    assert len(merged(digest())) == 2
    told = db.session.get_one(Notification, digest().notification_id)
    assert told.fields
    assert told.fields["待办数量"] == "2"
    assert [each.reason for each in deliveries(cases[0])] == ["outdated"]


@pytest.mark.parametrize(("left", "rung"), [(1, [TODO]), (0, [])])
def test_a_digest_of_one_is_that_one_and_of_none_is_none(phone, cast, left, rung):
    cases = tickets(cast, 3, EVENING)
    for case in cases[left:]:
        case.act(Act.WITHDRAW)
    ring(at_most(6), MORNING)
    assert titles(phone) == rung
    assert DIGEST not in {each.template for each in deliveries()}


def test_what_changes_while_a_digest_waits_to_be_sent_again_is_left_out(wechat, phone, cast):
    cases = tickets(cast, 3, EVENING)
    wechat.fault("errcode", match=SENDING, errcode=-1, times=1)
    assert ring(at_most(6), MORNING) == 0
    assert states() == ["merged"] * 3 + ["pending"]
    cases[0].act(Act.WITHDRAW, at=MORNING + MINUTE)
    assert ring(at_most(6), MORNING + HOUR) == 1
    values = {line["label"]: line["value"] for line in phone.shown()[0]["lines"]}
    assert (values["诉求编号"], values["待办数量"]) == (cases[1].number, "2")
    cases[1].act(Act.WITHDRAW, at=MORNING + 2 * HOUR)
    assert len(merged(digest())) == 2


@pytest.mark.parametrize("left", [1, 0])
def test_a_waiting_digest_of_one_or_none_is_given_up(wechat, phone, cast, left):
    cases = tickets(cast, 3, EVENING)
    wechat.fault("errcode", match=SENDING, errcode=-1, times=1)
    ring(at_most(6), MORNING)
    for case in cases[left:]:
        case.act(Act.WITHDRAW, at=MORNING + MINUTE)
    assert ring(at_most(6), MORNING + HOUR) == left
    assert titles(phone) == [TODO] * left
    assert {each.kind for each in db.session.scalars(sa.select(Notification))} >= {"new_todo"}
    assert not db.session.scalar(sa.select(Notification.id).filter_by(kind="digest"))


def test_without_a_consent_to_digests_the_most_important_one_goes(wechat, templates, cast):
    phone = make_phone(wechat, cast.housekeeper, TODO, times=5)
    tickets(cast, 3, EVENING)
    assert ring(at_most(6), MORNING) == 1
    assert titles(phone) == [TODO]
    assert sorted((each.state, each.reason or "") for each in deliveries()) == [
        ("failed", "no-digest-consent"),
        ("failed", "no-digest-consent"),
        ("sent", ""),
    ]


def test_a_digest_that_the_platform_refuses_gives_way_to_one_message(wechat, phone, cast):
    tickets(cast, 3, EVENING)
    wechat.fault("errcode", match=SENDING, errcode=43101, times=1)
    assert ring(at_most(6), MORNING) == 1
    assert titles(phone) == [TODO]
    assert states() == ["failed", "failed", "sent"]
    assert not db.session.scalar(sa.select(Notification.id).filter_by(kind="digest"))


def test_what_becomes_of_a_digest_becomes_of_all_in_it(wechat, phone, cast):
    tickets(cast, 2, EVENING)
    wechat.fault("errcode", match=SENDING, errcode=47003, times=1)
    assert ring(at_most(6), MORNING) == 0
    assert {(each.state, each.reason) for each in deliveries()} == {("failed", "rejected")}
    first = deliveries()[0]
    resend(cast.coordinator.actor, first.id, CALENDAR, at=MORNING + MINUTE)
    assert ring(at_most(6), MORNING + HOUR) == 1
    assert titles(phone) == [TODO]


def test_a_digest_that_waits_too_long_ends_all_in_it(wechat, phone, cast):
    tickets(cast, 2, EVENING)
    wechat.fault("errcode", match=SENDING, errcode=-1, times=1)
    ring(at_most(6), MORNING)
    drop_expired(at=MORNING + timedelta(days=30))
    assert {(each.state, each.reason) for each in deliveries()} == {("failed", "expired")}


def test_what_would_be_of_no_use_by_then_is_not_held(phone, cast):
    tickets(cast, 2)
    db.session.execute(sa.update(Delivery).values(expires_at=NOON))
    assert ring(at_most(1), MONDAY + HOUR) == 1
    assert sorted(each.reason or "" for each in deliveries()) == ["", "day-full"]


def test_what_goes_on_by_other_ways_is_not_merged(phone, cast):
    cases = tickets(cast, 3, EVENING)
    insisted = deliveries(cases[2])[0]
    until = {"look_at": MORNING, "patient_until": MORNING + HOUR, "expires_at": MORNING + HOUR}
    what = {"notification_id": insisted.notification_id, "ticket_id": cases[2].ticket.id}
    db.session.add(Fallback(**what, **until, is_urgent=False, rings_always=False))
    db.session.flush()
    assert ring(at_most(6), MORNING) == 2
    assert titles(phone) == [DIGEST, TODO]
    assert insisted.notification_id not in merged(digest())
    assert db.session.scalar(sa.select(Fallback.state)) == "waiting"


def test_enterprises_are_told_each_by_itself(wechat, templates, cast):
    phone = make_phone(wechat, cast.applicant, "受理通知", times=9)
    for number in range(4):
        make_ticket("accepted", cast, at=MONDAY + number * HOUR / 4)
    assert ring(at_most(1), MONDAY + HOUR) == 4
    assert titles(phone) == ["受理通知"] * 4


def test_who_is_bound_anew_has_rung_as_often(wechat, phone, cast):
    tickets(cast, 2)
    assert ring(at_most(1), MONDAY + HOUR) == 1
    with clock.frozen(MONDAY + HOUR):
        db.session.execute(sa.text("UPDATE wechat_bindings SET ended_at = now()"))
    again = make_phone(wechat, cast.housekeeper, TODO, times=3)
    tickets(cast, 1, MONDAY + HOUR)
    assert ring(at_most(1), MONDAY + HOUR + MINUTE) == 0
    assert not again.shown()
