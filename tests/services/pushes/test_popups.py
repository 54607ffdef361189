"""Popups: whatever is lost or late of what the client and the platform tell, none counts twice."""

from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial
from operator import itemgetter

import pytest
import sqlalchemy as sa
from hypothesis import given, settings
from hypothesis import strategies as st

from app import clock
from app.db import db
from app.domain.consents import ConsentAnswer
from app.domain.phone_forms import Template
from app.models.subscription import WechatQuota
from services.notifications import quotas
from services.notifications.consents import PopupAnswer, note_popup
from tests.applications import rolled_back
from tests.factories import APPID, MONDAY, make_account, make_binding, make_template
from tests.services.notifications.ledger import entries, remaining

KEY = "template-accepted"
OPENID = f"oPopup{1:022d}"
SECOND, MINUTE, DAY = timedelta(seconds=1), timedelta(minutes=1), timedelta(days=1)
LATE = timedelta(hours=23)


@pytest.fixture
def binding(database):
    make_template(Template.ACCEPTED, KEY)
    return make_binding(make_account("enterprise_admin"), openid=OPENID)


def report(binding, at: datetime, asked_id: str | None = None, result: str = "accept") -> None:
    """The client tells."""
    answers = [quotas.Answer(KEY, result, is_long_term=False)]
    quotas.note_answers(binding.id, answers, asked_id=asked_id, at=at)


def push(at: datetime, result: str = "accept", template_id: str = KEY) -> bool:
    """The platform tells."""
    answers = [PopupAnswer(template_id, ConsentAnswer(result))]
    return note_popup(APPID, OPENID, answers, at=at)


def left(binding) -> int:
    return remaining(binding.id, KEY)


@pytest.mark.parametrize("is_report_first", [True, False])
@pytest.mark.parametrize("late", [-MINUTE, SECOND, LATE])
def test_both_tell_of_one_popup_in_either_order(binding, is_report_first, late):
    tellers = [lambda: report(binding, MONDAY + late, "popup-01"), lambda: push(MONDAY)]
    for tell in tellers if is_report_first else reversed(tellers):
        tell()
    assert left(binding) == 1


def test_what_only_one_of_them_tells_counts(binding):
    report(binding, MONDAY)
    push(MONDAY + 2 * DAY)
    assert left(binding) == 2
    assert entries(binding.id, KEY) == [("accepted", 1), ("accepted", 1)]


def test_a_report_that_comes_again_is_not_taken_for_another_popup(binding):
    push(MONDAY)
    push(MONDAY + MINUTE)
    for _ in range(3):
        report(binding, MONDAY + 2 * MINUTE, "popup-01")
    assert left(binding) == 2
    report(binding, MONDAY + 3 * MINUTE, "popup-02")
    assert left(binding) == 2
    report(binding, MONDAY + 4 * MINUTE, "popup-03")
    assert left(binding) == 3


def test_two_people_never_share_a_popup(binding):
    other = make_binding(make_account("enterprise_admin"))
    report(other, MONDAY)
    push(MONDAY)
    assert (left(binding), left(other)) == (1, 1)


def test_what_was_taken_back_since_is_not_counted(binding):
    quotas.switch_off(binding.id, KEY, at=MONDAY + MINUTE)
    push(MONDAY)
    assert left(binding) == 0
    push(MONDAY + 2 * MINUTE)
    assert left(binding) == 1


def test_what_was_answered_later_stands(binding):
    report(binding, MONDAY + 2 * DAY)
    push(MONDAY, "reject")
    answer = sa.select(WechatQuota.answer)
    assert db.session.scalar(answer) == "accept"
    push(MONDAY + 3 * DAY, "reject")
    assert db.session.scalar(answer) == "reject"
    assert left(binding) == 1


def test_a_consent_that_comes_late_counts_beside_a_later_answer(binding):
    report(binding, MONDAY + 2 * DAY)
    push(MONDAY)
    assert left(binding) == 2


def test_what_is_about_nobody_or_nothing_of_ours_is_said_to_be(binding):
    assert push(MONDAY)
    assert not push(MONDAY, template_id="nobodys")
    assert not note_popup(APPID, "oNobody", [PopupAnswer(KEY, ConsentAnswer.ACCEPT)], at=MONDAY)


DELAYS = st.none() | st.sampled_from([1, 40, 90, 200])
POPUPS = st.lists(st.tuples(DELAYS, DELAYS), min_size=1, max_size=4)
"""After how many seconds the client and the platform tell of each popup, if they do."""


@settings(max_examples=20)
@given(popups=POPUPS)
def test_no_popup_counts_twice_and_few_are_missed(app, popups):
    """At least as many count as the one has told of who missed less; a popup comes each minute."""
    with rolled_back(app), clock.frozen(MONDAY):
        make_template(Template.ACCEPTED, KEY)
        binding = make_binding(make_account("enterprise_admin"), openid=OPENID)
        tells: list[tuple[datetime, Callable[[], object]]] = []
        for number, (reported, pushed) in enumerate(popups):
            at = MONDAY + number * MINUTE
            if reported:
                heard = at + reported * SECOND
                tells.append((heard, partial(report, binding, heard, f"popup-{number}")))
            if pushed:
                tells.append((at + pushed * SECOND, partial(push, at)))
        for _, tell in sorted(tells, key=itemgetter(0)):
            tell()
        reports = sum(reported is not None for reported, _ in popups)
        pushes = sum(pushed is not None for _, pushed in popups)
        told = sum(popup != (None, None) for popup in popups)
        assert max(reports, pushes) <= left(binding) <= told
