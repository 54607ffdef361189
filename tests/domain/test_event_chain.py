"""The chain of a history, and deadlines rebuilt from it."""

import json
from dataclasses import replace
from datetime import UTC, timedelta

import pytest

from app.domain.clock_moves import ClockMove
from app.domain.disclosure import INNER_FACTS, PUBLIC_FACTS
from app.domain.event_chain import GENESIS, HASHED, event_hash, first_break
from app.domain.permissions import Permission as Act
from app.domain.replay import ClockEvent, moves_in, replay
from app.domain.sla import WrongClockState
from app.domain.vocabulary import Status
from app.domain.written import WRITTEN
from tests.domain.calendars import CALENDAR, shipped
from tests.domain.stage import LADDERS, Play, play_to, row_of
from tests.domain.story import MONDAY, PATHS

HISTORY = (Status.ARCHIVED, Status.COORDINATING, Status.SUPPLEMENTING)


def rows(play: Play) -> list[dict]:
    """The events as they come back from the database: JSON, instants in another zone."""
    return [
        {
            **row_of(event),
            "facts": json.loads(json.dumps(event.facts)),
            "at": event.at.astimezone(UTC),
        }
        for event in play.events
    ]


def found(play: Play, events: list[dict]) -> tuple[int, str] | None:
    state = play.state
    return first_break(state.number, events, seq=state.event_seq, head=state.event_head)


@pytest.mark.parametrize("status", PATHS)
def test_a_history_holds(status):
    play = play_to(status)
    assert found(play, rows(play)) is None


CHANGES = {
    "round": 2,
    "action": "withdraw",
    "from_status": "handling",
    "to_status": "handling",
    "account_id": 99,
    "actor_name": "别人",
    "role": "supervisor",
    "organisation_id": 99,
    "ip": "10.0.0.9",
    "at": MONDAY + timedelta(seconds=1),
    "is_public": False,
    "facts": {"title": "另一件事"},
}


def test_every_hashed_column_is_tried_below():
    assert set(CHANGES) | {"seq"} == set(HASHED)


@pytest.mark.parametrize("column", CHANGES)
@pytest.mark.parametrize("place", [1, 3, 9])
def test_whatever_is_changed_in_an_event_breaks_the_chain_there(column, place):
    play = play_to(Status.ARCHIVED)
    events = rows(play)
    changed = CHANGES[column]
    if events[place - 1][column] == changed:
        changed = not changed
    events[place - 1][column] = changed
    assert found(play, events) == (place, "内容与校验值不符")


def test_a_hash_that_was_computed_anew_breaks_the_chain_behind_it():
    play = play_to(Status.ARCHIVED)
    events = rows(play)
    events[2]["actor_name"] = "别人"
    body = {"number": play.state.number} | {name: events[2][name] for name in HASHED}
    events[2]["hash"] = event_hash(events[1]["hash"], body)
    assert found(play, events) == (4, "内容与校验值不符")


def test_a_missing_event_is_named():
    play = play_to(Status.ARCHIVED)
    events = rows(play)
    assert found(play, events[:3] + events[4:]) == (4, "事件缺失")


@pytest.mark.parametrize("left", [0, 5])
def test_a_history_that_was_cut_off_does_not_reach_the_ticket(left):
    play = play_to(Status.ARCHIVED)
    assert found(play, rows(play)[:left]) == (left + 1, "历史的末尾与诉求记录不符")


def test_the_history_of_one_ticket_does_not_hold_for_another():
    play = play_to(Status.ACCEPTED)
    play.state = replace(play.state, number="AS20260601-000002")
    assert found(play, rows(play)) == (1, "内容与校验值不符")


def test_the_first_hash_stands_on_nothing():
    body = {"number": "AS20260601-000001", "at": MONDAY}
    assert event_hash(GENESIS, body) == event_hash(GENESIS, body | {"at": MONDAY.astimezone(UTC)})
    assert event_hash(GENESIS, body) != event_hash(b"\1" * 32, body)


@pytest.mark.parametrize("status", PATHS)
def test_clocks_are_rebuilt_from_the_stored_facts(status):
    play = play_to(status)
    events = [
        ClockEvent(row["round"], row["at"], CALENDAR, moves_in(row["facts"])) for row in rows(play)
    ]
    keyed = {(one.round, one.kind, one.organisation_id): one for one in play.state.clocks}
    assert replay(events, shipped, LADDERS) == keyed


@pytest.mark.parametrize("status", PATHS)
def test_a_clock_move_survives_as_json(status):
    moves = [move for event in play_to(status).events for move in moves_in(event.facts)]
    assert moves
    assert [
        ClockMove.from_facts(json.loads(json.dumps(move.to_facts()))) for move in moves
    ] == moves


@pytest.mark.parametrize("left_out", [0, 1])
def test_a_replay_that_cannot_be_is_refused(left_out):
    play = play_to(Status.ACCEPTED)
    events = [ClockEvent(1, one.at, CALENDAR, moves_in(one.facts)) for one in play.events]
    wrong = [*events[1:]] if left_out == 0 else [*events, events[1]]
    with pytest.raises(LookupError if left_out == 0 else WrongClockState):
        replay(wrong, shipped, LADDERS)


def test_every_event_that_moves_a_clock_names_the_calendar():
    for event in play_to(Status.ARCHIVED).events:
        assert ("clocks" in event.facts) == (event.facts.get("calendar_version") == 1)


def test_bookkeeping_is_shown_to_nobody():
    assert {"clocks", "calendar_version", "hours_area", WRITTEN} <= INNER_FACTS
    assert not [act for act, names in PUBLIC_FACTS.items() if names & INNER_FACTS]
    assert not {Act.REMIND, Act.ISSUE_CARD} & set(PUBLIC_FACTS)
