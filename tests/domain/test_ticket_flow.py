"""Who may do what when: the order of refusals, and `allowed_actions` as the same answer."""

from collections.abc import Callable
from typing import Any

import pytest

from app.domain.errors import DomainError, Forbidden, IllegalTransition
from app.domain.facts.acceptance import RefusalRuling
from app.domain.facts.aftercare import Rating
from app.domain.facts.rectification import ReviewVerdict
from app.domain.facts.warnings import CardIssue, Reminding
from app.domain.permissions import Permission as Act
from app.domain.permissions import may
from app.domain.rating import Verdict
from app.domain.sla_clock import ClockKind, Rung
from app.domain.ticket_flow import allowed_actions
from app.domain.transitions import TRANSITIONS
from app.domain.vocabulary import FINAL, Status
from tests.domain.stage import PLAYERS, Play, play_to, submitted
from tests.domain.story import PATHS, SECOND_NOTICE

S = Status
WARNINGS = {
    Act.REMIND: Reminding(ClockKind.FINISH),
    Act.ISSUE_CARD: CardIssue(ClockKind.FINISH, Rung.YELLOW),
}


def after(*actions: Act, status: Status = S.SUBMITTED, **given: Any) -> Callable[[], Play]:
    """A situation: `actions` taken from `status`, with the facts `given` for them by name."""

    def make() -> Play:
        play = play_to(status)
        for action in actions:
            play.act(action, given.get(action.value))
        return play

    return make


def rated_badly(verdict: ReviewVerdict | None = None) -> Callable[[], Play]:
    """A bad rating, and perhaps what was found of it."""

    def make() -> Play:
        play = play_to(S.EVALUATING)
        play.act(Act.EVALUATE, Rating(1))
        if verdict:
            play.act(Act.VERIFY_REVIEW, verdict)
        return play

    return make


SITUATIONS = {
    **{status.value: after(status=status) for status in PATHS},
    "refusal pending": after(Act.PROPOSE_REFUSAL),
    "contacted": after(Act.FIRST_CONTACT),
    "contact confirmed": after(Act.FIRST_CONTACT, Act.CONFIRM_CONTACT),
    "supplied": after(Act.SUPPLY, status=S.SUPPLEMENTING),
    "asked twice": after(
        *(Act.SUPPLY, Act.REQUEST_SUPPLEMENT, Act.SUPPLY),
        status=S.SUPPLEMENTING,
        request_supplement=SECOND_NOTICE,
    ),
    "signed": after(Act.SIGN_FOR, status=S.HANDLING),
    "opinion given": after(Act.GIVE_OPINION, status=S.HANDLING),
    "reply drafted": after(Act.REPLY, status=S.HANDLING),
    "to countersign": after(Act.GIVE_OPINION, Act.REPLY, status=S.HANDLING),
    "ready to release": after(Act.GIVE_OPINION, Act.REPLY, Act.COUNTERSIGN, status=S.HANDLING),
    "return asked": after(Act.REQUEST_RETURN, status=S.HANDLING),
    "return consented": after(Act.REQUEST_RETURN, Act.CONSENT_RETURN, status=S.HANDLING),
    "lead returned": after(
        Act.REQUEST_RETURN, Act.CONSENT_RETURN, Act.RULE_RETURN, status=S.HANDLING
    ),
    "convened": after(Act.CONVENE, status=S.HANDLING),
    "rated": after(Act.EVALUATE, status=S.EVALUATING),
    "changed rating": after(Act.EVALUATE, Act.EVALUATE, status=S.EVALUATING),
    "rated badly": rated_badly(),
    "to be set aside": rated_badly(ReviewVerdict(Verdict.SET_ASIDE, "评价对象有误")),
    "verified": rated_badly(ReviewVerdict(Verdict.FIXED, "已补办")),
    "second round handled": after(Act.DISPATCH, status=S.COORDINATING),
}


def is_open(play: Play, action: Act, part: str) -> bool:
    """Whether `decide` lets the part take the action, if its facts are right."""
    try:
        play.try_to(action, WARNINGS.get(action), by=part)
    except (Forbidden, IllegalTransition):
        return False
    except DomainError:
        return True  # the facts are at fault, or it is too early: not the person, not the state
    return True


@pytest.mark.parametrize("situation", SITUATIONS)
def test_allowed_actions_are_those_that_decide_accepts(situation):
    for part, player in PLAYERS.items():
        play = SITUATIONS[situation]()
        accepted = [row.action.value for row in TRANSITIONS if is_open(play, row.action, part)]
        assert allowed_actions(play.state, player) == accepted, part


AT_ANY_TIME = {Act.REQUEST_PURGE}


def test_something_is_open_to_somebody_in_every_open_situation():
    for name, make in SITUATIONS.items():
        state = make().state
        is_over = state.status in FINAL
        open_to = {each for actor in PLAYERS.values() for each in allowed_actions(state, actor)}
        assert bool(open_to - AT_ANY_TIME) is not is_over, name


@pytest.mark.parametrize(
    ("part", "action"),
    [
        ("applicant", Act.ACCEPT),
        ("applicant", Act.DISPATCH),
        ("applicant", Act.ARCHIVE),
        ("housekeeper", Act.RULE_REFUSAL),
        ("housekeeper", Act.SUPPLY),
        ("housekeeper", Act.EVALUATE),
        ("operator", Act.ACCEPT),
        ("handler", Act.RULE_REPLY),
        ("unit_approver", Act.REPLY),
        ("co_handler", Act.REPLY),
        ("revisitor", Act.EVALUATE),
        ("coordinator", Act.RECORD_REVISIT),
        ("coordinator", Act.REMIND),
        ("coordinator", Act.ISSUE_CARD),
        ("supervisor", Act.ACCEPT),
        ("lay_supervisor", Act.ACCEPT),
        ("sys_admin", Act.ACCEPT),
        ("auditor", Act.WITHDRAW),
        ("system", Act.ACCEPT),
    ],
)
def test_a_role_without_the_right_is_forbidden_in_any_state(part, action):
    assert not may(PLAYERS[part], action)
    for make in SITUATIONS.values():
        with pytest.raises(Forbidden):
            make().try_to(action, WARNINGS.get(action), by=part)


@pytest.mark.parametrize(
    ("situation", "action", "part"),
    [
        ("refusal pending", Act.RULE_REFUSAL, "coordinator"),  # proposed it
        ("handling", Act.REPLY, "co_unit_handler"),  # its unit only helps
        ("handling", Act.GIVE_OPINION, "handler"),  # its unit leads
        ("revisiting", Act.RECORD_REVISIT, "supervisor"),
    ],
)
def test_who_may_not_do_it_to_this_ticket_is_forbidden(situation, action, part):
    play = SITUATIONS[situation]()
    if part == "supervisor":
        play = play_to(S.SUBMITTED)
        play.act(Act.PROPOSE_REFUSAL)
        play.act(Act.RULE_REFUSAL, RefusalRuling(approved=False), by="supervisor")
        for step in PATHS[S.REVISITING]:
            play.act(step)
    with pytest.raises(Forbidden):
        play.try_to(action, by=part)


@pytest.mark.parametrize(
    ("situation", "action"),
    [
        ("accepted", Act.ACCEPT),
        ("submitted", Act.DISPATCH),
        ("submitted", Act.RULE_REFUSAL),
        ("submitted", Act.SUPPLY),
        ("refusal pending", Act.ACCEPT),
        ("refusal pending", Act.PROPOSE_REFUSAL),
        ("refusal pending", Act.REQUEST_SUPPLEMENT),
        ("asked twice", Act.REQUEST_SUPPLEMENT),
        ("contacted", Act.FIRST_CONTACT),
        ("submitted", Act.CONFIRM_CONTACT),
        ("contact confirmed", Act.CONFIRM_CONTACT),
        ("supplementing", Act.ACCEPT),
        ("signed", Act.SIGN_FOR),
        ("reply drafted", Act.REPLY),
        ("opinion given", Act.GIVE_OPINION),
        ("opinion given", Act.COUNTERSIGN),
        ("reply drafted", Act.COUNTERSIGN),
        ("ready to release", Act.COUNTERSIGN),
        ("handling", Act.RULE_REPLY),
        ("return asked", Act.REQUEST_RETURN),
        ("reply drafted", Act.REQUEST_RETURN),
        ("handling", Act.CONSENT_RETURN),
        ("return consented", Act.CONSENT_RETURN),
        ("return consented", Act.REQUEST_RETURN),
        ("return asked", Act.RULE_RETURN),
        ("handling", Act.CONCLUDE_CONSULTATION),
        ("convened", Act.CONVENE),
        ("handling", Act.DISPATCH),
        ("handling", Act.ANSWER_DIRECTLY),
        ("feedback", Act.WITHDRAW),
        ("feedback", Act.RECORD_REVISIT),
        ("revisiting", Act.EVALUATE),
        ("changed rating", Act.EVALUATE),
        ("rated", Act.VERIFY_REVIEW),
        ("rated badly", Act.RULE_SET_ASIDE),
        ("to be set aside", Act.VERIFY_REVIEW),
        ("archived", Act.OBJECT),
        ("archived", Act.EVALUATE),
        ("archived", Act.ARCHIVE),
        ("withdrawn", Act.WITHDRAW),
        ("refused", Act.ACCEPT),
    ],
)
def test_an_action_out_of_its_state_is_illegal(situation, action):
    play = SITUATIONS[situation]()
    with pytest.raises(IllegalTransition) as refusal:
        play.try_to(action)
    assert refusal.value.status == play.state.status
    assert refusal.value.action == action


def test_an_illegal_action_names_what_is_allowed():
    play = submitted()
    with pytest.raises(IllegalTransition) as refusal:
        play.try_to(Act.DISPATCH, by="housekeeper")
    assert refusal.value.allowed == (
        "first_contact",
        "accept",
        "propose_refusal",
        "request_supplement",
        "merge",
        "comment",
        "request_purge",
    )


def test_a_stranger_learns_that_it_is_not_his_before_the_state_is_judged():
    play = play_to(S.ARCHIVED)
    with pytest.raises(Forbidden):
        play.try_to(Act.ACCEPT, by="handler")
