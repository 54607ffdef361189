"""Events that were taken for the wrong message, and answers that tell better."""

from datetime import timedelta

import pytest
import sqlalchemy as sa
from flask import current_app

from app import clock
from app.db import db
from app.models.delivery import Delivery
from services.notifications.deliver import LEASE, Claim, Sent, release_lapsed, send
from services.notifications.deliveries import resend
from services.notifications.quotas import reserve
from services.notifications.settle import settle
from tests.domain.calendars import CALENDAR
from tests.factories import MONDAY, make_ticket
from tests.services.notifications.phones import WORKER, claim, deliveries
from tests.services.notifications.told import told
from tests.wechat import TEMPLATES

FIRST, SECOND = MONDAY + timedelta(hours=1), MONDAY + timedelta(hours=1) + 2 * LEASE


def states() -> list[tuple[str, str | None, str | None, bool]]:
    rows = deliveries()
    return [(row.state, row.reason, row.provider_id, row.is_reserved) for row in rows]


def taken(case, at) -> Claim:
    with clock.frozen(at):
        claimed = claim(WORKER, at=case.at)
    assert claimed
    return claimed


@pytest.fixture
def two(phone, case, cast):
    """Two claims to one person: the answer to the first is late, and the second is being sent.

    (the first with its answer, the second with its answer)
    """
    sends = []
    for one, at in ((case, FIRST), (make_ticket("accepted", cast), SECOND)):
        release_lapsed(at=at)
        claimed = taken(one, at)
        with clock.frozen(at):
            sends.append((claimed, send(current_app.config["WECHAT"], claimed)))
    return sends


def tell(phone, result: Sent, *, is_delivered: bool) -> None:
    with clock.frozen(SECOND):
        assert told(phone, result.provider_id, is_delivered=is_delivered)


def test_an_answer_moves_what_arrived_to_its_own_message(two, phone, case):
    (first, answer), (second, _) = two
    tell(phone, answer, is_delivered=True)
    assert [state for state, *_ in states()] == ["unknown", "sent"]
    settle(first, answer, at=case.at)
    assert states() == [
        ("sent", None, answer.provider_id, True),
        ("unknown", "no-answer", None, True),
    ]
    assert phone.left()[0] == 0
    settle(second, Sent("77"), at=case.at)
    assert states()[1] == ("sent", None, "77", True)


def test_an_answer_moves_what_was_lost_to_its_own_message(two, phone, case):
    (first, answer), (second, later) = two
    tell(phone, answer, is_delivered=False)
    assert [state for state, *_ in states()] == ["unknown", "failed"]
    assert phone.left()[0] == 1
    settle(first, answer, at=case.at)
    assert states() == [
        ("failed", "not-delivered", answer.provider_id, False),
        ("unknown", "no-answer", None, True),
    ]
    assert phone.left()[0] == 1
    with clock.frozen(SECOND):
        assert told(phone, later.provider_id)
    assert states()[1] == ("sent", None, later.provider_id, True)
    settle(second, later, at=case.at)
    assert phone.left()[0] == 1


@pytest.mark.parametrize("is_delivered", [True, False])
def test_an_answer_goes_before_an_event_about_another_message(two, phone, case, is_delivered):
    (_, answer), (second, later) = two
    tell(phone, answer, is_delivered=is_delivered)
    settle(second, later, at=case.at)
    assert states() == [
        ("unknown", "worker-lost", None, True),
        ("sent", None, later.provider_id, True),
    ]
    assert phone.left()[0] == 0


@pytest.mark.parametrize("result", ["its own id", "no id"])
@pytest.mark.parametrize("is_delivered", [True, False])
def test_an_answer_changes_nothing_of_what_its_own_event_told(
    two, phone, case, result, is_delivered
):
    second, later = two[1]
    tell(phone, later, is_delivered=is_delivered)
    before = states(), phone.left()
    settle(second, later if result == "its own id" else Sent(None), at=case.at)
    assert (states(), phone.left()) == before


def test_what_waits_to_be_sent_again_waits_on(two, phone, case):
    """The loss of the first was taken for the second, which people had repeated."""
    (first, answer), _ = two
    release_lapsed(at=SECOND + 2 * LEASE)
    second = deliveries()[1]
    resend(case.cast.coordinator.actor, second.id, CALENDAR, at=case.at)
    tell(phone, answer, is_delivered=False)
    assert states()[1] == ("pending", None, answer.provider_id, False)
    settle(first, answer, at=case.at)
    assert states() == [
        ("failed", "not-delivered", answer.provider_id, False),
        ("pending", None, None, False),
    ]
    assert phone.left()[0] == 1


def test_a_consent_that_is_spent_by_now_is_not_spent_twice(two, phone, case, cast):
    (first, answer), _ = two
    tell(phone, answer, is_delivered=False)
    make_ticket("accepted", cast)
    third = db.session.scalars(sa.select(Delivery.id).order_by(Delivery.id.desc()).limit(1)).one()
    reserve(phone.binding_id, TEMPLATES["受理通知"], third, at=SECOND)
    assert phone.left()[0] == 0
    settle(first, answer, at=case.at)
    assert states()[1] == ("unknown", "no-answer", None, False)
    assert phone.left()[0] == 1
