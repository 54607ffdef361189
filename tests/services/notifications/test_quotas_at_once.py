"""Many senders and popups at once: no consent is spent, returned or counted twice. Real commits."""

from functools import partial

import pytest

from app.db import transaction
from services.notifications.quotas import (
    Answer,
    Reservation,
    give_back,
    note_answers,
    refuse,
    reserve,
)
from tests.factories import MONDAY, make_account, make_ticket
from tests.factories.wechat import make_binding, make_quota, make_template
from tests.services.notifications.ledger import make_deliveries, remaining
from tests.threads import all_at_once

KEY = "template-accepted"
BOOKED, NONE = Reservation.BOOKED, Reservation.NONE


@pytest.fixture
def crowd(committed_app):
    """A binding with some consents and many deliveries, committed: (binding id, delivery ids)."""

    def make(consents: int, count: int) -> tuple[int, list[int]]:
        with committed_app.app_context(), transaction():
            binding = make_binding(make_account("enterprise_admin"))
            make_quota(binding, make_template("受理通知", KEY), consents)
            return binding.id, make_deliveries(binding, count, make_ticket())

    return make


def alone(work, *place, **options):
    """`work` in a transaction of its own."""

    def act():
        with transaction():
            return work(*place, **options, at=MONDAY)

    return act


def test_of_many_at_once_one_gets_the_last_consent(committed_app, crowd):
    binding_id, deliveries = crowd(1, 6)
    works = [alone(reserve, binding_id, KEY, each) for each in deliveries]
    found = all_at_once(committed_app, *works, at=MONDAY)
    assert sorted(found) == [BOOKED, *[NONE] * 5]
    with committed_app.app_context():
        assert remaining(binding_id, KEY) == 0


def test_a_booking_given_back_by_many_at_once_comes_back_once(committed_app, crowd):
    binding_id, [delivery] = crowd(1, 1)
    alone_at = partial(all_at_once, committed_app, at=MONDAY)
    assert alone_at(alone(reserve, binding_id, KEY, delivery)) == [BOOKED]
    found = alone_at(*[alone(give_back, binding_id, KEY, delivery)] * 6)
    assert sorted(found) == [False] * 5 + [True]
    with committed_app.app_context():
        assert remaining(binding_id, KEY) == 1


def test_a_popup_reported_by_many_at_once_counts_once(committed_app, crowd):
    binding_id, _ = crowd(1, 0)
    answers = [Answer(KEY, "accept", is_long_term=False)]
    works = [alone(note_answers, binding_id, answers, asked_id="popup-01")] * 6
    assert all_at_once(committed_app, *works, at=MONDAY) == [None] * 6
    with committed_app.app_context():
        assert remaining(binding_id, KEY) == 2


def test_the_entries_add_up_when_all_happens_at_once(committed_app, crowd):
    binding_id, deliveries = crowd(2, 8)
    answers = [Answer(KEY, "accept", is_long_term=False)]
    works = [alone(note_answers, binding_id, answers, asked_id=None)] * 3
    for each in deliveries:
        works.append(alone(reserve, binding_id, KEY, each))
        works.append(alone(give_back, binding_id, KEY, each))
    works.append(alone(refuse, binding_id, KEY, deliveries[0]))
    found = all_at_once(committed_app, *works, at=MONDAY)
    assert not [each for each in found if isinstance(each, Exception)]
    with committed_app.app_context():
        assert remaining(binding_id, KEY) >= 0
