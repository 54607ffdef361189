"""What a member of WeCom is spared is told at once there, and counts with what the phone rang."""

from datetime import datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from flask import current_app

from app import clock
from app.db import db
from app.domain.facts.warnings import CardIssue
from app.domain.permissions import Permission as Act
from app.domain.sla_clock import ClockKind, Rung
from app.models.delivery import Delivery
from app.models.notification import Notification
from app.models.wecom import WecomBinding
from services.accounts.wecom_binding import unbind
from services.notifications import wecom_deliver, wecom_settle
from services.notifications.wecom_due import next_due
from tests.domain.calendars import local
from tests.factories import MONDAY
from tests.factories.wecom import make_wecom_binding
from tests.services.notifications import ringing
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
    states,
    tickets,
    titles,
)
from tests.services.notifications.wecom.carried import SENDING
from tools.wechat_emulator.wecom import CORP_ID

NOON = local("2026-06-01 13:30")


def ring(pushes: int, at: datetime) -> int:
    """Send all that goes out by WeCom at `at`; how often it rang."""
    phone = at_most(pushes)
    worker = wecom_deliver.WecomWorker(phone.name, CORP_ID, phone.calendar, phone.limits)
    rung = 0
    while due := next_due(real=clock.real(), at=at):
        if claimed := wecom_deliver.claim(worker, due, at=at):
            result = wecom_deliver.send(current_app.config["WECOM"], claimed)
            rung += wecom_settle.settle(claimed, result, at=at)
    return rung


def told(member) -> list[str]:
    return sorted(letter["title"] for letter in member.shown())


def the_digest(member) -> dict[str, Any]:
    [letter] = [each for each in member.shown() if each["title"] == DIGEST]
    return letter


def refuse_once(wechat, errcode: int = -1) -> None:
    wechat.fault("errcode", match=SENDING, errcode=errcode, times=1)


def test_what_the_night_held_is_one_message_in_the_morning(member, cast):
    cases = tickets(cast, 3, EVENING)
    assert ring(6, EVENING + HOUR) == 0
    assert ring(6, MORNING) == 1
    [letter] = member.shown()
    assert letter["title"] == DIGEST
    first = f"待办数量：3\n最要紧事项：新诉求待办\n诉求编号：{cases[0].number}\n"
    assert letter["text"].startswith(first)
    assert letter["url"].endswith("/tickets")
    assert states() == ["merged"] * 3 + ["sent"]


def test_what_comes_late_and_waits_for_the_morning_is_merged_there(member, cast):
    tickets(cast, 2)
    assert ring(6, EVENING) == 0
    assert ring(6, MORNING) == 1
    assert told(member) == [DIGEST]


def test_one_message_of_the_night_is_itself(member, cast):
    tickets(cast, 1, EVENING)
    assert ring(6, MORNING) == 1
    assert told(member) == [TODO]


def test_over_the_limit_it_is_held_until_the_next_opening(member, cast):
    tickets(cast, 5)
    assert ring(3, MONDAY + HOUR) == 3
    assert ring(3, NOON - MINUTE) == 0
    assert ring(3, NOON) == 1
    assert told(member) == [DIGEST] + [TODO] * 3
    assert states() == ["merged"] * 2 + ["sent"] * 4


def test_red_cards_ring_and_count(member, cast):
    cases = tickets(cast, 2)
    assert ring(2, MONDAY + HOUR) == 2
    late = local("2026-06-09 09:00")
    for case in cases:
        case.act(Act.ISSUE_CARD, CardIssue(ClockKind.ACCEPT, Rung.RED), at=late)
    assert ring(1, late + HOUR) == 2
    assert told(member) == [OVERDUE] * 2 + [TODO] * 2
    tickets(cast, 1, late + HOUR)
    assert ring(2, late + HOUR + MINUTE) == 0


def test_what_rang_by_either_way_is_counted_together(wechat, cast, member):
    phone = make_phone(wechat, cast.housekeeper, TODO, DIGEST, times=9)
    cases = tickets(cast, 4)
    for case in cases[2:]:
        by_phone = {"binding_id": phone.binding_id, "wecom_binding_id": None}
        mine = sa.update(Delivery).where(Delivery.id == deliveries(case)[0].id)
        db.session.execute(mine.values(by_phone))
    assert ring(1, MONDAY + HOUR) == 1
    assert ringing.ring(at_most(2), MONDAY + HOUR) == 1
    assert ring(2, MONDAY + HOUR) == 0
    assert sorted(each.hold or "" for each in deliveries()) == ["", "", "held", "held"]


@pytest.mark.parametrize(("errcode", "rung"), [(-1, None), (None, MONDAY.date())])
def test_a_refusal_did_not_ring_and_a_lost_answer_may_have(wechat, cast, member, errcode, rung):
    tickets(cast, 1)
    if errcode:
        refuse_once(wechat)
    else:
        wechat.fault("reset_after", match=SENDING, times=1)
    ring(6, MONDAY + HOUR)
    assert [each.rung_on for each in deliveries()] == [rung]


def test_what_may_have_been_shown_is_repeated_however_full_the_day_is(wechat, cast, member):
    tickets(cast, 1)
    wechat.fault("reset_after", match=SENDING, times=1)
    ring(1, MONDAY + HOUR)
    assert ring(1, MONDAY + 3 * HOUR / 2) == 1
    assert told(member) == [TODO]


def test_what_may_have_been_shown_is_in_no_digest(wechat, cast, member):
    tickets(cast, 3, EVENING)
    doubtful = deliveries()[0].id
    since = sa.update(Delivery).where(Delivery.id == doubtful)
    db.session.execute(since.values(doubtful_since=clock.real(), rank=1))
    assert ring(6, MORNING) == 2
    assert told(member) == [DIGEST, TODO]


@pytest.mark.parametrize("left", [2, 1, 0])
def test_what_is_no_longer_true_is_left_out_of_a_waiting_digest(wechat, cast, member, left):
    cases = tickets(cast, 3, EVENING)
    refuse_once(wechat)
    assert ring(6, MORNING) == 0
    assert states() == ["merged"] * 3 + ["pending"]
    for case in cases[: 3 - left]:
        case.act(Act.WITHDRAW, at=MORNING + MINUTE)
    assert ring(6, MORNING + HOUR) == min(left, 1)
    assert told(member) == [[], [TODO], [DIGEST]][left]
    if left > 1:
        assert (
            f"待办数量：2\n最要紧事项：新诉求待办\n诉求编号：{cases[1].number}"
            in (the_digest(member)["text"])
        )
    else:
        assert not db.session.scalar(sa.select(Notification.id).filter_by(kind="digest"))


def test_a_digest_in_doubt_is_repeated_to_the_letter(wechat, cast, member):
    cases = tickets(cast, 3, EVENING)
    wechat.fault("reset_after", match=SENDING, times=1)
    ring(6, MORNING)
    cases[0].act(Act.WITHDRAW, at=MORNING + MINUTE)
    assert ring(6, MORNING + HOUR) == 1
    assert len(member.shown()) == 1


def test_who_has_no_phone_either_is_told_why_of_each(wechat, cast, member):
    tickets(cast, 2, EVENING)
    wechat.make_member(member.userid, "invalid")
    assert ring(6, MORNING) == 0
    assert {(each.state, each.reason) for each in deliveries()} == {("failed", "unreachable")}
    assert {each.rung_on for each in deliveries()} == {None}


def test_a_digest_that_expires_in_wecom_ends_all_in_it(wechat, cast, member):
    tickets(cast, 2, EVENING)
    refuse_once(wechat)
    ring(6, MORNING)
    assert ring(6, MORNING + timedelta(days=30)) == 0
    assert {(each.state, each.reason) for each in deliveries()} == {("failed", "expired")}


@pytest.mark.parametrize("consents", [(TODO, DIGEST), (TODO,)])
def test_a_digest_that_leaves_goes_on_by_the_rules_of_the_phone(wechat, cast, member, consents):
    phone = make_phone(wechat, cast.housekeeper, *consents, times=3)
    tickets(cast, 3, EVENING)
    wechat.make_member(member.userid, "invalid")
    assert ring(6, MORNING) == 0
    assert {each.binding_id for each in deliveries()} == {phone.binding_id}
    assert (digest().left_wecom, digest().rung_on) == ("unreachable", None)
    assert ringing.ring(at_most(6), MORNING + MINUTE) == 1
    assert titles(phone) == [consents[-1]]
    if DIGEST in consents:
        assert len(merged(digest())) == 3


def test_what_is_held_and_leaves_is_held_on_the_phone(wechat, cast, member):
    phone = make_phone(wechat, cast.housekeeper, TODO, DIGEST, times=3)
    tickets(cast, 3)
    assert ring(1, MONDAY + HOUR) == 1
    assert wecom_deliver.leave_all(at=MONDAY + HOUR) == 2
    assert ringing.ring(at_most(1), MONDAY + 3 * HOUR / 2) == 0
    assert ringing.ring(at_most(1), NOON) == 1
    assert titles(phone) == [DIGEST]


def test_a_digest_that_was_read_does_not_ring(wechat, cast, member):
    tickets(cast, 2, EVENING)
    refuse_once(wechat)
    ring(6, MORNING)
    read = sa.update(Notification).where(Notification.kind == "digest")
    db.session.execute(read.values(read_at=clock.real()))
    assert ring(6, MORNING + HOUR) == 0
    assert {(each.state, each.reason) for each in deliveries()} == {("failed", "outdated")}


def test_a_digest_follows_to_another_member_with_all_in_it(wechat, cast, member):
    tickets(cast, 3, EVENING)
    refuse_once(wechat)
    ring(6, MORNING)
    unbind(cast.housekeeper.account.id, None)
    db.session.execute(sa.update(WecomBinding).values(userid_hash=b"former"))
    another = make_wecom_binding(cast.housekeeper, wechat.make_member("another"))
    assert ring(6, MORNING + HOUR) == 1
    assert {each.wecom_binding_id for each in deliveries()} == {another.id}


def test_a_digest_follows_to_another_phone_with_all_in_it(wechat, cast, member):
    make_phone(wechat, cast.housekeeper, TODO, DIGEST)
    tickets(cast, 3, EVENING)
    wechat.make_member(member.userid, "invalid")
    ring(6, MORNING)
    db.session.execute(sa.text("UPDATE wechat_bindings SET ended_at = now()"))
    again = make_phone(wechat, cast.housekeeper, TODO, DIGEST)
    assert ringing.ring(at_most(6), MORNING + MINUTE) == 1
    assert {each.binding_id for each in deliveries()} == {again.binding_id}
    assert titles(again) == [DIGEST]
