"""Whoever does whatever in whatever order, in memory: what must hold after every step.

A few dozen lives, always the same ones; `make fuzz rounds=50` plays 50 times as many others.
"""

import os
from dataclasses import replace
from datetime import timedelta
from random import Random
from typing import Any

from hypothesis import HealthCheck, Phase, note, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule

from app.domain.actor import Actor
from app.domain.audience import addresses
from app.domain.clock_moves import ClockBoard, ClockKey
from app.domain.errors import Forbidden, IllegalTransition, InvalidInput, Refused
from app.domain.event_chain import first_break
from app.domain.facts.intake import Complained
from app.domain.permissions import Permission as Act
from app.domain.replay import moves_in
from app.domain.rules import MEANINGS
from app.domain.sla_clock import Clock
from app.domain.ticket_flow import allowed_actions
from app.domain.ticket_records import Record
from app.domain.ticket_state import Change
from app.domain.transitions import TRANSITIONS
from app.domain.written import digest, name_of, texts_of, unexplained
from tests.domain import invariants
from tests.domain.calendars import CALENDAR, shipped
from tests.domain.model import EVERYTHING, RARE, SILENT, STRAIGHT, WARNINGS, Scene, choices
from tests.domain.stage import CO, LADDERS, LEAD, PLAYERS, RULES, Play, row_of, ruled_by, submitted

ROUNDS = int(os.environ.get("GUANJIA_FUZZ_ROUNDS", "1"))
LIVES, STEPS = 60, 20
THIRD, STRANGE = 15, 16

PEOPLE: dict[str, Actor] = PLAYERS | {
    f"{name}_{role}": replace(
        PLAYERS[role], name=name, account_id=number + unit, organisation_id=unit
    )
    for name, unit in (("third", THIRD), ("strange", STRANGE))
    for number, role in enumerate(("handler", "unit_approver", "co_handler"), start=30)
}
"""The cast, the people of a third unit that a ticket may come to, and those of one that never."""

UNVERSIONED = {row.action for row in TRANSITIONS if not row.is_new_version}
JOBS = frozenset({*WARNINGS, Act.ARCHIVE, Act.LAPSE_SUPPLEMENT})
WISHES = (*(3 * [STRAIGHT]), *(6 * [EVERYTHING - RARE]), EVERYTHING - WARNINGS)
"""What people have in mind: to go on, something that comes between, seldom what ends it all."""

AT_ONCE = 3
PARTS = sorted(PEOPLE)
CHANCE = st.integers(0, 2**32).map(Random)
SOON = (0, 1, 45, 300)
LATER = st.sampled_from([600, 1_500, 5_000, 30_000])
"""Minutes: between two steps, and when nobody does anything."""

COMPLAINTS = st.sampled_from([Complained(), Complained(), Complained(organisation_ids=(THIRD,))])
NUMBERS = st.fixed_dictionaries(
    {
        each.value: st.sampled_from([RULES[each], meaning.lowest, meaning.lowest + 1])
        for each, meaning in MEANINGS.items()
    }
)
"""What an administrator may have set: as shipped, or little of it."""


class Life(RuleBasedStateMachine):
    """One ticket, and everybody who has or has not to do with it."""

    play: Play

    @initialize(complaint=COMPLAINTS, is_anonymous=st.booleans(), numbers=NUMBERS)
    def begin(self, complaint: Complained, is_anonymous: bool, numbers: dict[str, int]) -> None:
        terms = ruled_by(**numbers)
        self.play = submitted(terms=terms, complains_of=complaint, is_anonymous=is_anonymous)
        [change] = self.play.changes
        self.row: dict[str, Any] = {}
        self.records: dict[str, Record] = {}
        self.clocks: dict[ClockKey, Clock] = {}
        self.put_down(change)

    @rule(chance=CHANCE)
    def people_act(self, chance: Random) -> None:
        """A few steps, one soon after the other."""
        for _ in range(AT_ONCE):
            self.some_of(chance.choice(WISHES), chance)

    @rule(minutes=LATER, chance=CHANCE)
    def time_passes(self, minutes: int, chance: Random) -> None:
        """Nobody does anything; then the scheduler does what it finds to do, and people go on."""
        self.play.at += timedelta(minutes=minutes)
        self.some_of(JOBS, chance)
        self.people_act(chance)

    @rule(chance=CHANCE)
    def somebody_tries(self, chance: Random) -> None:
        """Anything, by anybody."""
        for _ in range(AT_ONCE):
            self.step(chance.choice(PARTS), chance.choice(sorted(EVERYTHING)), chance)
        self.people_act(chance)

    @rule(part=st.sampled_from(PARTS), chance=CHANCE)
    def what_is_offered_works_and_nothing_else(self, part: str, chance: Random) -> None:
        offered = allowed_actions(self.play.state, PEOPLE[part])
        assert offered == [row.action for row in TRANSITIONS if self.may(part, row.action)]
        self.people_act(chance)

    def may(self, part: str, action: Act) -> bool:
        """Whether it is neither the wrong person nor the wrong moment."""
        found = choices(action, self.scene(part))
        try:
            self.play.try_to(action, found[0], by=PEOPLE[part])
        except (Forbidden, IllegalTransition):
            return False
        except (InvalidInput, Refused):
            return True
        return True

    def some_of(self, actions: frozenset[Act], chance: Random) -> None:
        """One of `actions` that is open to somebody, by one of those to whom it is."""
        offered: dict[str, list[str]] = {}
        for part, actor in PEOPLE.items():
            for action in actions.intersection(allowed_actions(self.play.state, actor)):
                offered.setdefault(action, []).append(part)
        if offered:
            chosen = chance.choice(sorted(offered))
            self.step(chance.choice(offered[chosen]), Act(chosen), chance)

    def step(self, part: str, action: Act, chance: Random) -> None:
        """What is refused must not have been offered, or not with these facts."""
        play = self.play
        play.at += timedelta(minutes=chance.choice(SOON))
        is_offered = action.value in allowed_actions(play.state, PEOPLE[part])
        facts = chance.choice(choices(action, self.scene(part)))
        try:
            change = play.act(action, facts, by=PEOPLE[part], at=play.at)
        except (Forbidden, IllegalTransition):
            assert not is_offered
            return
        except (InvalidInput, Refused):
            assert is_offered
            return
        note(f"{play.at:%m-%d %H:%M} {part}: {facts!r}")
        assert is_offered
        self.put_down(change)
        self.check(change)

    def scene(self, part: str) -> Scene:
        return Scene(self.play.state, PEOPLE[part], self.play.at, (LEAD, CO, THIRD))

    def put_down(self, change: Change) -> None:
        """The columns and records as they were written, the clocks as the event gives them."""
        self.row |= change.values
        self.records |= {name_of(one): one for one in change.records if not isinstance(one, Clock)}
        event = change.event
        board = ClockBoard(self.clocks, event.round, CALENDAR, shipped, LADDERS)
        self.clocks |= board.apply(moves_in(event.facts), at=event.at)

    def check(self, change: Change) -> None:
        """What holds after every change."""
        state = self.play.state
        assert self.clocks == {(c.round, c.kind, c.organisation_id): c for c in state.clocks}
        invariants.check_status(self.row)
        invariants.check_mirror(state, self.row)
        invariants.check_matters(state)
        invariants.check_clocks(state)
        invariants.check_people(state)
        invariants.check_rating(state)
        invariants.check_numbers(state)
        invariants.check_transfer(state)
        invariants.check_words(state, change.event.facts)
        is_told = bool(addresses(Act(change.event.action), change.outcome))
        assert is_told is not ((change.event.action, change.outcome) in SILENT)
        if change.event.action == Act.RECORD_REVISIT:
            assert change.event.actor.account_id not in state.handler_account_ids

    def teardown(self) -> None:
        if hasattr(self, "play"):
            self.check_history()

    def check_history(self) -> None:
        """The whole history holds, and accounts for all that was written."""
        state, rows = self.play.state, [row_of(event) for event in self.play.events]
        assert first_break(state.number, rows, seq=state.event_seq, head=state.event_head) is None
        assert state.event_seq == len(rows)
        assert state.version == sum(row["action"] not in UNVERSIONED for row in rows)
        texts = texts_of(self.row, self.records.values())
        stored = {name: digest(text) for name, text in texts.items()}
        assert not list(unexplained(rows, stored))


Life.TestCase.settings = settings(
    max_examples=LIVES * ROUNDS,
    stateful_step_count=STEPS,
    derandomize=ROUNDS == 1,
    database=None,
    deadline=None,
    phases=(Phase.generate,),
    suppress_health_check=list(HealthCheck),
)
TestLife = Life.TestCase
