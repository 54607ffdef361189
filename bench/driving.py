"""A closed loop: so many connections, each sends the next request when its answer was checked."""

import asyncio
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from statistics import quantiles

from bench.usage import seconds_of
from bench.wire import Answer, Connection, Request

CONNECTIONS = 8
ROTATE_AFTER = 25
"""A kept connection stays with the worker that accepted it; new ones spread the load again."""
ANSWER_SECONDS = 120
FEWEST = 3 * CONNECTIONS
"""Slow jobs get more time than was given, until there are so many."""

Check = Callable[[Answer], None]
Ask = Callable[[], tuple[Request, Check] | None]
"""The next request and the check of its answer, which raises what it finds wrong; None: no more."""
MANY = 60
"""So many jobs fill the time evenly enough to be counted by it."""


@dataclass(frozen=True, slots=True)
class Span:
    """How long to drive: seconds until things are warm, and seconds that count."""

    warm: float
    counted: float


@dataclass(frozen=True, slots=True)
class Measure:
    """What one drive gave. Times in milliseconds; `used` of the processor per job, by process."""

    jobs: int
    rate: float
    median: float
    slowest_twentieth: float
    used: Mapping[str, float]


class WrongAnswer(Exception):
    """An answer that was not what it should be: the figures would mean nothing."""


@dataclass
class _Drive:
    """One drive as it goes on; instants of the running clock."""

    port: int
    ask: Ask
    counts_from: float
    ends: float

    def __post_init__(self) -> None:
        self.lasted: list[float] = []

    async def work(self, place: int) -> None:
        """One connection's worth of requests until the end."""
        connection, used = await Connection.open(self.port), 0
        try:
            while (began := time.perf_counter()) < self.ends or len(self.lasted) < FEWEST:
                if used >= ROTATE_AFTER + place:
                    connection.close()
                    connection, used = await Connection.open(self.port), 0
                following = self.ask()
                if following is None:
                    break
                request, check = following
                sent = request.encoded()
                answer = await asyncio.wait_for(connection.ask(sent), ANSWER_SECONDS)
                ended, used = time.perf_counter(), used + 1
                check(answer)
                if began >= self.counts_from:
                    self.lasted.append(ended - began)
        finally:
            connection.close()


def drive(port: int, ask: Ask, span: Span, heads: Mapping[str, int]) -> Measure:
    """Drive a server and tell what its jobs took. Raises `WrongAnswer` at the first of them."""
    return asyncio.run(_driven(port, ask, span, heads))


async def _driven(port: int, ask: Ask, span: Span, heads: Mapping[str, int]) -> Measure:
    start = time.perf_counter() + span.warm
    drive = _Drive(port, ask, start, start + span.counted)
    workers = [asyncio.create_task(drive.work(place)) for place in range(CONNECTIONS)]
    await asyncio.sleep(span.warm)
    before = _used(heads)
    await asyncio.gather(*workers)
    wall, after = time.perf_counter() - start, _used(heads)
    return _measure(drive.lasted, wall, {name: after[name] - before[name] for name in after})


def _used(heads: Mapping[str, int]) -> dict[str, float]:
    return seconds_of(heads) | {"client": time.process_time()}


def _measure(lasted: list[float], wall: float, used: Mapping[str, float]) -> Measure:
    jobs = len(lasted)
    if jobs < 2:
        raise WrongAnswer(f"only {jobs} jobs in {wall:.1f} s")
    cuts = quantiles(lasted, n=20)
    return Measure(
        jobs=jobs,
        rate=jobs / wall if jobs >= MANY else CONNECTIONS * jobs / sum(lasted),
        median=1000 * cuts[9],
        slowest_twentieth=1000 * cuts[18],
        used={name: 1000 * seconds / jobs for name, seconds in used.items()},
    )
