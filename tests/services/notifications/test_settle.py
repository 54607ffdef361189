"""What the platform answers, and what becomes of the message, the consent and the circuits."""

import logging
from datetime import timedelta

import pytest
import sqlalchemy as sa
from flask import current_app

from app import clock
from app.db import db
from app.models.delivery import Delivery, WechatCircuit, WechatSendCount
from app.models.subscription import WechatTemplate
from app.models.wechat import WechatBinding
from services.notifications.deliver import Claim, release_lapsed, send
from services.notifications.settle import settle
from tests.factories import MONDAY, make_ticket
from tests.services.notifications.phones import ACCEPTED, WORKER, claim, deliveries, only_delivery
from tests.wechat import APPID

SENDING, TOKEN = {"path": "subscribe/send"}, {"path": "stable_token"}
SECOND, MINUTE = timedelta(seconds=1), timedelta(minutes=1)


def attempt(at) -> Claim:
    """One claim, sent and settled."""
    claimed = claim(WORKER, at=at)
    assert claimed
    settle(claimed, send(current_app.config["WECHAT"], claimed), at=at)
    return claimed


def outcome() -> tuple[str, str | None, int]:
    row = only_delivery()
    assert row.leased_until is None
    return row.state, row.reason, row.attempts


def counted() -> dict[str, int]:
    query = sa.select(WechatSendCount.result, WechatSendCount.count)
    return dict(db.session.execute(query).all())


def circuits() -> dict[str, int | None]:
    query = sa.select(WechatCircuit.name, WechatCircuit.errcode)
    return dict(db.session.execute(query).all())


@pytest.mark.parametrize(
    ("errcode", "state"),
    [(-1, "pending"), (43108, "pending")]
    + [(errcode, "failed") for errcode in (47003, 45168, 40003, 40033, 99999)],
)
def test_a_refusal_gives_the_consent_back(wechat, phone, case, errcode, state):
    wechat.fault("errcode", match=SENDING, errcode=errcode)
    attempt(case.at)
    assert outcome() == (state, "rejected" if state == "failed" else None, 1)
    assert only_delivery().errcode == errcode
    assert (phone.left(), phone.is_busy, phone.shown()) == ((2, 2), False, [])
    assert circuits() == {}


def test_what_was_not_taken_is_tried_again_after_a_while(wechat, phone, case):
    wechat.fault("errcode", match=SENDING, errcode=-1, times=2)
    attempt(case.at)
    again = only_delivery().send_at
    assert case.at + SECOND <= again <= case.at + 1.5 * SECOND
    assert claim(WORKER, at=case.at) is None
    attempt(again)
    attempt(only_delivery().send_at)
    assert outcome() == ("sent", None, 3)
    assert phone.left() == (1, 1)
    assert counted() == {"retry": 2, "sent": 1}


def test_after_many_attempts_it_is_given_up(wechat, phone, case):
    wechat.fault("errcode", match=SENDING, errcode=-1)
    db.session.execute(sa.update(Delivery).values(attempts=7))
    attempt(case.at)
    assert outcome() == ("failed", "gave-up", 8)
    assert phone.left() == (2, 2)


def test_who_does_not_subscribe_has_nothing_left(wechat, phone, case):
    wechat.refuse(phone.openid, ACCEPTED)
    attempt(case.at)
    assert outcome() == ("failed", "unsubscribed", 1)
    assert phone.left()[0] == 0
    assert (only_delivery().errcode, only_delivery().is_reserved) == (43101, False)


@pytest.mark.parametrize(
    ("fault", "options"),
    [
        ("reset_before", {}),
        ("reset_after", {}),
        ("http", {"status": 502}),
        ("html200", {}),
        ("empty200", {}),
        ("list200", {}),
        ("truncate", {"bytes": 10}),
    ],
)
def test_without_a_verdict_the_outcome_is_unknown_and_the_consent_spent(
    wechat, phone, case, fault, options
):
    wechat.fault(fault, match=SENDING, **options)
    attempt(case.at)
    assert outcome() == ("unknown", "no-answer", 1)
    assert only_delivery().is_reserved
    assert phone.left()[0] == 1
    assert not phone.is_busy
    assert counted() == {"unknown": 1}


@pytest.mark.parametrize("fault", ["reset_after", "http", "html200"])
def test_a_token_that_does_not_come_leaves_nothing_in_the_dark(wechat, phone, case, fault):
    current_app.config["WECHAT"].first._client._store.drop(token_in_store())
    wechat.fault(fault, match=TOKEN)
    attempt(case.at)
    assert outcome()[:2] == ("pending", None)
    assert phone.left() == (2, 2)


def token_in_store() -> str:
    return current_app.config["WECHAT"].first._client._store.read() or ""


@pytest.mark.parametrize(
    ("errcode", "minutes"), [(48001, 10), (50002, 10), (45011, 1), (44991, 1), (None, 1)]
)
def test_what_is_refused_whoever_asks_opens_the_circuit(wechat, case, caplog, errcode, minutes):
    if errcode:
        wechat.fault("errcode", match=SENDING, errcode=errcode)
    else:
        wechat.fault("http", match=SENDING, status=429)
    with clock.frozen(MONDAY):
        attempt(case.at)
    assert outcome() == ("pending", None, 0)
    assert circuits() == {"subscribe/send": errcode}
    row = db.session.scalars(sa.select(WechatCircuit)).one()
    assert minutes * MINUTE <= row.open_until - MONDAY <= minutes * 1.5 * MINUTE
    assert only_delivery().send_at == case.at
    assert not only_delivery().is_reserved
    [said] = alarms(caplog)
    assert str(errcode) in said
    assert row.reason in said


def alarms(caplog) -> list[str]:
    return [record.message for record in caplog.records if record.levelno >= logging.ERROR]


def test_the_day_quota_holds_everything_until_midnight(wechat, phone, case):
    wechat.fault("errcode", match=SENDING, errcode=45009)
    with clock.frozen(MONDAY):
        attempt(case.at)
    [until] = db.session.scalars(sa.select(WechatCircuit.open_until))
    assert until == MONDAY.replace(hour=0) + timedelta(days=1)


@pytest.mark.parametrize("fault", ["secret_wrong", "ip_refused"])
def test_a_token_that_is_refused_opens_its_own_circuit(wechat, phone, case, caplog, fault):
    current_app.config["WECHAT"].first._client._store.drop(token_in_store())
    wechat.fault(fault)
    attempt(case.at)
    assert outcome() == ("pending", None, 0)
    assert circuits() == {"token": {"secret_wrong": 40125, "ip_refused": 40164}[fault]}
    assert len(alarms(caplog)) == 1


def test_a_token_refused_again_and_again_is_an_alarm(wechat, phone, case):
    wechat.fault("errcode", match=SENDING, errcode=40001)
    attempt(case.at)
    assert circuits() == {"token": 40001}
    assert len(wechat.calls("subscribe/send")) == 2


def test_an_open_circuit_is_told_once(wechat, phone, case, cast, caplog):
    second = make_ticket("accepted", cast)
    wechat.fault("errcode", match=SENDING, errcode=48001)
    with clock.frozen(MONDAY):
        claims = [claim(WORKER, at=second.at)]
        db.session.execute(sa.update(Delivery).values(state="pending", leased_until=None))
        db.session.execute(sa.update(WechatBinding).values(busy_until=None))
        claims.append(claim(WORKER, at=second.at))
        for each in filter(None, claims):
            settle(each, send(current_app.config["WECHAT"], each), at=second.at)
    assert len(alarms(caplog)) == 1
    with clock.frozen(MONDAY + 11 * MINUTE):
        attempt(second.at + 11 * MINUTE)
    assert len(alarms(caplog)) == 2


@pytest.mark.parametrize("errcode", [40037, 41030, 43107, 43102])
def test_a_template_that_is_refused_is_stopped(wechat, phone, case, caplog, errcode):
    wechat.fault("errcode", match=SENDING, errcode=errcode)
    attempt(case.at)
    assert outcome() == ("pending", None, 0)
    template = db.session.get(WechatTemplate, (APPID, ACCEPTED), populate_existing=True)
    assert template
    assert template.state == "stopped"
    assert str(errcode) in (template.reason or "")
    assert circuits() == {}
    assert len(alarms(caplog)) == 1
    assert claim(WORKER, at=case.at) is None
    assert phone.left() == (2, 2)


def test_a_message_that_is_rejected_is_an_alarm_without_anything_private(
    wechat, phone, case, caplog
):
    wechat.fault("errcode", match=SENDING, errcode=47003)
    attempt(case.at)
    [said] = alarms(caplog)
    assert "47003" in said
    assert phone.openid not in said


def test_an_openid_that_cannot_be_opened_fails_before_anything_is_sent(wechat, phone, case):
    db.session.execute(sa.update(WechatBinding).values(openid=b"sealed by other keys"))
    attempt(case.at)
    assert outcome() == ("failed", "rejected", 1)
    assert wechat.calls("subscribe/send") == []
    assert phone.left() == (2, 2)


def test_a_late_refusal_gives_back_what_was_taken_for_spent(wechat, phone, case):
    wechat.fault("errcode", match=SENDING, errcode=47003)
    claimed = claim(WORKER, at=case.at)
    assert claimed
    release_lapsed(at=claimed.leased_until)
    assert phone.left()[0] == 1
    settle(claimed, send(current_app.config["WECHAT"], claimed), at=case.at)
    assert outcome() == ("failed", "rejected", 1)
    assert phone.left() == (2, 2)


def test_a_long_term_consent_is_not_counted(wechat, phone, case):
    standing = "UPDATE wechat_quotas SET is_standing = true"
    db.session.execute(sa.text(standing))
    attempt(case.at)
    assert outcome() == ("sent", None, 1)
    assert not only_delivery().is_reserved
    assert phone.left()[0] == 2


def test_an_answer_corrects_what_an_event_was_taken_for(wechat, phone, case, cast):
    """The event about the second message came first, and was laid to the first one's account."""
    wechat.fault("reset_before", match=SENDING, times=1)
    attempt(case.at)
    second = make_ticket("accepted", cast)
    claimed = claim(WORKER, at=second.at)
    assert claimed
    result = send(current_app.config["WECHAT"], claimed)
    [message] = phone.shown()
    mistaken = sa.update(Delivery).where(Delivery.id != claimed.delivery_id)
    told = {"state": "sent", "reason": None, "provider_id": str(message["msgid"])}
    db.session.execute(mistaken.values(told))
    settle(claimed, result, at=second.at)
    first, sent = deliveries()
    assert (first.state, first.reason, first.provider_id) == ("unknown", "no-answer", None)
    assert (sent.state, sent.provider_id) == ("sent", str(message["msgid"]))
