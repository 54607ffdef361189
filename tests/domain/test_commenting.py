"""补充说明与内部备注: who writes what, where, and that nothing else changes by it."""

import pytest

from app.domain.audience import Audience, addresses
from app.domain.disclosure import public_facts
from app.domain.errors import Forbidden, IllegalTransition, InvalidInput
from app.domain.facts.commenting import Comment
from app.domain.message_kinds import MessageKind
from app.domain.permissions import Permission as Act
from app.domain.ticket_flow import allowed_actions
from app.domain.vocabulary import FINAL, Status
from tests.domain.stage import PLAYERS, Play, play_to, submitted
from tests.domain.story import UNSOLVED

S = Status
ENTERPRISE = ("applicant", "colleague")
COLLEAGUES = ("housekeeper", "operator", "coordinator", "handler", "unit_approver", "co_handler")
OPEN = [status for status in Status if status not in FINAL]
SAID = Comment("客户要求下周送电", from_enterprise=True)


@pytest.mark.parametrize("part", ENTERPRISE)
@pytest.mark.parametrize("status", OPEN)
def test_an_enterprise_adds_to_its_ticket_as_long_as_it_is_open(status, part):
    play = play_to(status)
    change = play.act(Act.COMMENT, by=part)
    assert change.event.is_public
    assert (change.outcome, play.state.status) == ("from_enterprise", status)
    assert public_facts(Act.COMMENT, change.event.facts) == {"text": "二期的用电清单已经定下来"}


@pytest.mark.parametrize("part", [*ENTERPRISE, "housekeeper", "coordinator", "supervisor"])
@pytest.mark.parametrize("status", [S.ARCHIVED, S.REFUSED, S.WITHDRAWN])
def test_nobody_adds_to_what_has_ended(status, part):
    play = play_to(status)
    assert Act.COMMENT not in allowed_actions(play.state, PLAYERS[part])
    with pytest.raises(IllegalTransition):
        play.try_to(Act.COMMENT, by=part)


def test_nobody_adds_to_what_was_merged():
    play = play_to(S.HANDLING)
    play.act(Act.MERGE)
    with pytest.raises(IllegalTransition):
        play.try_to(Act.COMMENT)


@pytest.mark.parametrize("part", [*COLLEAGUES, "supervisor"])
def test_what_colleagues_write_stays_inside(part):
    change = play_to(S.HANDLING).act(Act.COMMENT, by=part)
    assert not change.event.is_public
    assert change.outcome == "inner"


@pytest.mark.parametrize("part", ["revisitor", "lay_supervisor", "auditor", "register_officer"])
def test_who_does_not_work_on_it_writes_nothing(part):
    with pytest.raises(Forbidden):
        play_to(S.HANDLING).try_to(Act.COMMENT, by=part)


def test_of_the_units_those_write_that_are_on_it():
    play = play_to(S.ACCEPTED)
    with pytest.raises(Forbidden):
        play.try_to(Act.COMMENT, by="handler")
    play.act(Act.DISPATCH)
    play.try_to(Act.COMMENT, by="handler")
    again = play_to(S.COORDINATING, record_revisit=UNSOLVED)
    with pytest.raises(Forbidden):
        again.try_to(Act.COMMENT, by="handler")


def test_an_operator_writes_down_what_the_enterprise_said_on_the_phone():
    change = play_to(S.HANDLING).act(Act.COMMENT, SAID, by="operator")
    assert change.event.is_public
    assert change.outcome == "from_enterprise"


@pytest.mark.parametrize("part", [one for one in COLLEAGUES if one != "operator"])
def test_no_other_official_speaks_for_the_enterprise(part):
    with pytest.raises(InvalidInput) as error:
        play_to(S.HANDLING).try_to(Act.COMMENT, SAID, by=part)
    assert [one.code for one in error.value.errors] == ["not-on-behalf"]


def test_it_changes_nothing_and_makes_nobody_a_handler():
    play = play_to(S.HANDLING)
    before = play.state
    change = play.act(Act.COMMENT, by="supervisor")
    assert (change.records, play.state.clocks) == ((), before.clocks)
    assert (play.state.version, play.state.handler_account_ids) == (
        *(before.version, before.handler_account_ids),
    )
    assert play.state.event_seq == before.event_seq + 1


def test_it_does_not_heed_an_urge():
    play = play_to(S.HANDLING)
    play.act(Act.URGE)
    play.act(Act.COMMENT, by="housekeeper")
    assert play.state.is_urged


def test_what_is_asked_for_is_not_supplied_by_it():
    play = submitted()
    play.act(Act.REQUEST_SUPPLEMENT)
    play.act(Act.COMMENT)
    assert play.state.status is S.SUPPLEMENTING


def test_a_remark_is_told_to_who_has_it_in_hand_and_a_note_to_colleagues_alone():
    told = {(one.kind, one.audience) for one in addresses(Act.COMMENT, "from_enterprise")}
    assert told == {
        (MessageKind.REMARK_ADDED, Audience.HOUSEKEEPER),
        (MessageKind.REMARK_ADDED, Audience.LEAD_HANDLERS),
    }
    assert Audience.ENTERPRISE not in {one.audience for one in addresses(Act.COMMENT, "inner")}


def test_a_play_goes_on_with_the_version_from_before():
    play: Play = play_to(S.ACCEPTED)
    version = play.state.version
    play.act(Act.COMMENT)
    play.act(Act.DISPATCH)
    assert play.state.version == version + 1
