"""首次联系的确认和补正: claimed is not confirmed; told at once, or flagged; late is withdrawn."""

from dataclasses import replace
from datetime import timedelta

import pytest

from app.domain.decisions.aftercare import NotYet
from app.domain.errors import Forbidden, InvalidInput
from app.domain.facts.acceptance import ContactConfirmation, LateItem, SupplementNotice
from app.domain.permissions import Permission as Act
from app.domain.sla_clock import ClockKind
from app.domain.vocabulary import LapseGround, Status
from tests.domain.stage import Play, play_to, submitted
from tests.domain.story import SECOND_NOTICE

S = Status
SEEN = LateItem(was_visible_at_first=True, reason="首次核对时遗漏")


def supplied() -> Play:
    play = play_to(S.SUPPLEMENTING)
    play.act(Act.SUPPLY)
    return play


@pytest.mark.parametrize(("said", "outcome"), [(True, "confirmed"), (False, "denied")])
def test_the_enterprise_says_whether_it_was_called(said, outcome):
    play = submitted()
    play.act(Act.FIRST_CONTACT)
    assert play.state.contact_confirmed is None
    change = play.act(Act.CONFIRM_CONTACT, ContactConfirmation(said))
    assert (play.state.contact_confirmed, change.outcome) == (said, outcome)
    assert play.state.contacted_at is not None


def test_nobody_confirms_the_own_call():
    play = submitted()
    play.act(Act.FIRST_CONTACT)
    with pytest.raises(Forbidden):
        play.try_to(Act.CONFIRM_CONTACT, by="housekeeper")


def test_the_first_notice_excuses_nothing():
    with pytest.raises(InvalidInput) as error:
        submitted().try_to(Act.REQUEST_SUPPLEMENT, SECOND_NOTICE)
    assert error.value.errors[0].pointer == "/late_items"


@pytest.mark.parametrize("late", [(), SECOND_NOTICE.late_items * 2])
def test_a_second_notice_says_of_each_item_why_it_was_not_in_the_first(late):
    with pytest.raises(InvalidInput) as error:
        supplied().try_to(Act.REQUEST_SUPPLEMENT, replace(SECOND_NOTICE, late_items=late))
    assert error.value.errors[0].code == "late-items"


@pytest.mark.parametrize("is_breach", [True, False])
def test_what_could_be_seen_at_first_is_a_breach_of_telling_at_once(is_breach):
    play = supplied()
    other = SECOND_NOTICE.late_items[0]
    late = (other, SEEN if is_breach else other)
    change = play.act(Act.REQUEST_SUPPLEMENT, SupplementNotice(("授权书", "图纸"), late))
    second = play.state.supplements[-1]
    assert second.is_breach_of_one_time_notice is is_breach
    assert change.event.facts["is_breach_of_one_time_notice"] is is_breach
    assert second.late_items[1]["reason"] == late[1].reason


def test_what_is_not_brought_in_time_is_taken_as_withdrawn():
    play = play_to(S.SUPPLEMENTING)
    due = play.clock(ClockKind.SUPPLEMENT).due_at
    assert due is not None
    play.at = due
    with pytest.raises(NotYet):
        play.try_to(Act.LAPSE_SUPPLEMENT)
    change = play.act(Act.LAPSE_SUPPLEMENT, at=due + timedelta(seconds=1))
    assert play.state.status is S.WITHDRAWN
    assert change.values["lapse_ground"] is LapseGround.SUPPLEMENT_OVERDUE
    assert all(clock.is_stopped for clock in play.state.clocks)


def test_only_the_job_takes_it_as_withdrawn():
    with pytest.raises(Forbidden):
        play_to(S.SUPPLEMENTING).try_to(Act.LAPSE_SUPPLEMENT, by="coordinator")
