"""Short messages that are due and do not go out: at night, too late, of a claim that was lost."""

import pytest

from app.domain.delivery import Reason
from app.models.fallback import TextMessage
from services.gateways.sms import TextError, TextReceipt
from services.notifications.text_results import settle_text
from services.notifications.texts import next_text
from services.tickets.terms import newest_calendar
from tests.domain.calendars import local
from tests.factories import Case, make_cast
from tests.services.notifications.insisting import (
    ask,
    change,
    fallback,
    give_number,
    look,
    send,
    take,
    text,
)
from tests.services.notifications.phones import know_templates

NIGHT, MORNING = local("2026-06-01 22:00"), local("2026-06-02 08:30")


@pytest.fixture
def case(wechat, database) -> Case:
    """The enterprise is asked for material, and a short message of it is due."""
    know_templates()
    cast = make_cast()
    give_number(cast.applicant)
    case = ask(cast)
    look(case.at)
    return case


def test_what_came_to_be_due_at_night_waits_for_the_morning(wechat, case):
    change(TextMessage, rings_always=False)
    assert send(NIGHT) == 0
    assert (text().state, text().send_at) == ("pending", MORNING)
    assert not wechat.texts()


def test_what_is_of_no_use_any_more_goes_nowhere(wechat, case):
    change(TextMessage, expires_at=case.at)
    assert send(case.at) == 0
    assert (text().reason, fallback().state) == (Reason.EXPIRED, "dropped")
    assert not wechat.texts()


def test_who_comes_late_says_nothing_of_the_next_try(case):
    first = take(case)
    calendar = newest_calendar()
    settle_text(first, TextError("retry"), calendar, at=case.at)
    case.at = text().send_at
    assert next_text(at=case.at)
    second = take(case)
    settle_text(first, TextReceipt("1", 1), calendar, at=case.at)
    assert (text().state, text().worker) == ("sending", second.worker)
