"""Events about an attempt that people had repeated before anybody knew how it had ended."""

from datetime import timedelta

import pytest
import sqlalchemy as sa
from flask import current_app

from app import clock
from app.db import db
from app.models.delivery import Delivery
from app.models.wechat import WechatBinding
from services.notifications.deliver import LEASE, drop_expired, release_lapsed, send
from services.notifications.deliveries import resend
from services.notifications.settle import settle
from tests.domain.calendars import CALENDAR
from tests.factories import MONDAY
from tests.factories.wechat import make_binding
from tests.services.notifications.phones import ACCEPTED, WORKER, claim, only_delivery
from tests.services.notifications.told import told

CLAIMED = MONDAY + timedelta(hours=1)


@pytest.fixture(autouse=True)
def one_moment():
    with clock.frozen(CLAIMED):
        yield


def lose(case):
    """Claim what is due and lose the worker; the claim."""
    claimed = claim(WORKER, at=case.at)
    assert claimed
    release_lapsed(at=claimed.leased_until)
    return claimed


def repeat(case) -> None:
    """The message waits to be sent again."""
    resend(case.cast.coordinator.actor, only_delivery().id, CALENDAR, at=case.at)
    assert only_delivery().state == "pending"


@pytest.fixture
def repeated(phone, case):
    """A message whose first attempt is open still, and which waits to be sent again."""
    lose(case)
    repeat(case)
    return phone


def outcome() -> tuple[str, str | None, bool]:
    row = only_delivery()
    return row.state, row.reason, row.is_reserved


def test_what_has_arrived_is_not_sent_again(repeated, case):
    assert told(repeated, "4711")
    assert outcome() == ("sent", None, True)
    assert (only_delivery().provider_id, only_delivery().sent_at) == ("4711", CLAIMED)
    assert repeated.left()[0] == 1
    with clock.frozen(CLAIMED + 2 * LEASE):
        assert claim(WORKER, at=case.at) is None


def test_what_arrived_and_is_then_told_lost_gives_its_consent_back(repeated):
    told(repeated, "4711")
    told(repeated, "4711", is_delivered=False)
    assert outcome() == ("failed", "not-delivered", False)
    assert repeated.left()[0] == 2


def test_what_never_came_waits_on_and_gives_its_consent_back(repeated, case):
    for _ in range(2):
        assert told(repeated, "4711", is_delivered=False)
        assert outcome() == ("pending", None, False)
        assert repeated.left()[0] == 2
    with clock.frozen(CLAIMED + 2 * LEASE):
        claimed = claim(WORKER, at=case.at)
        assert claimed
        assert settle(claimed, send(current_app.config["WECHAT"], claimed), at=case.at)
    assert outcome() == ("sent", None, True)
    assert repeated.left() == (1, 1)


def test_of_two_attempts_in_the_dark_one_comes_back(repeated, case):
    with clock.frozen(CLAIMED + 2 * LEASE):
        lose(case)
        repeat(case)
        assert repeated.left()[0] == 0
        for _ in range(2):
            assert told(repeated, "4711", is_delivered=False)
    assert repeated.left()[0] == 1


def test_after_the_next_claim_the_event_is_about_nothing(repeated, case):
    with clock.frozen(CLAIMED + 2 * LEASE):
        assert claim(WORKER, at=case.at)
    assert not told(repeated, "4711")
    assert outcome() == ("sending", None, True)


def test_what_was_dropped_meanwhile_has_arrived_all_the_same(repeated):
    drop_expired(at=only_delivery().expires_at)
    assert told(repeated, "4711")
    assert outcome() == ("sent", None, True)


def test_a_failure_that_was_told_is_known_by_its_id_when_it_waits_again(phone, case):
    lose(case)
    told(phone, "4711", is_delivered=False)
    repeat(case)
    for is_delivered in (True, False):
        assert told(phone, "4711", is_delivered=is_delivered)
        assert outcome() == ("pending", None, False)
    assert phone.left()[0] == 2


def test_what_was_never_tried_is_not_meant(phone, case):
    db.session.execute(sa.update(Delivery).values(state="failed", reason="no-consent"))
    repeat(case)
    assert not told(phone, "4711")


def test_what_goes_to_another_binding_has_nothing_to_do_with_the_attempt(phone, case, cast):
    lose(case)
    db.session.execute(sa.update(WechatBinding).values(ended_at=clock.real()))
    make_binding(cast.applicant, openid=phone.openid)
    repeat(case)
    row = only_delivery()
    assert (row.template_id, row.claimed_at) == (None, None)
    assert not told(phone, "4711")
    assert phone.left(ACCEPTED)[0] == 1
