"""On a bad network, with clients that behave, all is as if it had gone well.

Each request arrives one to three times, late or at once or not at all, and answers get lost; the
clients repeat what they heard nothing of. `make fuzz rounds=100` has as many further networks.
"""

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import copy_context
from dataclasses import dataclass
from functools import partial
from itertools import count
from pathlib import Path
from random import Random
from typing import Any

import pytest
from flask import Flask

from app import clock
from jobs.audit_deadlines import audit_deadlines
from services.tickets import revisit_lots
from services.tickets.history import verify_histories
from tests.applications import application, on_wechat
from tests.factories import MONDAY, people, register
from tests.servers import Server
from tests.stories import whole_life
from tests.stories.ends import everything
from tests.stories.requests import Witness
from tests.stories.town import Town
from tests.stories.wires import CrowdedWire, LossyWire, PerfectWire
from tests.wechat import Phones

ROUNDS = int(os.environ.get("GUANJIA_FUZZ_ROUNDS", "0"))
FURTHER = [f"further {round_}" for round_ in range(ROUNDS)]

NUMBERS = [f"AS20260601-{place:06d}" for place in (1, 2, 3)]
HANDLED = ("dispatch", "sign_for", "sign_for", "give_opinion")
HISTORY = [
    *("submit", "first_contact", "request_supplement", "supply", "accept"),
    *(*HANDLED, "reply", "rule_reply", "reply", "countersign", "rule_reply", "receive_feedback"),
    *("record_revisit", "record_revisit"),
    *(*HANDLED, "reply", "countersign", "rule_reply", "receive_feedback"),
    *("record_revisit", "evaluate", "archive"),
]
ROWS = {
    "tickets": 3,
    "ticket_events": len(HISTORY) + 3 + 3,
    "attachments": 2,
    "supplement_requests": 1,
    "assignments": 4,
    "replies": 2,
    "revisits": 2,
    "revisit_attempts": 3,
    "evaluations": 1,
}


@dataclass(frozen=True)
class Told:
    """A story that has been told: how it ended, and what the witness saw of it."""

    end: dict[str, Any]
    witness: Witness


@dataclass(frozen=True)
class Teller:
    """Tells the story on a database of its own, beginning at the same moment each time."""

    server: Server
    platform: Phones
    home: Path

    def tell(self, lay_wire: Callable[[Flask], PerfectWire]) -> Told:
        """The story over the network that `lay_wire` puts before an application."""
        return copy_context().run(self._tell, lay_wire)

    def _tell(self, lay_wire: Callable[[Flask], PerfectWire]) -> Told:
        with self._begun() as app:
            wire = lay_wire(app)
            town = Town(app, self.platform, wire)
            whole_life.tell(town)
            check_sound()
            return Told(everything(town), wire.witness)

    @contextmanager
    def _begun(self) -> Iterator[Flask]:
        self.platform.reset()
        told = on_wechat(self.platform.base)
        with (
            nothing_by_chance(),
            self.server.clone() as url,
            application(url, self.home, **told) as app,
            app.app_context(),
            clock.frozen(MONDAY),
        ):
            yield app


@contextmanager
def nothing_by_chance() -> Iterator[None]:
    """Names are counted, from one in each telling; and every seed of the lots is the same."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(revisit_lots, "token_bytes", bytes)
        for module in (people, register):
            patch.setattr(module, "_numbers", count(1))
        yield


def check_sound() -> None:
    """The histories hold, and the deadlines are what the events give."""
    assert [verdict for verdict in verify_histories() if verdict.broken_seq is not None] == []
    assert audit_deadlines().failures == 0


@pytest.fixture(scope="module")
def teller(server, platform, tmp_path_factory) -> Teller:
    return Teller(server, platform, tmp_path_factory.mktemp("stories"))


@pytest.fixture(scope="module")
def good(teller) -> Told:
    """The story as it goes on a good network."""
    return teller.tell(PerfectWire)


@pytest.fixture
def chance(request, seed) -> Random:
    """The chances of a network. Further ones differ from run to run, by the seed of the run."""
    run = f"{request.config.getoption('randomly_seed')}:" if seed in FURTHER else ""
    print(f"the chances of this network: Random({run + seed!r})")  # noqa: T201  # shown on failure
    return Random(run + seed)


def check_the_same(bad: Told, good: Told) -> None:
    """Nothing doubled, nothing lost, wherever one looks."""
    assert bad.end.keys() == good.end.keys()
    for place in good.end:
        assert bad.end[place] == good.end[place], place
    assert set(bad.witness.performed) == set(good.witness.performed)


def test_on_a_good_network_the_story_is_whole(good):
    shown = [good.end[f"/tickets/{number} as the coordinator sees it"] for number in NUMBERS]
    ends = [(ticket["status"], ticket["round"]) for ticket in shown]
    assert ends == [("archived", 2), ("refused", 1), ("withdrawn", 1)]
    told = good.end[f"/tickets/{NUMBERS[0]}/events?limit=100 as the coordinator sees it"]["items"]
    assert [event["action"] for event in told] == HISTORY
    assert {table: good.end[table].total() for table in ROWS} == ROWS
    assert good.end["idempotency_keys"].total() == len(good.witness.performed)
    assert good.witness.replays == 0


@pytest.mark.parametrize("seed", ["rain", "snow", *FURTHER])
def test_nothing_is_doubled_and_nothing_lost(teller, good, chance):
    bad = teller.tell(partial(LossyWire, chance=chance))
    check_the_same(bad, good)
    assert bad.witness.replays > len(bad.witness.performed)
    assert bad.witness.stale > good.witness.stale


@pytest.mark.parametrize("seed", ["thunder", *FURTHER])
def test_nor_when_copies_arrive_at_the_same_moment(teller, good, chance):
    bad = teller.tell(partial(CrowdedWire, chance=chance))
    check_the_same(bad, good)
    assert bad.witness.replays + bad.witness.in_flight > len(bad.witness.performed)
