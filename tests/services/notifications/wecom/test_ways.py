"""What WeCom may not or cannot bring waits, goes on to other channels, or is sent again."""

from datetime import timedelta

import pytest
import sqlalchemy as sa

from app import clock
from app.db import db
from app.domain.wecom_rates import A_DAY_FOR_EACH_MEMBER, KEPT_BACK
from app.models.delivery import Delivery, WechatCircuit
from app.models.fallback import Fallback
from app.models.notification import Notification
from app.models.wecom import WecomBinding, WecomSend
from services.accounts.wecom_binding import unbind
from tests.callers import Caller
from tests.domain.calendars import local
from tests.factories import Case
from tests.factories.wecom import make_wecom_binding
from tests.services.notifications.insisting import fallback, give_number, look
from tests.services.notifications.phones import make_phone, only_delivery
from tests.services.notifications.wecom.carried import (
    DAY,
    HOUR,
    MINUTE,
    TODO,
    circuits,
    outcome,
    send_when_due,
)
from tests.services.notifications.wecom.members import make_member, send


def test_a_member_is_not_written_to_more_often_than_may_be(wechat, member, case):
    now = clock.real()
    rows = [{"binding_id": member.binding_id, "at": now - 10 * MINUTE / 60}] * 30
    db.session.execute(sa.insert(WecomSend), rows)
    assert send(case.at) == 0
    later = only_delivery().send_at - case.at
    assert timedelta(seconds=45) < later <= timedelta(seconds=51)
    assert (outcome(), wechat.calls("message/send")) == (("pending", None), [])
    db.session.execute(sa.update(WecomSend).values(at=now - MINUTE))
    assert send_when_due() == 1


def test_a_day_s_messages_end_before_the_platform_refuses(wechat, cast, member, case):
    other = make_member(wechat, cast.coordinator)
    most = 2 * (A_DAY_FOR_EACH_MEMBER - KEPT_BACK)
    rows = [{"binding_id": other.binding_id, "at": clock.real()}] * most
    db.session.execute(sa.insert(WecomSend), rows)
    assert send(case.at) == 0
    assert (outcome(), circuits()) == (("pending", None), ["wecom/message/send"])
    assert not wechat.calls("message/send")
    opening = db.session.scalar(sa.select(WechatCircuit.open_until)).astimezone(clock.LOCAL_ZONE)
    assert (opening.hour, opening.minute) == (0, 0)


def test_what_is_no_longer_true_is_dropped(wechat, case):
    db.session.execute(sa.update(Notification).values(read_at=clock.real()))
    send(case.at)
    assert outcome() == ("failed", "outdated")
    assert not wechat.calls("message/send")


def test_quiet_hours_are_kept(case):
    night = local("2026-06-01 22:00")
    assert send(night) == 0
    assert only_delivery().send_at == local("2026-06-02 08:30")


@pytest.mark.parametrize("has_phone", [False, True])
def test_who_is_no_member_any_more_is_told_by_the_mini_program(wechat, cast, case, has_phone):
    if has_phone:
        make_phone(wechat, cast.housekeeper, TODO)
    unbind(cast.housekeeper.account.id, None)
    send(case.at)
    assert outcome() == (("pending", None) if has_phone else ("failed", "unbound"))
    assert (only_delivery().left_wecom == "unbound") is has_phone


def test_who_is_another_member_by_now_is_told_there(wechat, cast, case, member):
    unbind(cast.housekeeper.account.id, None)
    userid = wechat.make_member("another")
    db.session.execute(sa.update(WecomBinding).values(userid_hash=b"former"))
    make_wecom_binding(cast.housekeeper, userid)
    assert send(case.at) == 1
    assert [letter["userid"] for letter in wechat.letters()] == ["another"]


@pytest.mark.parametrize("doubtful", [False, True])
def test_without_wecom_what_waits_for_it_goes_on(wechat, cast, case, app, monkeypatch, *, doubtful):
    make_phone(wechat, cast.housekeeper, TODO)
    since = clock.real() if doubtful else None
    db.session.execute(sa.update(Delivery).values(doubtful_since=since))
    monkeypatch.setitem(app.config, "WECOM", None)
    send(case.at)
    assert outcome() == (("unknown", "no-answer") if doubtful else ("pending", None))


def test_what_is_sealed_by_other_keys_goes_on(wechat, cast, case):
    phone = make_phone(wechat, cast.housekeeper, TODO)
    db.session.execute(sa.update(WecomBinding).values(userid=b"sealed by other keys"))
    send(case.at)
    assert only_delivery().binding_id == phone.binding_id


def insist(case: Case) -> None:
    """Nobody may miss the one message there is."""
    row = only_delivery()
    patience = case.at + 10 * MINUTE
    times = {"look_at": case.at, "patient_until": patience, "expires_at": case.at + DAY}
    insisting = {"is_urgent": True, "rings_always": False, **times}
    key = {"notification_id": row.notification_id, "ticket_id": case.ticket.id}
    db.session.execute(sa.insert(Fallback).values(**key, **insisting))


def test_what_nobody_may_miss_goes_on_by_text(wechat, cast, member, case):
    give_number(cast.housekeeper)
    insist(case)
    wechat.make_member(member.userid, "invalid")
    send(case.at)
    look(case.at)
    assert fallback().state == "texted"


def test_what_wecom_brought_goes_no_further(case):
    insist(case)
    send(case.at)
    db.session.execute(sa.update(Delivery).values(sent_at=case.at - HOUR))
    look(case.at)
    assert fallback().state == "reached"


def test_what_is_in_doubt_waits_its_time_and_then_goes_on(wechat, cast, case):
    give_number(cast.housekeeper)
    insist(case)
    since = case.at - HOUR
    db.session.execute(sa.update(Delivery).values(doubtful_since=since, claimed_at=since))
    look(case.at)
    assert fallback().state == "waiting"
    look(case.at + 11 * MINUTE)
    assert fallback().state == "texted"


def test_people_see_what_failed_and_send_it_again(client, wechat, cast, member, case):
    wechat.make_member(member.userid, "invalid")
    send(case.at)
    coordinator = Caller(client, cast.coordinator)
    [listed] = coordinator.get("/deliveries").json["items"]
    assert (listed["channel"], listed["reason"]) == ("wecom", "unreachable")
    wechat.make_member(member.userid)
    with clock.frozen(case.at):
        again = coordinator.post(f"/deliveries/{listed['id']}/resend")
    assert (again.json["state"], again.json["channel"]) == ("pending", "wecom")
    assert send(case.at) == 1
    assert len(member.shown()) == 1


def test_sent_again_it_goes_to_whoever_the_person_is_by_now(client, wechat, cast, member, case):
    wechat.make_member(member.userid, "invalid")
    send(case.at)
    unbind(cast.housekeeper.account.id, None)
    phone = make_phone(wechat, cast.housekeeper, TODO)
    again = Caller(client, cast.coordinator).post(f"/deliveries/{only_delivery().id}/resend")
    assert again.json["channel"] == "mini_program"
    assert only_delivery().binding_id == phone.binding_id
