"""Who was called in vain is sent a short message with a link, once, and is not called again."""

from datetime import timedelta

import pytest
import sqlalchemy as sa
from flask import current_app

from app.db import db
from app.domain.fallbacks import TextForm
from app.domain.permissions import Permission as Act
from app.domain.phone_forms import Template
from app.domain.vocabulary import Status
from app.models.delivery import Delivery, WechatCircuit
from app.models.fallback import Fallback
from app.models.notification import Notification
from app.models.program_link import ProgramLink
from services.gateways.sms import TextAccount, Texts
from tests.domain.calendars import local
from tests.domain.story import SOLVED, UNREACHED
from tests.factories import Case, make_cast, make_ticket
from tests.services.notifications.insisting import (
    MOBILE,
    change,
    fallback,
    give_number,
    look,
    send,
    task,
    text,
)
from tests.services.notifications.phones import know_templates, make_phone
from tests.wechat import APPID, SECRET
from tools.wechat_emulator import texting

LINK = "generate_urllink"
HALF_DAYS = [local(f"2026-06-{day}") for day in ("02 10:00", "02 14:30", "03 09:00")]


@pytest.fixture
def cast(wechat, database):
    """The people of one enterprise, and the account's templates."""
    know_templates()
    cast = make_cast()
    give_number(cast.applicant)
    return cast


def revisiting(cast) -> Case:
    """A ticket that waits for its revisit, and of which nothing else is insisted on."""
    case = make_ticket("revisiting", cast)
    db.session.execute(sa.delete(Fallback))
    return case


def missed(cast) -> Case:
    """A ticket whose enterprise was called on three half-days in vain."""
    case = revisiting(cast)
    for at in HALF_DAYS:
        case.act(Act.RECORD_REVISIT, UNREACHED, at=at)
    return case


def arrived(wechat) -> dict:
    [only] = wechat.texts(MOBILE)
    return only


def test_it_goes_out_with_a_link_to_the_ticket(wechat, cast):
    case = missed(cast)
    assert case.ticket.status == Status.EVALUATING
    assert look(case.at) == 1
    assert send(case.at) == 1
    told = arrived(wechat)
    assert (told["form"], told["number"]) == ("rating", case.number)
    opened = wechat.opened_by(told["link"])
    assert (opened["path"], opened["query"]) == ("pages/tickets/detail", f"number={case.number}")
    assert (text().state, text().has_link) == ("sent", True)


def test_before_the_last_half_day_nothing_goes_out_and_who_was_reached_is_not_written_to(cast):
    case = revisiting(cast)
    for at in HALF_DAYS[:2]:
        case.act(Act.RECORD_REVISIT, UNREACHED, at=at)
    case.act(Act.RECORD_REVISIT, SOLVED, at=HALF_DAYS[2])
    assert look(case.at) == 0
    kinds = set(db.session.scalars(sa.select(Notification.kind)))
    assert "evaluation_invited" in kinds
    assert "revisit_missed" not in kinds


def test_it_goes_beside_what_wechat_brings(wechat, cast):
    phone = make_phone(wechat, cast.applicant)
    phone.consent(Template.EVALUATION)
    case = missed(cast)
    look(case.at)
    send(case.at)
    assert arrived(wechat)["form"] == "rating"
    query = (
        sa.select(Delivery.state).join(Notification).where(Notification.kind == "revisit_missed")
    )
    assert db.session.scalar(query) == "pending"


def test_however_often_somebody_looks_it_is_one_message_and_one_link(wechat, cast):
    case = missed(cast)
    for _ in range(3):
        look(case.at)
        send(case.at)
    assert len(wechat.texts()) == 1
    assert len(wechat.calls(LINK)) == 1
    assert db.session.scalar(sa.select(sa.func.count()).select_from(ProgramLink)) == 1


def test_a_link_is_kept_sealed_and_ends_within_thirty_days(wechat, cast):
    case = missed(cast)
    look(case.at)
    send(case.at)
    kept = db.session.scalars(sa.select(ProgramLink)).one()
    assert arrived(wechat)["link"].encode() not in kept.link
    assert timedelta(days=29) < kept.expires_at - kept.made_at <= timedelta(days=30)


@pytest.mark.parametrize("errcode", [85407, 44993, 40212, -1])
def test_without_a_link_it_goes_in_the_words_of_an_answer(wechat, cast, errcode):
    wechat.fault("errcode", match={"path": LINK}, errcode=errcode)
    case = missed(cast)
    look(case.at)
    assert send(case.at) == 1
    told = arrived(wechat)
    assert (told["form"], told["number"], "link" in told) == ("result", case.number, False)
    assert (text().form, text().has_link) == ("rating", False)


def test_what_is_used_up_for_the_day_is_not_asked_for_again(wechat, cast):
    wechat.fault("errcode", match={"path": LINK}, errcode=44993)
    for _ in range(2):
        case = missed(cast)
        look(case.at)
        send(case.at)
    assert len(wechat.calls(LINK)) == 1
    names = db.session.scalars(sa.select(WechatCircuit.name)).all()
    assert names == ["generate_urllink"]


def test_where_no_template_is_registered_for_it_no_link_is_asked_for(wechat, cast, monkeypatch):
    account = TextAccount(
        api_base=f"{wechat.base}sms/",
        region="ap-guangzhou",
        secret_id=APPID,
        secret_key=SECRET,
        app_id=texting.APP_ID,
        sign_name=texting.SIGN_NAME,
        templates={TextForm.RESULT: texting.TEMPLATES["result"]},
    )
    monkeypatch.setitem(current_app.config, "TEXTS", Texts(account))
    case = missed(cast)
    look(case.at)
    assert send(case.at) == 1
    assert arrived(wechat)["form"] == "result"
    assert wechat.calls(LINK) == []


@pytest.mark.parametrize("cause", ["no number", "no texts", "refused"])
def test_where_no_message_goes_it_stays_in_the_inbox_and_nobody_calls(
    wechat, cast, monkeypatch, cause
):
    if cause == "no number":
        cast.applicant.account.phone = None
    elif cause == "no texts":
        monkeypatch.setitem(current_app.config, "TEXTS", None)
    else:
        wechat.refuse_texts(MOBILE, "LimitExceeded.PhoneNumberDailyLimit")
    case = missed(cast)
    look(case.at)
    send(case.at)
    assert task() is None
    assert fallback().state == "dropped"
    query = sa.select(Notification.account_id).where(Notification.kind == "revisit_missed")
    assert cast.applicant.account.id in db.session.scalars(query).all()


def test_who_has_rated_meanwhile_is_not_written_to(wechat, cast):
    case = missed(cast)
    case.act(Act.EVALUATE)
    look(case.at)
    send(case.at)
    assert wechat.texts() == []
    assert fallback().state == "dropped"


def test_an_urgent_ticket_is_written_to_in_the_morning_and_not_called_at_night(wechat, cast):
    missed(cast)
    change(Fallback, is_urgent=True)
    night = local("2026-06-03 21:00")
    look(night)
    assert task() is None
    assert text().send_at == local("2026-06-04 08:30")
