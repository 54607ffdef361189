"""The transition table: what leads where. One line of the table below for each line of the real."""

import pytest

from app.domain.actor import Role
from app.domain.facts.acceptance import RefusalRuling
from app.domain.facts.aftercare import Rating
from app.domain.facts.handling import Approval
from app.domain.facts.warnings import CardIssue
from app.domain.permissions import GRANTS
from app.domain.permissions import Permission as Act
from app.domain.sla_clock import ClockKind, Rung
from app.domain.transitions import TRANSITIONS
from app.domain.vocabulary import FINAL, STEP_OF, ResultCode, Status
from tests.domain.calendars import local
from tests.domain.stage import CO, LEAD, play_to, submitted
from tests.domain.story import PATHS, SOLVED, UNREACHED, UNSOLVED

LATER = frozenset({Status.MERGED})
"""To be merged takes another ticket (test_merging)."""
AFTERWARDS = {
    Status.WITHDRAWN: {Act.RECORD_PRESSURE_CHECK},
    Status.MERGED: {Act.UNMERGE, Act.FOLLOW_PARENT, Act.FORWARD_ANSWER, Act.EVALUATE},
}
"""What is still done about tickets that have ended."""
PURGING = {Act.REQUEST_PURGE, Act.RULE_PURGE}
"""Files are purged wherever a ticket stands."""

S = Status
REFUSED = RefusalRuling(approved=False)
RETURNED = Approval(approved=False, note="请补充依据")
OVERDUE = CardIssue(ClockKind.ACCEPT, Rung.RED)
AFTER_LIMIT = local("2026-06-05 10:00")


@pytest.mark.parametrize("status", PATHS)
def test_every_status_is_reached(status):
    state = play_to(status).state
    assert state.status is status
    assert state.step is STEP_OF.get(status, state.step)


def test_the_paths_cover_all_statuses_that_actions_lead_to():
    assert set(PATHS) == set(Status) - LATER
    targets = {row.target for row in TRANSITIONS if row.target}
    assert targets <= set(PATHS)


@pytest.mark.parametrize("status", sorted(set(Status) - LATER - FINAL))
def test_no_open_status_is_a_dead_end(status):
    leading_on = [
        row
        for row in TRANSITIONS
        if status in row.sources and row.target not in (None, status) and GRANTS[row.action]
    ]
    moved = leading_on or status in (S.FEEDBACK, S.REVISITING)  # there the decision says where
    assert moved, f"nothing leads on from {status}"


@pytest.mark.parametrize("status", sorted(FINAL | LATER))
def test_nothing_leads_out_of_the_ends(status):
    found = [row for row in TRANSITIONS if status in row.sources]
    assert all(row.target is None for row in found)
    assert {row.action for row in found} == AFTERWARDS.get(status, set()) | PURGING


def test_each_action_stands_once_in_the_table():
    actions = [row.action for row in TRANSITIONS]
    assert len(set(actions)) == len(actions)
    assert all(row.sources for row in TRANSITIONS)


@pytest.mark.parametrize(
    ("start", "action", "given", "end", "outcome"),
    [
        (S.SUBMITTED, Act.FIRST_CONTACT, None, S.SUBMITTED, None),
        (S.SUPPLEMENTING, Act.FIRST_CONTACT, None, S.SUPPLEMENTING, None),
        (S.HANDLING, Act.FIRST_CONTACT, None, S.HANDLING, None),
        (S.SUBMITTED, Act.ACCEPT, None, S.ACCEPTED, None),
        (S.SUBMITTED, Act.PROPOSE_REFUSAL, None, S.SUBMITTED, None),
        (S.SUBMITTED, Act.REQUEST_SUPPLEMENT, None, S.SUPPLEMENTING, None),
        (S.SUPPLEMENTING, Act.SUPPLY, None, S.SUBMITTED, None),
        (S.SUBMITTED, Act.WITHDRAW, None, S.WITHDRAWN, None),
        (S.SUPPLEMENTING, Act.WITHDRAW, None, S.WITHDRAWN, None),
        (S.ACCEPTED, Act.WITHDRAW, None, S.WITHDRAWN, None),
        (S.COORDINATING, Act.WITHDRAW, None, S.WITHDRAWN, None),
        (S.HANDLING, Act.WITHDRAW, None, S.WITHDRAWN, None),
        (S.ACCEPTED, Act.DISPATCH, None, S.HANDLING, None),
        (S.COORDINATING, Act.DISPATCH, None, S.HANDLING, None),
        (S.HANDLING, Act.SIGN_FOR, None, S.HANDLING, None),
        (S.HANDLING, Act.GIVE_OPINION, None, S.HANDLING, None),
        (S.HANDLING, Act.REPLY, None, S.HANDLING, None),
        (S.ACCEPTED, Act.ANSWER_DIRECTLY, None, S.FEEDBACK, None),
        (S.COORDINATING, Act.ANSWER_DIRECTLY, None, S.FEEDBACK, None),
        (S.FEEDBACK, Act.RECEIVE_FEEDBACK, None, S.REVISITING, None),
        (S.REVISITING, Act.RECORD_REVISIT, SOLVED, S.EVALUATING, "solved"),
        (S.REVISITING, Act.RECORD_REVISIT, UNSOLVED, S.COORDINATING, "unsolved"),
        (S.REVISITING, Act.RECORD_REVISIT, UNREACHED, S.REVISITING, "attempted"),
        (S.EVALUATING, Act.EVALUATE, Rating(3), S.EVALUATING, "good"),
        (S.EVALUATING, Act.EVALUATE, Rating(2), S.EVALUATING, "bad"),
    ],
)
def test_what_an_action_leads_to(start, action, given, end, outcome):
    play = play_to(start)
    change = play.act(action, given)
    assert (play.state.status, change.outcome) == (end, outcome)
    assert (change.event.from_status, change.event.to_status) == (start, end)
    assert play.state.version == play.state.event_seq == len(play.events)


@pytest.mark.parametrize(
    ("ruling", "end", "outcome", "is_public"),
    [(None, S.REFUSED, "approved", True), (REFUSED, S.SUBMITTED, "rejected", False)],
)
def test_what_a_ruling_on_a_refusal_leads_to(ruling, end, outcome, is_public):
    play = submitted()
    play.act(Act.PROPOSE_REFUSAL)
    change = play.act(Act.RULE_REFUSAL, ruling)
    assert (play.state.status, change.outcome, change.event.is_public) == (end, outcome, is_public)


@pytest.mark.parametrize(
    ("ruling", "end", "outcome", "is_public"),
    [(None, S.FEEDBACK, "released", True), (RETURNED, S.HANDLING, "returned", False)],
)
def test_what_a_ruling_on_a_reply_leads_to(ruling, end, outcome, is_public):
    play = play_to(S.HANDLING)
    play.act(Act.GIVE_OPINION)
    play.act(Act.REPLY)
    play.act(Act.COUNTERSIGN)
    change = play.act(Act.RULE_REPLY, ruling)
    assert (play.state.status, change.outcome, change.event.is_public) == (end, outcome, is_public)


def test_what_a_card_leads_to():
    play = submitted()
    change = play.act(Act.ISSUE_CARD, OVERDUE, at=AFTER_LIMIT)
    assert (play.state.status, change.outcome, change.event.is_public) == (
        S.SUBMITTED,
        "red",
        False,
    )


@pytest.mark.parametrize(
    ("path", "at", "outcome"),
    [((Act.EVALUATE,), None, "rated"), ((), local("2026-07-01 10:00"), "unrated")],
)
def test_what_archiving_leads_to(path, at, outcome):
    play = play_to(S.EVALUATING)
    for action in path:
        play.act(action)
    change = play.act(Act.ARCHIVE, at=at)
    assert (play.state.status, change.outcome) == (S.ARCHIVED, outcome)


@pytest.mark.parametrize(
    ("action", "is_public"),
    [
        (Act.ACCEPT, True),
        (Act.PROPOSE_REFUSAL, False),
        (Act.REQUEST_SUPPLEMENT, True),
        (Act.WITHDRAW, True),
        (Act.FIRST_CONTACT, True),
    ],
)
def test_what_the_enterprise_may_read_of(action, is_public):
    assert submitted().act(action).event.is_public is is_public


def test_opinions_and_drafts_stay_inside():
    play = play_to(S.HANDLING)
    assert not play.act(Act.GIVE_OPINION).event.is_public
    assert not play.act(Act.REPLY).event.is_public
    assert not play_to(S.REVISITING).act(Act.RECORD_REVISIT).event.is_public


def test_who_acted_counts_as_handler_once():
    play = play_to(S.HANDLING)
    for action in (Act.SIGN_FOR, Act.REPLY):
        play.act(action)
    accounts = play.state.handler_account_ids
    assert len(set(accounts)) == len(accounts) == 3
    assert play.state.handler_organisation_ids == (LEAD, CO)


def test_neither_the_enterprise_nor_a_job_is_a_handler():
    play = play_to(S.SUPPLEMENTING)
    handlers = play.state.handler_account_ids
    play.act(Act.SUPPLY)
    play.act(Act.ISSUE_CARD, OVERDUE, at=local("2026-06-20 10:00"))
    assert play.state.handler_account_ids == handlers


def test_only_jobs_archive_remind_and_issue_cards():
    for action in (Act.ARCHIVE, Act.REMIND, Act.ISSUE_CARD):
        assert set(GRANTS[action]) == {Role.SYSTEM}


def test_a_direct_answer_is_released_at_once():
    play = play_to(S.ACCEPTED)
    change = play.act(Act.ANSWER_DIRECTLY)
    assert play.state.reply is not None
    assert play.state.reply.released_at == change.values["completed_at"] == play.at
    assert change.values["result_code"] is ResultCode.SOLVED
