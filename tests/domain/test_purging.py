"""涉密清除: asked by one, decided by another, wherever the ticket stands."""

import pytest

from app.domain.disclosure import public_facts, public_matter
from app.domain.errors import Forbidden, IllegalTransition, InvalidInput
from app.domain.facts.extension import Ruling
from app.domain.facts.purging import PurgedFile, PurgeRequest
from app.domain.permissions import Permission as Act
from app.domain.ticket_flow import allowed_actions
from app.domain.ticket_state import Purge
from app.domain.vocabulary import MatterOutcome, Status
from tests.domain.stage import PLAYERS, Play, play_to
from tests.domain.story import PATHS

REASON = "合同含商业秘密，误传"
FILE = PurgedFile(512, 40_960, "ab" * 32)
TOLD = {"id": 512, "size": 40_960, "sha256": "ab" * 32}


def asked(
    status: Status = Status.HANDLING, by: str = "applicant", *, is_inner: bool = False
) -> Play:
    play = play_to(status)
    play.act(Act.REQUEST_PURGE, PurgeRequest((512,), REASON, (FILE,), is_inner), by=by)
    return play


@pytest.mark.parametrize("status", PATHS)
def test_it_goes_through_wherever_the_ticket_stands_and_leaves_it_there(status):
    play = asked(status)
    assert "rule_purge" in allowed_actions(play.state, PLAYERS["supervisor"])
    change = play.act(Act.RULE_PURGE)
    assert (play.state.status, play.state.open_matters) == (status, ())
    assert change.purge == Purge((512,), REASON)
    assert change.event.facts["files"] == [TOLD]
    assert change.outcome == "granted"


@pytest.mark.parametrize("part", ["applicant", "colleague", "housekeeper", "deputy", "coordinator"])
def test_the_enterprise_its_housekeepers_and_coordinators_ask(part):
    assert asked(by=part).state.matters[-1].details["reason"] == REASON


@pytest.mark.parametrize(
    "part", ["handler", "unit_approver", "supervisor", "operator", "sec_admin"]
)
def test_nobody_else_asks(part):
    with pytest.raises(Forbidden):
        asked(by=part)


@pytest.mark.parametrize("part", ["applicant", "housekeeper", "second_coordinator", "sec_admin"])
def test_only_a_supervisor_rules(part):
    with pytest.raises(Forbidden):
        asked().act(Act.RULE_PURGE, by=part)


def test_who_asked_does_not_rule_in_another_role_either():
    play = asked(by="coordinator")
    matter = play.state.matters[-1]
    assert matter.opened_by == PLAYERS["coordinator"].account_id
    same_person = PLAYERS["supervisor"]
    same_person = type(same_person)(
        same_person.role, "同一人", matter.opened_by, 900, area_prefix="2103"
    )
    assert "rule_purge" not in allowed_actions(play.state, same_person)


def test_one_is_asked_for_at_a_time_and_again_after_it_was_rejected():
    play = asked()
    with pytest.raises(IllegalTransition):
        play.act(Act.REQUEST_PURGE)
    with pytest.raises(InvalidInput):
        play.act(Act.RULE_PURGE, Ruling(approved=False))
    change = play.act(Act.RULE_PURGE, Ruling(approved=False, note="不属于商业秘密"))
    assert (change.purge, change.outcome) == (None, "rejected")
    play.act(Act.REQUEST_PURGE)
    with pytest.raises(IllegalTransition):
        play_to(Status.HANDLING).act(Act.RULE_PURGE)


@pytest.mark.parametrize("end", [Act.WITHDRAW, Act.PROPOSE_REFUSAL])
def test_it_does_not_lapse_when_the_ticket_ends(end):
    play = asked(Status.SUBMITTED)
    play.act(end)
    if end is Act.PROPOSE_REFUSAL:
        play.act(Act.RULE_REFUSAL)
    assert play.state.status in (Status.WITHDRAWN, Status.REFUSED)
    assert play.state.matters[-1].is_open
    play.act(Act.RULE_PURGE)
    assert play.state.matters[-1].outcome is MatterOutcome.GRANTED


def test_it_keeps_no_ticket_from_being_archived_or_closed():
    play = asked(Status.EVALUATING)
    play.act(Act.EVALUATE)
    play.act(Act.ARCHIVE)
    assert play.state.open_matters == ("purge//1/1",)
    closed = asked(Status.EVALUATING)
    closed.act(Act.CLOSE)
    assert closed.state.status is Status.ARCHIVED


@pytest.mark.parametrize(("is_inner", "is_told"), [(False, True), (True, False)])
def test_the_enterprise_hears_only_of_what_it_was_shown(is_inner, is_told):
    play = asked(by="coordinator", is_inner=is_inner)
    ruled = play.act(Act.RULE_PURGE)
    assert [event.is_public for event in play.events[-2:]] == [is_told, is_told]
    [matter] = play.state.matters
    shown = {"kind": matter.kind, "details": matter.details, "outcome": matter.outcome}
    told = public_matter(shown)
    assert (told is not None) == is_told
    if told:
        assert told["details"] == {"files": [TOLD], "reason": REASON}
    assert public_facts(Act.RULE_PURGE, ruled.event.facts)["files"] == [TOLD]
