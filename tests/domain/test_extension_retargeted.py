"""延期与重定时限: what was asked for under one promise is ruled on under another."""

import pytest

from app.domain.decisions.extension import NotExtendable
from app.domain.facts.extension import Ruling
from app.domain.facts.retarget import Retargeting
from app.domain.permissions import Permission as Act
from app.domain.vocabulary import MatterOutcome, Status, TicketClass
from tests.domain.stage import Play, play_to


@pytest.fixture
def retargeted() -> Play:
    """More days were asked for, and meanwhile the ticket's limit is one of calendar days."""
    play = play_to(Status.HANDLING)
    play.act(Act.REQUEST_EXTENSION)
    play.act(Act.CONSENT_EXTENSION)
    play.act(Act.RETARGET, Retargeting("经核实为拖欠账款", TicketClass.ARREARS))
    return play


def test_what_the_class_does_not_allow_any_more_is_not_granted(retargeted):
    with pytest.raises(NotExtendable):
        retargeted.try_to(Act.RULE_EXTENSION)


def test_and_can_be_rejected(retargeted):
    retargeted.act(Act.RULE_EXTENSION, Ruling(approved=False, note="改按拖欠账款办理"))
    assert retargeted.state.matters[0].outcome is MatterOutcome.REJECTED
