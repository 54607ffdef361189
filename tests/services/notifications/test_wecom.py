"""Officials are told in WeCom, each message one way at a time, and shown it once."""

from datetime import timedelta

import pytest
import sqlalchemy as sa
from flask import current_app

from app import clock
from app.db import db
from app.domain.retry import Failure
from app.domain.wecom_rates import A_DAY_FOR_EACH_MEMBER, KEPT_BACK
from app.domain.wecom_retry import REMEMBERED
from app.models.delivery import Delivery, WechatCircuit
from app.models.fallback import Fallback
from app.models.notification import Notification
from app.models.wecom import WecomBinding, WecomSend, WecomSendCount
from services.accounts.wecom_binding import unbind
from services.notifications.deliver import LEASE, NotSent, Sent
from services.notifications.deliver import send as send_on_phone
from services.notifications.settle import settle as settle_on_phone
from services.notifications.wecom_deliver import WecomClaim, WecomWorker, claim
from services.notifications.wecom_due import next_due
from services.notifications.wecom_settle import release_lapsed, settle
from tests.callers import Caller
from tests.domain.calendars import CALENDAR, local
from tests.factories import Case, make_cast, make_ticket
from tests.factories.wecom import make_wecom_binding
from tests.services.notifications import phones
from tests.services.notifications.insisting import fallback, give_number, look
from tests.services.notifications.members import Member, make_member, send
from tests.services.notifications.phones import know_templates, make_phone, only_delivery
from tools.wechat_emulator.wecom import CORP_ID

TODO = "新诉求待办"
SENDING = {"path": "message/send"}
SECOND, MINUTE = timedelta(seconds=1), timedelta(minutes=1)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
WORKER = WecomWorker("host:1", CORP_ID, CALENDAR)


@pytest.fixture
def cast(wechat, database):
    know_templates()
    return make_cast()


@pytest.fixture
def member(wechat, cast) -> Member:
    """The housekeeper in WeCom."""
    return make_member(wechat, cast.housekeeper)


@pytest.fixture
def case(member, cast) -> Case:
    """A new ticket, of which the housekeeper is told."""
    return make_ticket(cast=cast)


def outcome() -> tuple[str, str | None]:
    row = only_delivery()
    assert (row.leased_until is None) is (row.state != "sending")
    return row.state, row.reason


def counted() -> dict[str, int]:
    return dict(db.session.execute(sa.select(WecomSendCount.result, WecomSendCount.count)).all())


def circuits() -> list[str]:
    return list(db.session.scalars(sa.select(WechatCircuit.name)))


def take(case: Case) -> WecomClaim:
    due = next_due(real=clock.real(), at=case.at)
    assert due
    claimed = claim(WORKER, due, at=case.at)
    assert claimed
    return claimed


def send_when_due() -> int:
    return send(only_delivery().send_at + SECOND)


def on_phone(case: Case) -> None:
    """What the mini-program's sender does."""
    at = case.at + MINUTE
    if claimed := phones.claim(phones.WORKER, at=at):
        settle_on_phone(claimed, send_on_phone(current_app.config["WECHAT"], claimed), at=at)


def test_an_official_is_told_in_wecom_alone_and_no_consent_is_spent(wechat, cast, member):
    phone = make_phone(wechat, cast.housekeeper, TODO)
    case = make_ticket(cast=cast)
    on_phone(case)
    assert send(case.at) == 1
    on_phone(case)
    [letter] = member.shown()
    assert letter["title"] == TODO
    assert f"诉求编号：{case.number}\n待办事项：待受理" in letter["text"]
    assert letter["url"].endswith(f"/tickets/{case.number}")
    assert (phone.shown(), phone.left(TODO)) == ([], (1, 1))
    assert (outcome(), counted()) == (("sent", None), {"sent": 1})
    assert only_delivery().provider_id == letter["msgid"]


def test_what_an_enterprise_is_told_goes_to_its_phone(wechat, cast):
    make_member(wechat, cast.applicant)
    phone = make_phone(wechat, cast.applicant, "受理通知")
    make_ticket("accepted", cast)
    assert only_delivery().binding_id == phone.binding_id


@pytest.mark.parametrize("standing", ["invalid", "named", "unlicensed"])
def test_whom_wecom_does_not_reach_the_mini_program_tells(wechat, cast, member, case, standing):
    phone = make_phone(wechat, cast.housekeeper, TODO)
    wechat.make_member(member.userid, standing)
    assert send(case.at) == 0
    row = only_delivery()
    assert (row.state, row.left_wecom, row.attempts) == ("pending", "unreachable", 0)
    assert (row.binding_id, row.wecom_binding_id) == (phone.binding_id, None)
    on_phone(case)
    assert len(phone.shown()) == 1
    assert send(case.at) == 0
    assert (member.shown(), outcome()) == ([], ("sent", None))


def test_whom_neither_reaches_has_a_reason(wechat, member, case):
    wechat.make_member(member.userid, "invalid")
    send(case.at)
    assert (outcome(), only_delivery().errcode) == (("failed", "unreachable"), 81013)
    assert counted() == {"unreachable": 1}


@pytest.mark.parametrize(
    ("errcode", "state"), [(-1, "pending"), (45033, "pending"), (40058, "failed"), (7, "failed")]
)
def test_a_code_says_what_follows(wechat, case, errcode, state):
    wechat.fault("errcode", match=SENDING, errcode=errcode, times=1)
    send(case.at)
    assert (only_delivery().state, circuits()) == (state, [])
    if state == "pending":
        assert send_when_due() == 1
        assert only_delivery().attempts == 2


@pytest.mark.parametrize(
    ("path", "errcode", "name"),
    [
        ("message/send", 60020, "wecom/message/send"),
        ("message/send", 45009, "wecom/message/send"),
        ("message/send", 40014, "wecom/gettoken"),
        ("gettoken", 40001, "wecom/gettoken"),
    ],
)
def test_what_is_refused_whoever_asks_is_left_alone_for_a_while(wechat, case, path, errcode, name):
    current_app.config["WECOM"]._store.drop(current_app.config["WECOM"]._store.read() or "")
    wechat.fault("errcode", match={"path": path}, errcode=errcode)
    send(case.at)
    asked = len(wechat.calls(path))
    assert (outcome(), only_delivery().attempts, circuits()) == (("pending", None), 0, [name])
    assert send(case.at) == 0
    assert len(wechat.calls(path)) == asked
    wechat.clear_faults()
    db.session.execute(sa.update(WechatCircuit).values(open_until=clock.real()))
    assert send(case.at) == 1


@pytest.mark.parametrize("effect", ["reset_after", "html200"])
def test_a_lost_answer_is_sent_again_and_shown_once(wechat, member, case, effect):
    wechat.fault(effect, match=SENDING, times=1)
    send(case.at)
    assert only_delivery().doubtful_since is not None
    assert outcome() == ("pending", None)
    assert send_when_due() == 1
    assert (len(member.shown()), len(wechat.calls("message/send"))) == (1, 2)
    assert (outcome(), counted()) == (("sent", None), {"unknown": 1, "sent": 1})
    assert only_delivery().doubtful_since is None


def test_a_lost_worker_s_message_is_sent_again(wechat, member, case):
    claimed = take(case)
    assert release_lapsed(real=claimed.leased_until - MINUTE, at=case.at) == 0
    assert release_lapsed(real=claimed.leased_until, at=case.at) == 1
    row = only_delivery()
    assert (row.state, row.doubtful_since) == ("pending", claimed.claimed_at)
    assert send_when_due() == 1
    assert (len(member.shown()), counted()) == (1, {"worker-lost": 1, "sent": 1})


def test_who_comes_back_late_records_what_is_so(case):
    claimed = take(case)
    release_lapsed(real=clock.real() + LEASE, at=case.at)
    settle(claimed, Sent("letter-1"), at=case.at)
    assert outcome() == ("sent", None)
    assert settle(claimed, Sent("letter-1"), at=case.at)


def test_what_went_another_way_meanwhile_stays_there(wechat, cast, case):
    claimed = take(case)
    phone = make_phone(wechat, cast.housekeeper, TODO)
    release_lapsed(real=clock.real() + LEASE, at=case.at)
    moved = {"binding_id": phone.binding_id, "wecom_binding_id": None}
    db.session.execute(sa.update(Delivery).values(moved))
    settle(claimed, Sent("letter-1"), at=case.at)
    assert outcome() == ("pending", None)


def test_when_the_platform_has_forgotten_nothing_is_sent_again(wechat, case):
    long_ago = clock.real() - REMEMBERED + 9 * MINUTE
    db.session.execute(sa.update(Delivery).values(doubtful_since=long_ago))
    assert send(case.at) == 0
    assert outcome() == ("unknown", "no-answer")
    assert not wechat.calls("message/send")


def test_what_may_have_been_shown_and_is_over_is_unknown(case):
    db.session.execute(sa.update(Delivery).values(doubtful_since=clock.real()))
    send(case.at + 4 * DAY)
    assert outcome() == ("unknown", "no-answer")


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


def test_a_refusal_that_comes_late_changes_nothing(case):
    claimed = take(case)
    release_lapsed(real=clock.real() + LEASE, at=case.at)
    settle(claimed, NotSent(Failure("unreachable"), "x"), at=case.at)
    assert outcome() == ("pending", None)
