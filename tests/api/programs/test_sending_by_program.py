"""A message goes through the mini-program that is meant for its reader, and no other is touched."""

import logging
from datetime import timedelta

import pytest
import sqlalchemy as sa

from app import clock
from app.db import db
from app.domain.permissions import Permission
from app.domain.phone_forms import Template
from app.domain.retry import Circuit
from app.models.delivery import Delivery
from app.models.notification import Notification
from app.models.subscription import WechatTemplate
from app.models.wechat import WechatBinding, WechatProgram, WechatToken
from jobs.sync_templates import sync_templates
from services.gateways.wechat_errors import Misconfigured
from services.gateways.wechat_programs import Programs
from services.notifications.circuits import Halt, open_circuit, stop_template
from services.notifications.deliver import Claim, Worker, send
from services.notifications.programs import list_programs
from services.notifications.settle import settle
from services.notifications.templates import store_templates
from tests.domain.calendars import CALENDAR
from tests.factories import Person, make_account, make_binding, make_cast, make_ticket
from tests.factories.wechat import make_quota
from tests.services.notifications.phones import LIMITS, claim
from tests.two_programs import OTHER
from tests.wechat import APPID, TEMPLATES

ACCEPTED = "受理通知"
BOTH = Worker("host:1", frozenset({APPID, OTHER.appid}), CALENDAR, LIMITS)
MINUTE = timedelta(minutes=1)


@pytest.fixture
def cast(programs):
    """The people of an enterprise; the templates of both accounts are known."""
    for one in programs:
        store_templates(one.appid, one.templates(), at=clock.real())
    return make_cast()


@pytest.fixture
def bind(wechat):
    """Bind a person to mini-programs, in this order, with a consent in each; their openids."""

    def bound(person: Person, *appids: str) -> list[str]:
        openids = []
        for appid in appids:
            openids.append(wechat.make_user(appid=appid))
            binding = make_binding(person, appid, openids[-1])
            wechat.accept(openids[-1], ACCEPTED)
            key = (appid, ACCEPTED)
            make_quota(binding, db.session.get_one(WechatTemplate, key))
        return openids

    return bound


def told_by(person: Person) -> list[str]:
    """The mini-program of each message to the person's phone."""
    query = (
        sa.select(WechatBinding.appid)
        .join(Delivery, Delivery.binding_id == WechatBinding.id)
        .join(Notification, Notification.id == Delivery.notification_id)
        .where(Notification.account_id == person.account.id)
    )
    return list(db.session.scalars(query.order_by(Delivery.id)))


def claimed_at(at) -> Claim:
    found = claim(BOTH, at=at)
    assert found
    return found


@pytest.mark.parametrize("order", [(APPID, OTHER.appid), (OTHER.appid, APPID)])
def test_each_is_told_by_the_mini_program_meant_for_them(cast, bind, order):
    bind(cast.applicant, *order)
    officials = (cast.housekeeper, cast.coordinator, cast.operator)
    for one in officials:
        bind(one, *order)
    make_ticket("accepted", cast)
    assert set(told_by(cast.applicant)) == {APPID}
    assert {appid for one in officials for appid in told_by(one)} == {OTHER.appid}


def test_of_several_that_are_meant_the_newest_tells(cast, bind, programs):
    db.session.execute(sa.update(WechatProgram).values(audience="both"))
    bind(cast.applicant, APPID, OTHER.appid)
    make_ticket("accepted", cast)
    assert set(told_by(cast.applicant)) == {OTHER.appid}


def test_who_is_bound_to_one_alone_is_told_by_that(cast, bind):
    bind(cast.applicant, OTHER.appid)
    make_ticket("accepted", cast)
    assert set(told_by(cast.applicant)) == {OTHER.appid}


def test_one_that_is_not_configured_tells_last(cast, bind):
    make_binding(cast.applicant, "wx" + "9" * 16)
    [openid] = bind(cast.applicant, OTHER.appid)
    make_binding(cast.applicant, "wx" + "8" * 16)
    make_ticket("accepted", cast)
    assert openid
    assert set(told_by(cast.applicant)) == {OTHER.appid}


def test_each_message_is_sent_with_the_credentials_and_consent_of_its_own(
    cast, bind, programs, wechat
):
    first, other = make_cast(), make_cast()
    here, there = bind(first.applicant, APPID), bind(other.applicant, OTHER.appid)
    at = max(make_ticket("accepted", one).at for one in (first, other))
    for _ in range(2):
        claimed = claimed_at(at)
        assert settle(claimed, send(programs, claimed), at=at)
    assert len(wechat.messages(here[0])) == len(wechat.messages(there[0])) == 1
    assert [wechat.quota(one, ACCEPTED) for one in (*here, *there)] == [0, 0]
    tokens = db.session.scalars(sa.select(WechatToken.appid).order_by(WechatToken.appid))
    assert tokens.all() == [APPID, OTHER.appid]


def test_who_has_left_one_is_told_by_the_other_what_waits(cast, bind, programs):
    _, there = bind(cast.applicant, APPID, OTHER.appid)
    case = make_ticket("accepted", cast)
    left = sa.update(WechatBinding).where(WechatBinding.appid == APPID)
    db.session.execute(left.values(ended_at=clock.real()))
    claimed = claimed_at(case.at)
    assert claimed.appid == OTHER.appid
    assert claimed.template_id == TEMPLATES[ACCEPTED]
    assert settle(claimed, send(programs, claimed), at=case.at)
    assert there


def test_who_is_bound_anew_is_told_by_the_one_that_is_meant(cast, bind, programs):
    bind(cast.applicant, APPID)
    case = make_ticket("accepted", cast)
    left = sa.update(WechatBinding).where(WechatBinding.ended_at.is_(None))
    db.session.execute(left.values(ended_at=clock.real()))
    again, _ = bind(cast.applicant, APPID, OTHER.appid)
    claimed = claimed_at(case.at)
    assert (claimed.appid, bool(again)) == (APPID, True)


def test_a_refused_call_of_one_holds_none_of_the_other(cast, bind):
    others = make_cast()
    bind(cast.applicant, APPID)
    bind(others.applicant, OTHER.appid)
    at = max(make_ticket("accepted", one).at for one in (cast, others))
    real = clock.real()
    halt = Halt(APPID, Circuit.SEND)
    open_circuit(halt, 48001, "没有权限", until=real + MINUTE, at=real)
    assert claimed_at(at).appid == OTHER.appid
    assert claim(BOTH, at=at) is None


def test_a_stopped_template_of_one_is_none_of_the_other(cast, bind):
    others = make_cast()
    bind(cast.applicant, APPID)
    bind(others.applicant, OTHER.appid)
    at = max(make_ticket("accepted", one).at for one in (cast, others))
    stop_template(OTHER.appid, ACCEPTED, TEMPLATES[ACCEPTED], 43107, "模板已被封禁")
    assert claimed_at(at).appid == APPID
    assert claim(BOTH, at=at) is None


def test_a_refusal_is_held_against_the_mini_program_that_was_refused(
    cast, bind, programs, wechat, caplog
):
    bind(cast.applicant, OTHER.appid)
    case = make_ticket("accepted", cast)
    wechat.fault("errcode", match={"path": "subscribe/send"}, errcode=48001)
    claimed = claimed_at(case.at)
    with caplog.at_level(logging.ERROR):
        assert not settle(claimed, send(programs, claimed), at=case.at)
    [row] = db.session.execute(sa.text("SELECT appid, name FROM wechat_circuits")).all()
    assert tuple(row) == (OTHER.appid, "subscribe/send")
    assert OTHER.appid in caplog.text


def test_the_accounts_are_compared_each_for_itself(programs, wechat, caplog):
    rows = wechat.get("templates", app=OTHER.appid)["templates"]
    kept = [row for row in rows if row["title"] != "办理反馈"]
    wechat.put("templates", app=OTHER.appid, templates=kept)
    administrator = make_account("sys_admin")
    outcome = sync_templates()
    assert (outcome.items, outcome.failures) == (2 * len(Template) - 1, 1)
    assert outcome.notes == [
        f"小程序 {OTHER.appid} 的消息模板“办理反馈”不能使用：小程序账号中没有这个模板。"
    ]
    states = sa.select(WechatTemplate.appid, WechatTemplate.state)
    wrong = [row.appid for row in db.session.execute(states) if row.state != "usable"]
    assert wrong == [OTHER.appid]
    mine = sa.select(Notification.body).where(Notification.account_id == administrator.account.id)
    [told] = db.session.scalars(mine)
    assert told.startswith(f"小程序 {OTHER.appid} 有 1 个消息模板不能使用")


def test_one_that_refuses_keeps_no_other_from_being_compared(programs, wechat):
    wechat.fault("errcode", match={"path": "stable_token", "app": APPID}, errcode=40164)
    with pytest.raises(Misconfigured):
        sync_templates()
    known = set(db.session.scalars(sa.select(WechatTemplate.appid)))
    assert known == {OTHER.appid}


def test_a_mini_program_is_listed_as_long_as_it_is_configured(programs):
    def listed() -> dict[str, str]:
        query = sa.select(WechatProgram.appid, WechatProgram.audience)
        return dict(db.session.execute(query).all())

    assert listed() == {APPID: "enterprises", OTHER.appid: "officials"}
    list_programs(Programs(programs.first))
    assert listed() == {APPID: "enterprises"}
    list_programs(None)
    assert listed() == {}


def test_the_same_permission_tells_officials_and_enterprises_apart(cast, bind):
    bind(cast.applicant, APPID, OTHER.appid)
    case = make_ticket(cast=cast)
    case.act(Permission.ACCEPT)
    assert told_by(cast.applicant) == [APPID]
