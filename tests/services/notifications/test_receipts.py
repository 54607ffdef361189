"""The platform's own word on whether a message arrived, pushed some time after the answer."""

from datetime import timedelta

import pytest
import sqlalchemy as sa
from flask import current_app

from app import clock
from app.db import db
from app.models.delivery import Delivery
from services.notifications.deliver import LEASE, release_lapsed, send
from services.notifications.receipts import APART, TOLD_WITHIN
from services.notifications.settle import settle
from tests.factories import MONDAY, make_cast, make_ticket
from tests.services.notifications.phones import (
    ACCEPTED,
    WORKER,
    claim,
    deliveries,
    make_phone,
    only_delivery,
)
from tests.services.notifications.told import event_about, told
from tests.wechat import TEMPLATES

CLAIMED = MONDAY + timedelta(hours=1)
SECOND = timedelta(seconds=1)


@pytest.fixture(autouse=True)
def one_moment():
    """Claims are made at one moment, unless a test says otherwise."""
    with clock.frozen(CLAIMED):
        yield


def claimed_at(at):
    claimed = claim(WORKER, at=at)
    assert claimed
    return claimed


def sent(case) -> str:
    """Send what is due; the platform's id of it."""
    claimed = claimed_at(case.at)
    settle(claimed, send(current_app.config["WECHAT"], claimed), at=case.at)
    return deliveries(case)[0].provider_id or ""


def lost(case) -> None:
    """Claim what is due and lose the worker."""
    assert release_lapsed(at=claimed_at(case.at).leased_until) == 1


def states() -> list[tuple[str, str | None]]:
    return [(row.state, row.reason) for row in deliveries()]


def test_a_message_whose_outcome_nobody_knew_is_known(phone, case):
    lost(case)
    assert told(phone, "4711")
    row = only_delivery()
    assert (row.state, row.reason, row.provider_id) == ("sent", None, "4711")
    assert (row.sent_at, row.is_reserved) == (CLAIMED, True)
    assert phone.left()[0] == 1


def test_a_message_that_never_came_gives_its_consent_back(phone, case):
    lost(case)
    assert told(phone, "4711", is_delivered=False)
    assert states() == [("failed", "not-delivered")]
    assert phone.left()[0] == 2


def test_what_was_accepted_and_then_lost_has_failed(phone, case):
    msgid = sent(case)
    assert told(phone, msgid, is_delivered=False)
    assert states() == [("failed", "not-delivered")]
    assert phone.left() == (2, 1)


@pytest.mark.parametrize("is_delivered", [True, False])
def test_told_twice_nothing_more_happens(phone, case, is_delivered):
    msgid = sent(case)
    assert told(phone, msgid, is_delivered=is_delivered)
    before = states(), phone.left()
    assert told(phone, msgid, is_delivered=is_delivered)
    assert (states(), phone.left()) == before


def test_a_failure_that_is_told_is_not_taken_back(phone, case):
    msgid = sent(case)
    told(phone, msgid, is_delivered=False)
    told(phone, msgid)
    assert states() == [("failed", "not-delivered")]


def test_an_event_before_the_answer_settles_what_is_being_sent(phone, case):
    claimed = claimed_at(case.at)
    result = send(current_app.config["WECHAT"], claimed)
    [message] = phone.shown()
    assert told(phone, str(message["msgid"]))
    assert states() == [("sent", None)]
    settle(claimed, result, at=case.at)
    assert states() == [("sent", None)]
    assert not phone.is_busy
    assert phone.left() == (1, 1)


@pytest.mark.parametrize(
    ("after", "is_meant"),
    [
        (-APART - SECOND, False),
        (-APART, True),
        (TOLD_WITHIN, True),
        (TOLD_WITHIN + SECOND, False),
    ],
)
def test_an_event_is_about_what_was_claimed_shortly_before(phone, case, after, is_meant):
    lost(case)
    assert told(phone, "4711", told_at=CLAIMED + after) is is_meant
    assert states() == [("sent", None) if is_meant else ("unknown", "worker-lost")]


def test_a_claim_of_unknown_age_is_not_meant(phone, case):
    lost(case)
    db.session.execute(sa.update(Delivery).values(claimed_at=None))
    assert not told(phone, "4711")


def test_of_several_unknown_ones_the_last_before_it_is_meant(phone, case, cast):
    lost(case)
    second, later = make_ticket("accepted", cast), CLAIMED + 2 * LEASE
    with clock.frozen(later):
        lost(second)
    assert told(phone, "1", told_at=later)
    assert states() == [("unknown", "worker-lost"), ("sent", None)]
    assert told(phone, "2", told_at=later)
    assert states() == [("sent", None)] * 2


def test_what_was_claimed_after_the_event_is_not_meant(phone, case, cast):
    lost(case)
    second = make_ticket("accepted", cast)
    with clock.frozen(CLAIMED + 2 * LEASE):
        lost(second)
    assert told(phone, "1", told_at=CLAIMED)
    assert states() == [("sent", None), ("unknown", "worker-lost")]


def test_what_was_refused_is_not_open_any_more(wechat, phone, case):
    wechat.fault("errcode", match={"path": "subscribe/send"}, errcode=-1, times=1)
    sent(case)
    assert not told(phone, "4711")
    assert states() == [("pending", None)]


def test_the_event_does_not_show_who_it_is_about(phone):
    assert phone.openid not in repr(event_about(phone, "4711"))


def test_a_known_id_goes_before_what_is_open(phone, case, cast):
    lost(case)
    second = make_ticket("accepted", cast)
    with clock.frozen(clock.real() + 2 * LEASE):
        msgid = sent(second)
    assert told(phone, msgid, is_delivered=False)
    assert states() == [("unknown", "worker-lost"), ("failed", "not-delivered")]


@pytest.mark.parametrize(
    "changes",
    [
        {"appid": "wxfedcba9876543210"},
        {"openid": "oSomebodyElse000000000000000"},
        {"template_id": TEMPLATES["办理反馈"]},
    ],
)
def test_what_is_about_nobody_of_ours_is_ignored(phone, case, changes):
    lost(case)
    assert not told(phone, "4711", **changes)
    assert states() == [("unknown", "worker-lost")]


def test_what_was_never_sent_is_not_meant(wechat, phone, case):
    assert not told(phone, "4711")
    assert states() == [("pending", None)]


def test_the_event_of_another_person_is_not_ours(wechat, phone, case):
    others = make_cast()
    other = make_phone(wechat, others.applicant, ACCEPTED)
    lost(case)
    assert not told(other, "4711")
    assert states() == [("unknown", "worker-lost")]
