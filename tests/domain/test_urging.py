"""催办: when a ticket may be urged, how often, what heeds it, and that no clock moves."""

import pytest

from app.domain.decisions.urging import UrgedTooSoon
from app.domain.disclosure import public_facts
from app.domain.errors import Forbidden, IllegalTransition
from app.domain.facts.acceptance import Acceptance, FirstContact
from app.domain.facts.urging import Urge
from app.domain.permissions import Permission as Act
from app.domain.sla_clock import ClockKind
from app.domain.ticket_flow import allowed_actions
from app.domain.vocabulary import Kind, Status, TicketClass
from tests.domain.calendars import local
from tests.domain.stage import PLAYERS, Play, play_to, submitted

S, C = Status, TicketClass
TUESDAY = local("2026-06-02 10:00")
BEFORE = local("2026-06-02 09:00")


def urged(status: Status = S.HANDLING) -> Play:
    play = play_to(status)
    play.act(Act.URGE, at=TUESDAY)
    return play


@pytest.mark.parametrize("status", [S.SUBMITTED, S.ACCEPTED, S.COORDINATING, S.HANDLING])
def test_what_is_not_answered_can_be_urged(status):
    play = urged(status)
    assert (play.state.status, play.state.urge_count) == (status, 1)
    assert (play.state.urged_at, play.state.is_urged) == (TUESDAY, True)
    assert play.events[-1].is_public


def test_what_is_suspended_can_be_urged():
    play = play_to(S.HANDLING)
    play.act(Act.REQUEST_SUSPENSION)
    play.act(Act.RULE_SUSPENSION)
    play.act(Act.URGE)
    assert play.state.is_urged


@pytest.mark.parametrize(
    "status",
    [S.SUPPLEMENTING, S.FEEDBACK, S.REVISITING, S.EVALUATING, S.ARCHIVED, S.REFUSED, S.WITHDRAWN],
)
def test_nobody_is_urged_for_what_the_offices_do_not_owe(status):
    play = play_to(status)
    assert Act.URGE not in allowed_actions(play.state, PLAYERS["applicant"])
    with pytest.raises(IllegalTransition):
        play.try_to(Act.URGE)


@pytest.mark.parametrize(
    ("ticket_class", "again"),
    [
        (C.CONSULT, "2026-06-02 15:15"),
        (C.URGENT, "2026-06-02 14:00"),
        (C.NORMAL, "2026-06-03 10:00"),
        (C.HARD, "2026-06-03 10:00"),
    ],
)
def test_the_next_urge_waits_for_the_interval_of_the_class(ticket_class, again):
    by = {"by": "coordinator"}
    play = play_to(S.SUBMITTED)
    play.act(Act.ACCEPT, Acceptance(ticket_class, "utilities"), **by)
    play.act(Act.URGE, at=TUESDAY)
    assert play.state.urge_again_at == local(again)


@pytest.mark.parametrize(
    ("kind", "again"),
    [(Kind.CONSULTATION, "2026-06-02 15:15"), (Kind.REQUEST, "2026-06-03 10:00")],
)
def test_before_acceptance_it_waits_as_the_class_it_is_presumed_to_be(kind, again):
    play = submitted(kind=kind)
    play.act(Act.URGE, at=TUESDAY)
    assert play.state.urge_again_at == local(again)


def test_an_urge_too_soon_is_refused_and_told_when_it_can_be_repeated():
    play = urged()
    play.at = local("2026-06-03 09:59")
    with pytest.raises(UrgedTooSoon) as refusal:
        play.try_to(Act.URGE)
    assert refusal.value.detail == (
        "本件已于 2026-06-02 10:00 催办，2026-06-03 10:00 起可以再次催办。"
    )
    play.act(Act.URGE, at=local("2026-06-03 10:00"))
    assert play.state.urge_count == 2
    assert play.state.urge_again_at == local("2026-06-04 10:00")


@pytest.mark.parametrize("part", ["colleague", "operator", "supervisor"])
def test_the_interval_is_that_of_the_ticket_whoever_urges(part):
    play = urged()
    with pytest.raises(UrgedTooSoon):
        play.try_to(Act.URGE, by=part)
    play.act(Act.URGE, at=local("2026-06-03 10:00"), by=part)
    assert play.state.urge_count == 2


@pytest.mark.parametrize("part", ["housekeeper", "handler", "unit_approver", "revisitor"])
def test_who_handles_it_does_not_urge(part):
    with pytest.raises(Forbidden):
        play_to(S.HANDLING).try_to(Act.URGE, by=part)


def test_an_urge_moves_no_clock_and_makes_no_version():
    play = play_to(S.HANDLING)
    clocks, version = play.state.clocks, play.state.version
    change = play.act(Act.URGE, Urge())
    assert (play.state.clocks, play.state.version) == (clocks, version)
    assert change.records == ()
    assert change.values["due_at"] == play.clock(ClockKind.FINISH).due_at


def test_an_acceptance_heeds_an_urge():
    play = urged(S.SUBMITTED)
    play.act(Act.ACCEPT)
    assert not play.state.is_urged


def test_a_report_heeds_an_urge_and_its_count_stays():
    play = urged()
    play.act(Act.REPORT_PROGRESS)
    assert (play.state.is_urged, play.state.urge_count) == (False, 1)
    assert play.state.urged_at == TUESDAY


@pytest.mark.parametrize(("called_at", "waits"), [(TUESDAY, False), (BEFORE, True)])
def test_a_call_since_heeds_it_and_one_before_does_not(called_at, waits):
    play = urged(S.SUBMITTED)
    play.act(Act.FIRST_CONTACT, FirstContact("已电话联系企业", called_at))
    assert play.state.is_urged is waits


def test_what_the_enterprise_has_to_supplement_waits_for_it():
    play = urged(S.SUBMITTED)
    play.act(Act.REQUEST_SUPPLEMENT)
    assert not play.state.is_urged


def test_the_answer_heeds_it_for_the_next_round_too():
    play = urged(S.ACCEPTED)
    play.act(Act.ANSWER_DIRECTLY)
    play.act(Act.OBJECT)
    assert (play.state.status, play.state.is_urged) == (S.COORDINATING, False)


def test_a_dispatch_does_not_heed_it():
    play = urged(S.ACCEPTED)
    play.act(Act.DISPATCH)
    assert play.state.is_urged


def test_the_enterprise_reads_its_own_words():
    assert public_facts(Act.URGE, urged().events[-1].facts) == {"reason": "设备下周进场"}
