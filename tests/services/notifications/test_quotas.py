"""The ledger of consents: what is left is the sum of what came and went."""

import random
from datetime import timedelta

import pytest
import sqlalchemy as sa

from app import clock
from app.db import db
from app.models.subscription import WechatQuota
from services.notifications.quotas import (
    Answer,
    Reservation,
    give_back,
    note_answers,
    refuse,
    reserve,
    switch_off,
)
from tests.factories import MONDAY, make_account
from tests.factories.wechat import make_binding, make_quota, make_template
from tests.services.notifications.ledger import entries, make_deliveries, remaining

KEY = "template-accepted"
BOOKED, STANDING, NONE, KEPT = Reservation


@pytest.fixture
def binding(database):
    return make_binding(make_account("enterprise_admin"))


@pytest.fixture
def template(database):
    return make_template("受理通知", KEY)


def spend(binding, delivery_id: int, *, kept_for: int = 0) -> Reservation:
    return reserve(binding.id, KEY, delivery_id, kept_for=kept_for, at=MONDAY)


def standing(binding) -> bool:
    query = sa.select(WechatQuota.is_standing).filter_by(binding_id=binding.id, template_id=KEY)
    return bool(db.session.scalar(query))


def accept(binding, *, asked_id: str | None = None, result: str = "accept", is_long_term=False):
    answers = [Answer(KEY, result, is_long_term)]
    note_answers(binding.id, answers, asked_id=asked_id, at=MONDAY)


def test_a_consent_is_spent_once(binding, template):
    make_quota(binding, template, 1)
    first, second = make_deliveries(binding, 2)
    assert spend(binding, first) is BOOKED
    assert remaining(binding.id, KEY) == 0
    assert spend(binding, second) is NONE
    assert entries(binding.id, KEY) == [("accepted", 1), ("reserved", -1)]


def test_without_any_consent_there_is_nothing_to_spend(binding, template):
    [delivery] = make_deliveries(binding)
    assert spend(binding, delivery) is NONE
    assert entries(binding.id, KEY) == []


def test_the_last_is_kept_for_what_is_more_important(binding, template):
    make_quota(binding, template, 2)
    first, second, third = make_deliveries(binding, 3)
    assert spend(binding, first, kept_for=1) is BOOKED
    assert spend(binding, second, kept_for=1) is KEPT
    assert remaining(binding.id, KEY) == 1
    assert spend(binding, third) is BOOKED


def test_a_long_term_consent_is_never_used_up(binding):
    make_quota(binding, make_template("受理通知", KEY, is_long_term=True))
    [delivery] = make_deliveries(binding)
    for _ in range(3):
        assert spend(binding, delivery, kept_for=1) is STANDING
    assert not give_back(binding.id, KEY, delivery, at=MONDAY)
    assert entries(binding.id, KEY) == []


@pytest.mark.parametrize(
    ("reservation", "may_send"), [(BOOKED, True), (STANDING, True), (NONE, False), (KEPT, False)]
)
def test_a_reservation_says_whether_to_send(reservation, may_send):
    assert reservation.may_send is may_send


def test_asking_again_for_the_same_delivery_books_nothing_more(binding, template):
    make_quota(binding, template, 2)
    [delivery] = make_deliveries(binding)
    assert spend(binding, delivery) is spend(binding, delivery, kept_for=1) is BOOKED
    assert remaining(binding.id, KEY) == 1


def test_what_was_not_consumed_comes_back_once(binding, template):
    make_quota(binding, template, 2)
    mine, other = make_deliveries(binding, 2)
    spend(binding, mine)
    assert not give_back(binding.id, KEY, other, at=MONDAY)
    assert give_back(binding.id, KEY, mine, at=MONDAY)
    assert not give_back(binding.id, KEY, mine, at=MONDAY)
    assert remaining(binding.id, KEY) == 2
    assert spend(binding, mine) is BOOKED
    assert give_back(binding.id, KEY, mine, at=MONDAY)
    assert remaining(binding.id, KEY) == 2


def test_a_booking_is_of_one_template(binding, template):
    make_quota(binding, template, 1)
    other = make_template("办理反馈")
    make_quota(binding, other, 1)
    [delivery] = make_deliveries(binding)
    spend(binding, delivery)
    assert other.template_id
    assert not give_back(binding.id, other.template_id, delivery, at=MONDAY)
    assert remaining(binding.id, other.template_id) == 1


def test_after_a_refusal_nothing_is_left(binding, template):
    make_quota(binding, template, 3)
    [delivery] = make_deliveries(binding)
    spend(binding, delivery)
    refuse(binding.id, KEY, delivery, at=MONDAY)
    assert remaining(binding.id, KEY) == 0
    assert entries(binding.id, KEY)[1:] == [("reserved", -1), ("returned", 1), ("refused", -3)]
    assert not give_back(binding.id, KEY, delivery, at=MONDAY)
    refuse(binding.id, KEY, delivery, at=MONDAY)
    assert len(entries(binding.id, KEY)) == 4
    accept(binding)
    assert remaining(binding.id, KEY) == 1


def test_what_comes_back_after_a_refusal_is_refused_too(binding, template):
    make_quota(binding, template, 2)
    delivery, other = make_deliveries(binding, 2)
    spend(binding, delivery)
    spend(binding, other)
    refuse(binding.id, KEY, other, at=MONDAY)
    assert give_back(binding.id, KEY, delivery, at=MONDAY)
    assert remaining(binding.id, KEY) == 0
    assert entries(binding.id, KEY)[-2:] == [("returned", 1), ("refused", -1)]


@pytest.mark.parametrize("is_long_term", [False, True])
def test_switching_off_in_the_settings_leaves_nothing(binding, is_long_term):
    make_quota(binding, make_template("受理通知", KEY, is_long_term=is_long_term), 2)
    for _ in range(2):
        switch_off(binding.id, KEY, at=clock.real())
    assert remaining(binding.id, KEY) == 0
    assert not standing(binding)
    assert entries(binding.id, KEY)[1:] == [("refused", -2)] * (not is_long_term)


def test_a_refusal_ends_a_long_term_consent(binding):
    make_quota(binding, make_template("受理通知", KEY, is_long_term=True))
    [delivery] = make_deliveries(binding)
    refuse(binding.id, KEY, delivery, at=MONDAY)
    assert spend(binding, delivery) is NONE


def test_a_refusal_of_what_was_never_consented_to_changes_nothing(binding, template):
    [delivery] = make_deliveries(binding)
    refuse(binding.id, KEY, delivery, at=MONDAY)
    assert entries(binding.id, KEY) == []


def test_each_consent_counts_one(binding, template):
    for _ in range(3):
        accept(binding)
    assert remaining(binding.id, KEY) == 3


def test_the_same_popup_counts_once(binding, template):
    other = make_binding(make_account("enterprise_admin"))
    for _ in range(2):
        accept(binding, asked_id="popup-01")
    accept(other, asked_id="popup-01")
    accept(binding, asked_id="popup-02")
    assert remaining(binding.id, KEY) == 2
    assert remaining(other.id, KEY) == 1


def test_a_late_report_of_an_old_popup_does_not_change_the_answer(binding, template):
    accept(binding, asked_id="popup-01")
    accept(binding, result="reject")
    accept(binding, asked_id="popup-01")
    answer = db.session.scalar(sa.select(WechatQuota.answer))
    assert (answer, remaining(binding.id, KEY)) == ("reject", 1)


@pytest.mark.parametrize("result", ["reject", "ban", "filter"])
def test_declining_takes_no_consent_away(binding, template, result):
    accept(binding)
    accept(binding, result=result)
    quota = db.session.scalars(
        sa.select(WechatQuota), execution_options={"populate_existing": True}
    ).one()
    assert (quota.answer, quota.answered_at) == (result, MONDAY)
    assert remaining(binding.id, KEY) == 1


def test_a_long_term_consent_stands_until_it_is_banned(binding):
    for result, stands in [
        ("reject", False),
        ("accept", True),
        ("reject", True),
        ("filter", True),
        ("ban", False),
    ]:
        accept(binding, result=result, is_long_term=True)
        assert standing(binding) is stands
    assert entries(binding.id, KEY) == []


@pytest.mark.parametrize("seed", range(8))
def test_whatever_happens_the_entries_add_up(binding, template, seed):
    """Against a naive account of the same walk."""
    chance = random.Random(seed)
    deliveries = make_deliveries(binding, 3)
    left, booked, is_known, is_refused = 0, set(), False, False
    for step in range(60):
        delivery, at = chance.choice(deliveries), MONDAY + timedelta(seconds=step)
        match chance.choice(["accept", "reserve", "reserve", "give_back", "refuse"]):
            case "accept":
                accept(binding)
                left, is_known, is_refused = left + 1, True, False
            case "reserve":
                found = reserve(binding.id, KEY, delivery, at=at)
                assert (found is BOOKED) == (delivery in booked or left > 0)
                left -= found is BOOKED and delivery not in booked
                booked |= {delivery} if found is BOOKED else set()
            case "give_back":
                assert give_back(binding.id, KEY, delivery, at=at) == (delivery in booked)
                left += delivery in booked and not is_refused
                booked -= {delivery}
            case "refuse":
                refuse(binding.id, KEY, delivery, at=at)
                left, is_refused = 0, is_refused or is_known
                booked -= {delivery}
        assert remaining(binding.id, KEY) == left
