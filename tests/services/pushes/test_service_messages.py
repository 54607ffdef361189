"""Messages to the service: drafts of those who act for an enterprise; the operators' of others."""

import json
from datetime import timedelta

import pytest

from app import clock
from app.db import db
from app.domain.actor import Role
from app.models.push import WechatPush
from app.models.ticket_draft import TicketDraft
from app.models.wechat import WechatBinding
from jobs.work_pushes import work_pushes
from services.gateways.wechat_push import LONGEST, read
from services.pushes.keep import keep
from tests.factories import APPID, MONDAY, make_account, make_binding, make_enterprise
from tests.wechat_pushes import OPENID, event, in_xml

MINUTE = timedelta(minutes=1)


@pytest.fixture
def member(database):
    person = make_account(Role.ENTERPRISE_STAFF, enterprise_id=make_enterprise().id)
    make_binding(person, openid=OPENID)
    return person


def write(content="厂区门前积水", at=MONDAY, number=1, kind="text", *, xml=False) -> str | None:
    """The person writes; what the push came to."""
    message = {
        "ToUserName": "gh_1",
        "FromUserName": OPENID,
        "CreateTime": int(at.timestamp()),
        "MsgType": kind,
        "Content": content,
        "MsgId": number,
    }
    with clock.frozen(at):
        keep(APPID, read(in_xml(message) if xml else json.dumps(message)), at=at)
        assert work_pushes().failures == 0
    return db.session.query(WechatPush).order_by(WechatPush.id.desc()).first().result


def drafts() -> list[tuple[int | None, str, int]]:
    rows = db.session.query(TicketDraft).order_by(TicketDraft.id)
    return [(row.account_id, row.body, row.messages) for row in rows]


@pytest.mark.parametrize("xml", [False, True])
def test_a_message_of_a_member_is_their_draft(member, xml):
    assert write(xml=xml) == "drafted"
    assert drafts() == [(member.account.id, "厂区门前积水", 1)]


def test_the_same_message_again_adds_nothing(member):
    write()
    write(at=MONDAY + MINUTE)
    assert drafts() == [(member.account.id, "厂区门前积水", 1)]


def test_what_is_written_in_pieces_is_one_draft(member):
    write("你好")
    write("门前积水", MONDAY + 10 * MINUTE, 2)
    write(None, MONDAY + 11 * MINUTE, 3, "image")
    assert drafts() == [(member.account.id, "你好\n门前积水\n［图片］", 3)]
    write("另一件事", MONDAY + 42 * MINUTE, 4)
    assert [body for _, body, _ in drafts()][1:] == ["另一件事"]


def test_what_is_settled_is_not_added_to(member):
    write("你好")
    draft = db.session.query(TicketDraft).one()
    draft.state, draft.settled_by, draft.settled_at = "closed", member.account.id, MONDAY
    db.session.flush()
    write("再问", MONDAY + MINUTE, 2)
    assert [body for _, body, _ in drafts()] == ["你好", "再问"]


def test_no_draft_says_more_than_a_ticket_may(member):
    write("长" * (LONGEST + 5))
    write("短", MONDAY + MINUTE, 2)
    assert [len(body) for _, body, _ in drafts()] == [LONGEST, 1]


@pytest.mark.parametrize("role", [None, Role.HANDLER])
def test_who_acts_for_no_enterprise_waits_for_the_operators(database, role):
    if role:
        make_binding(make_account(role), openid=OPENID)
    assert write() == "queued"
    assert drafts() == [(None, "厂区门前积水", 1)]


def test_who_is_bound_no_longer_is_nobody(member):
    binding = db.session.query(WechatBinding).filter_by(account_id=member.account.id).one()
    binding.ended_at = MONDAY
    db.session.flush()
    assert write() == "queued"


@pytest.mark.parametrize(
    ("content", "kind"), [("", "text"), ("  ", "text"), (None, "text"), ("x", "event"), (7, "text")]
)
def test_what_says_nothing_is_of_no_use(member, content, kind):
    assert write(content, kind=kind) == "unused"
    assert drafts() == []


def test_what_a_database_cannot_hold_is_left_out(member):
    write("门前\x00积水\ud800")
    assert drafts() == [(member.account.id, "门前积水", 1)]


def test_an_event_is_no_message(member):
    with clock.frozen(MONDAY):
        keep(APPID, read(json.dumps(event("user_enter_tempsession"))), at=MONDAY)
        assert work_pushes().items == 1
    assert drafts() == []
