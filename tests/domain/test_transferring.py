"""转出: once, with the body that receives it; arrears within ten working days."""

from dataclasses import replace
from datetime import timedelta

import pytest

from app.domain.errors import IllegalTransition, InvalidInput
from app.domain.facts.acceptance import Acceptance
from app.domain.facts.coordination import TransferOut
from app.domain.permissions import Permission as Act
from app.domain.vocabulary import Status, TicketClass
from tests.domain.calendars import local
from tests.domain.stage import Play, play_to, submitted

TO_COURT = TransferOut("鞍山市工业和信息化局", "按管辖由市级部门办理")
LAST_MOMENT = local("2026-06-15 17:30")


def of_class(ticket_class: TicketClass) -> Play:
    play = submitted()
    play.act(Act.ACCEPT, Acceptance(ticket_class, "arrears"))
    return play


def test_it_is_noted_and_then_answered():
    play = play_to(Status.ACCEPTED)
    change = play.act(Act.TRANSFER_OUT, TO_COURT)
    assert change.event.to_status is Status.ACCEPTED
    assert change.values["transferred_to"] == TO_COURT.receiving_body
    assert change.values["transferred_at"] == play.at
    assert change.event.is_public
    assert "is_late" not in change.event.facts
    play.act(Act.ANSWER_DIRECTLY)
    assert play.state.status is Status.FEEDBACK


def test_it_is_transferred_once():
    play = play_to(Status.ACCEPTED)
    play.act(Act.TRANSFER_OUT, TO_COURT)
    with pytest.raises(IllegalTransition):
        play.try_to(Act.TRANSFER_OUT, TO_COURT)


@pytest.mark.parametrize("hours", [-1, 1])
def test_it_was_after_the_acceptance_and_is_no_wish(hours):
    play = play_to(Status.ACCEPTED)
    wrong = replace(TO_COURT, transferred_at=play.at + timedelta(hours=hours))
    with pytest.raises(InvalidInput):
        play.try_to(Act.TRANSFER_OUT, wrong)


@pytest.mark.parametrize("seconds", [0, 1])
def test_arrears_tell_whether_they_came_too_late(seconds):
    play = of_class(TicketClass.ARREARS)
    change = play.act(Act.TRANSFER_OUT, TO_COURT, at=LAST_MOMENT + timedelta(seconds=seconds))
    assert change.event.facts["is_late"] is bool(seconds)
