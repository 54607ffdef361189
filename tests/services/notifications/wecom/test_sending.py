"""Officials are told in WeCom, each message one way at a time, and shown it once."""

import pytest
import sqlalchemy as sa
from flask import current_app

from app import clock
from app.db import db
from app.domain.retry import Failure
from app.domain.wecom_retry import REMEMBERED
from app.models.delivery import Delivery, WechatCircuit
from services.notifications.deliver import LEASE, NotSent, Sent
from services.notifications.wecom_settle import release_lapsed, settle
from tests.factories import make_ticket
from tests.services.notifications.phones import make_phone, only_delivery
from tests.services.notifications.wecom.carried import (
    DAY,
    MINUTE,
    SENDING,
    TODO,
    circuits,
    counted,
    on_phone,
    outcome,
    send_when_due,
    take,
)
from tests.services.notifications.wecom.members import make_member, send


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


def test_a_refusal_that_comes_late_changes_nothing(case):
    claimed = take(case)
    release_lapsed(real=clock.real() + LEASE, at=case.at)
    settle(claimed, NotSent(Failure("unreachable"), "x"), at=case.at)
    assert outcome() == ("pending", None)
