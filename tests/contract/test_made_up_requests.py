"""Made-up requests by everybody to every operation: each answer is one that the document names.

Usually a part of the requests is made, each by one of those who may, in turn, always the same
ones. `make fuzz rounds=50` lets everybody ask everything, and makes up 50 times as many more, other
ones on each run.
"""

import os
from collections.abc import Iterable, Iterator
from datetime import timedelta
from itertools import islice
from random import Random
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st
from schemathesis.generation import GenerationMode

from app import clock
from app.api.openapi import document_of
from tests.applications import rolled_back
from tests.contract.asking import Counter
from tests.contract.operations import GENERATION, Operation, operations
from tests.contract.town import Asking, Town
from tests.factories import MONDAY

ROUNDS = int(os.environ.get("GUANJIA_FUZZ_ROUNDS", "1"))
IS_LONG = ROUNDS > 1
EXAMPLES = 1
EVERY = 12
"""Of the requests at bounds this one in so many is made, but in a long run."""
PARTS = 12
LATER = MONDAY + timedelta(hours=1)
BOTH = list(GenerationMode)


@pytest.fixture(scope="module")
def counter(app, platform) -> Iterator[Counter]:
    platform.reset()
    # The platform has the time of those who ask.
    platform.advance((LATER - clock.real()).total_seconds())
    with clock.frozen(LATER), rolled_back(app):
        yield Counter(Town(app, platform))
    platform.reset()


@pytest.fixture(scope="module")
def everything(app) -> list[Operation]:
    return operations(app)


@pytest.fixture(params=range(PARTS))
def some(request, everything) -> Iterable[Operation]:
    """A part of the operations, so that tests can run beside each other."""
    return islice(everything, request.param, None, PARTS)


def test_the_whole_document_is_asked(app, everything):
    paths = document_of(app)["paths"]
    said = {
        f"{method.upper()} {path}"
        for path, item in paths.items()
        for method in item.keys() - {"parameters"}
    }
    parts = [list(islice(everything, part, None, PARTS)) for part in range(PARTS)]
    assert sorted(each.label for part in parts for each in part) == sorted(said)


def test_values_at_and_beyond_their_bounds(counter, some):
    for operation in some:
        cases = operation.documented.schema.iter_coverage_cases(
            operation.documented, generation_modes=BOTH, generation_config=GENERATION
        )
        for index, case in enumerate(islice(cases, None, None, 1 if IS_LONG else EVERY)):
            chance = Random(f"{operation.label} {index}")
            for name in askers(operation, index):
                counter.ask(operation, case, counter.town.people[name], chance)


def askers(operation: Operation, index: int) -> list[str]:
    """Who asks the request of this number: in turn, and once each of those who may not."""
    if IS_LONG:
        return [*operation.may, *operation.may_not]
    in_turn = operation.may[index % len(operation.may)]
    return [in_turn, *operation.may_not[index : index + 1]]


def test_values_by_chance(counter, some, request):
    before = counter.answered
    for operation in some:
        explore(operation, counter, request.config.getoption("randomly_seed", 0))
    assert counter.answered > before


def explore(operation: Operation, counter: Counter, run: int) -> None:
    """Let Hypothesis make requests up; it shows the simplest that goes wrong."""
    people = [counter.town.people[name] for name in operation.may]
    made_up = st.one_of(*(operation.documented.as_strategy(mode) for mode in BOTH))

    @seed(run if IS_LONG else 0)
    @settings(
        max_examples=EXAMPLES * ROUNDS,
        database=None,
        phases=[Phase.generate, Phase.shrink],
        suppress_health_check=list(HealthCheck),
    )
    @given(case=made_up, who=st.sampled_from(people), chance=st.randoms(use_true_random=False))
    def anything_goes(case: Any, who: Asking, chance: Random) -> None:
        counter.ask(operation, case, who, chance)

    anything_goes()
