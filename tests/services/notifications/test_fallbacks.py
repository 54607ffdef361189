"""What nobody may miss goes on to a short message and to people who call, once each."""

from datetime import timedelta

import pytest
import sqlalchemy as sa
from flask import current_app

from app import clock
from app.db import db
from app.domain.delivery import Reason
from app.domain.facts.acceptance import Acceptance
from app.domain.fallbacks import CallCause
from app.domain.permissions import Permission as Act
from app.domain.vocabulary import TicketClass
from app.models.delivery import Delivery
from app.models.fallback import Fallback, PhoneTask, TextCount, TextMessage
from app.models.notification import Notification
from services.gateways.sms import TextReceipt
from services.notifications.deliver import send as send_on_wechat
from services.notifications.settle import settle
from services.notifications.text_results import release_lapsed_texts, settle_text
from services.notifications.texts import LEASE, next_text
from services.tickets.terms import newest_calendar
from tests.domain.calendars import local
from tests.factories import make_cast, make_ticket
from tests.services.notifications.insisting import (
    MOBILE,
    ask,
    change,
    fallback,
    give_number,
    look,
    send,
    take,
    task,
    text,
)
from tests.services.notifications.phones import WORKER, claim, know_templates, make_phone
from tools.wechat_emulator import texting

SUPPLEMENT = "补正通知"
MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
NIGHT = local("2026-06-01 22:00")


@pytest.fixture
def cast(wechat, database):
    """The people of one enterprise, and the account's templates."""
    know_templates()
    return make_cast()


@pytest.fixture
def mobile(cast) -> str:
    """The applicant's number, which can be sent a short message."""
    give_number(cast.applicant)
    return MOBILE


def test_without_wechat_a_short_message_arrives_with_the_number_alone(wechat, cast, mobile):
    case = ask(cast)
    assert look(case.at) == 1
    assert fallback().state == "texted"
    assert send(case.at) == 1
    [arrived] = wechat.texts(mobile)
    assert (arrived["form"], arrived["number"]) == ("supplement", case.number)
    sent = text()
    assert (sent.state, sent.parts, bool(sent.provider_id)) == ("sent", 1, True)
    assert task() is None


def test_it_goes_each_way_once_however_often_somebody_looks(wechat, cast, mobile):
    case = ask(cast)
    for minutes in range(3):
        look(case.at + minutes * MINUTE)
        send(case.at + minutes * MINUTE)
    assert len(wechat.texts()) == 1


def test_without_a_number_somebody_calls(cast):
    case = ask(cast)
    look(case.at)
    assert text() is None
    made = task()
    assert (made.cause, made.account_id) == (CallCause.NO_NUMBER, cast.applicant.account.id)
    assert made.call_from == case.at
    assert fallback().state == "called"


def test_without_a_provider_somebody_calls(cast, mobile, monkeypatch):
    monkeypatch.setitem(current_app.config, "TEXTS", None)
    case = ask(cast)
    look(case.at)
    assert (text(), task().cause) == (None, CallCause.TEXTS_OFF)


def test_what_was_written_for_a_provider_that_is_gone_is_called(cast, mobile, monkeypatch):
    case = ask(cast)
    look(case.at)
    monkeypatch.setitem(current_app.config, "TEXTS", None)
    assert send(case.at) == 0
    assert (text().state, task().cause) == ("failed", CallCause.TEXTS_OFF)


def test_what_arrives_on_wechat_goes_no_other_way(wechat, cast, mobile):
    make_phone(wechat, cast.applicant, SUPPLEMENT)
    case = ask(cast)
    claimed = claim(WORKER, at=case.at)
    assert claimed
    settle(claimed, send_on_wechat(current_app.config["WECHAT"], claimed), at=case.at)
    change(Delivery, sent_at=case.at)
    look(case.at + 10 * MINUTE)
    assert fallback().state == "waiting"  # an event may still say that it was lost
    look(case.at + 16 * MINUTE)
    assert fallback().state == "reached"
    assert (text(), task()) == (None, None)


@pytest.mark.parametrize("reason", [Reason.NO_CONSENT, Reason.UNSUBSCRIBED, Reason.GAVE_UP])
def test_what_wechat_refuses_goes_on(wechat, cast, mobile, reason):
    make_phone(wechat, cast.applicant)
    case = ask(cast)
    change(Delivery, state="failed", reason=reason)
    look(case.at)
    assert text().form == "supplement"


def test_what_wechat_cannot_take_for_long_is_taken_back(wechat, cast, mobile):
    """A template that may not be used, or a circuit that stays open."""
    make_phone(wechat, cast.applicant, SUPPLEMENT)
    case = ask(cast)
    look(case.at + 30 * MINUTE)
    assert (fallback().state, text()) == ("waiting", None)
    look(case.at + HOUR)
    assert fallback().state == "texted"
    row = db.session.execute(sa.select(Delivery.state, Delivery.reason)).one()
    assert row == ("failed", Reason.GONE_ON)
    assert claim(WORKER, at=case.at + HOUR) is None


def test_what_is_being_sent_this_moment_is_not_doubled(wechat, cast, mobile):
    make_phone(wechat, cast.applicant, SUPPLEMENT)
    case = ask(cast)
    assert claim(WORKER, at=case.at)
    look(case.at + 2 * HOUR)
    assert (fallback().state, text()) == ("waiting", None)


def test_what_is_read_or_no_longer_true_goes_nowhere(cast, mobile):
    case = ask(cast)
    change(Notification, read_at=case.at)
    look(case.at)
    assert (fallback().state, text(), task()) == ("dropped", None, None)


def test_what_was_supplied_meanwhile_is_not_texted(wechat, cast, mobile):
    case = ask(cast)
    look(case.at)
    case.act(Act.SUPPLY)
    assert send(case.at) == 0
    assert (text().reason, fallback().state) == (Reason.OUTDATED, "dropped")
    assert not wechat.texts()


@pytest.mark.parametrize(
    ("code", "cause"),
    [
        ("FailedOperation.PhoneNumberInBlacklist", CallCause.TEXT_FAILED),
        ("AuthFailure.SignatureFailure", CallCause.TEXT_FAILED),
        ("InternalError.Timeout", CallCause.TEXT_UNKNOWN),
    ],
)
def test_what_the_provider_does_not_take_is_called(wechat, cast, mobile, code, cause):
    case = ask(cast)
    look(case.at)
    wechat.refuse_texts(mobile, code)
    assert send(case.at) == 0
    assert (text().code, task().cause) == (code, cause)


def test_what_may_have_arrived_is_called_only_where_the_kind_says_so(wechat, cast, mobile):
    case = make_ticket("accepted", cast)
    change(Fallback, state="dropped")
    case.act(Act.ANSWER_DIRECTLY)
    look(case.at)
    wechat.fault("reset_after", match={"path": texting.PATH})
    assert send(case.at) == 0
    assert [one["form"] for one in wechat.texts()] == ["result"]
    assert (text().state, task()) == ("unknown", None)


def test_a_busy_provider_is_tried_again_later(wechat, cast, mobile):
    case = ask(cast)
    look(case.at)
    wechat.refuse_texts(mobile, "LimitExceeded.PhoneNumberThirtySecondLimit")
    send(case.at)
    assert (text().state, text().send_at > case.at) == ("pending", True)
    wechat.refuse_texts(mobile, "")
    assert send(case.at) == 0
    assert send(case.at + MINUTE) == 1


def test_a_lost_worker_leaves_unknown_and_somebody_calls(cast, mobile):
    case = ask(cast)
    look(case.at)
    with clock.frozen(case.at):
        claimed = take(case)
    late = case.at + 2 * LEASE
    assert release_lapsed_texts(newest_calendar(), at=late, real=late) == 1
    assert (text().reason, task().cause) == (Reason.WORKER_LOST, CallCause.TEXT_UNKNOWN)
    assert settle_text(claimed, TextReceipt("1", 1), newest_calendar(), at=late)
    assert text().state == "sent"  # who was thought lost came back and knows better


def test_a_claim_is_one_sender_s(cast, mobile):
    case = ask(cast)
    look(case.at)
    take(case)
    assert next_text(at=case.at) is None


def test_every_send_is_counted_with_what_it_costs(wechat, cast, mobile):
    case = ask(cast)
    look(case.at)
    send(case.at)
    rows = db.session.execute(sa.select(TextCount.result, TextCount.count, TextCount.parts)).all()
    assert [tuple(row) for row in rows] == [("sent", 1, 1)]


def test_quiet_hours_hold_it_as_they_hold_wechat(cast, mobile):
    """The red card is no answer to anybody's own act."""
    ask(cast)
    change(Fallback, rings_always=False, look_at=NIGHT)
    look(NIGHT)
    assert text().send_at == local("2026-06-02 08:30")
    assert send(NIGHT) == 0
    assert send(local("2026-06-02 08:30")) == 1


def test_what_is_urgent_is_called_at_once_by_night(wechat, cast, mobile):
    make_phone(wechat, cast.applicant, SUPPLEMENT)
    ask(cast)
    change(Fallback, is_urgent=True, look_at=NIGHT)
    look(NIGHT)
    called = task()
    assert (called.cause, called.call_from, called.is_urgent) == (CallCause.URGENT, NIGHT, True)
    assert text() is None
    # WeChat rings at any hour too: nothing is taken back from it.
    assert db.session.scalar(sa.select(Delivery.state)) == "pending"


def test_what_is_urgent_takes_the_usual_ways_by_day(cast, mobile):
    ask(cast)
    change(Fallback, is_urgent=True)
    look(local("2026-06-01 11:00"))
    assert (text().form, task()) == ("supplement", None)


def test_an_urgent_ticket_insists_with_those_who_are_to_do_something(cast):
    """By night each of the units is called; who handles it by day hears by WeChat or text."""
    case = make_ticket(cast=cast)
    case.act(Act.ACCEPT, Acceptance(TicketClass.URGENT, "utilities"), at=NIGHT)
    case.act(Act.DISPATCH)
    assert set(db.session.scalars(sa.select(Fallback.is_urgent))) == {True}
    look(case.at)
    called = db.session.scalars(sa.select(PhoneTask.account_id)).all()
    assert {cast.handler.account.id, cast.co_handler.account.id} <= set(called)


def test_news_that_may_be_missed_is_not_insisted_on(cast):
    make_ticket("accepted", cast)
    assert db.session.scalars(sa.select(Fallback)).all() == []


def test_the_tables_hold_one_of_each(cast, mobile):
    case = ask(cast)
    look(case.at)
    with pytest.raises(sa.exc.IntegrityError):
        db.session.execute(
            sa.insert(TextMessage).values(
                notification_id=fallback().notification_id,
                ticket_id=fallback().ticket_id,
                form="todo",
                send_at=case.at,
                expires_at=case.at,
                rings_always=True,
            )
        )
