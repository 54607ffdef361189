"""Pushes that break off: undone, tried again later and later, then left for people."""

from datetime import timedelta

import pytest

from app import clock
from app.db import db
from app.domain.actor import Role
from app.models.push import WechatPush
from app.models.ticket_draft import TicketDraft
from app.sealing import seal
from jobs.work_pushes import work_pushes
from services.gateways.wechat_push import read
from services.pushes.keep import CONTENT, keep
from services.pushes.work import AGAIN_AFTER, claim, note_fault
from tests.callers import Caller
from tests.factories import APPID, MONDAY, make_account
from tests.problems import refused

SECOND = timedelta(seconds=1)
MESSAGE = '{"MsgType": "text", "FromUserName": "oSomebody", "Content": "你好", "MsgId": 1}'
PATH = "/wechat-pushes"


@pytest.fixture
def push(database) -> WechatPush:
    keep(APPID, read(MESSAGE), at=MONDAY)
    return db.session.query(WechatPush).one()


def spoil(push: WechatPush) -> None:
    """What it holds cannot be read."""
    push.content = seal("{", CONTENT)
    db.session.flush()


def run(at) -> tuple[int, int]:
    with clock.frozen(at):
        outcome = work_pushes()
    db.session.expire_all()
    return outcome.items, outcome.failures


def test_it_is_tried_less_and_less_often_and_then_left(push):
    spoil(push)
    at = MONDAY
    for pause in AGAIN_AFTER:
        assert run(at) == (0, 1)
        assert (push.state, push.fault) == ("waiting", "JSONDecodeError")
        assert run(at + pause - SECOND) == (0, 0)
        at += pause
    assert run(at) == (0, 1)
    assert (push.state, push.tries) == ("failed", len(AGAIN_AFTER) + 1)
    assert run(at + timedelta(days=9)) == (0, 0)


def test_a_fault_of_one_holds_up_no_other(push):
    spoil(push)
    keep(APPID, read(MESSAGE.replace("1}", "2}")), at=MONDAY)
    assert run(MONDAY) == (1, 1)
    assert db.session.query(TicketDraft).one().body == "你好"


def test_what_kills_its_worker_every_time_is_left_too(push):
    at = MONDAY
    for _ in range(len(AGAIN_AFTER) + 1):
        assert claim(at=at) == [push.id]
        at += timedelta(days=1)
    assert claim(at=at) == []
    db.session.expire_all()
    assert push.state == "failed"


def test_what_is_done_stays_done_and_is_tried_no_more(push):
    assert run(MONDAY) == (1, 0)
    for days in range(1, len(AGAIN_AFTER) + 3):
        assert run(MONDAY + timedelta(days=days)) == (0, 0)
    assert (push.state, push.tries) == ("done", 1)


def test_a_late_fault_takes_back_nothing(push):
    assert run(MONDAY) == (1, 0)
    note_fault(push.id, "Late", at=MONDAY)
    db.session.expire_all()
    assert (push.state, push.result, push.fault) == ("done", "queued", None)


def test_two_workers_do_it_once(push):
    assert run(MONDAY) == (1, 0)
    push_again = db.session.get_one(WechatPush, push.id)
    assert (push_again.state, run(MONDAY + timedelta(days=1))) == ("done", (0, 0))
    assert db.session.query(TicketDraft).one().messages == 1


def test_people_have_a_failed_one_tried_again(push, client):
    administrator = Caller(client, make_account(Role.SYS_ADMIN))
    assert administrator.get(PATH).json["items"] == []
    refused(administrator.post(f"{PATH}/{push.id}/retry"), 404)
    good = push.content
    spoil(push)
    run(MONDAY)
    [shown] = administrator.get(PATH).json["items"]
    assert (shown["state"], shown["fault"]) == ("waiting", "JSONDecodeError")
    assert "你好" not in str(shown)
    refused(administrator.post(f"{PATH}/{push.id}/retry"), 409, "push-not-failed")
    push.state, push.worked_at, push.content = "failed", MONDAY, good
    db.session.flush()
    assert administrator.post(f"{PATH}/{push.id}/retry").json["state"] == "waiting"
    assert run(clock.real() + SECOND) == (1, 0)
    assert administrator.get(PATH).json["items"] == []
