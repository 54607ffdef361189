"""`python -m bench.case_files`: how long the case file of a long ticket takes on paper."""

import argparse
import logging
import sys
import time
from collections.abc import Callable, Sequence
from functools import partial
from statistics import median
from typing import Any, TypeVar

from app import clock
from app.db import db, transaction
from app.domain.actor import Actor, Role, system
from app.domain.facts.handover import HandedOver
from app.domain.facts.intake import Submission
from app.domain.permissions import Permission
from bench.city import Values, read_city
from bench.places import database_server, folder, product_environment
from bench.preparing import CITY, application, on, prepare_city
from services.case_files import signing
from services.case_files.content import take
from services.case_files.printing import print_case_file
from services.tickets.intake import submit
from services.tickets.perform import Command, perform

GOAL_SECONDS = 2.0
KEY = b"b" * 32
BODY = "新生产线投产需要增加用电容量，供电部门尚未答复，已影响订单交付，请协调。" * 20

Made = TypeVar("Made")


def main() -> int:
    """Make the ticket, take and print its case file in turn, say how long it took."""
    parser = argparse.ArgumentParser(prog="bench.case_files", description=__doc__)
    parser.add_argument("--events", type=int, default=60, help="经过的条数")
    parser.add_argument("--rounds", type=int, default=10, help="测几次")
    given = parser.parse_args()
    logging.disable(logging.WARNING)
    with folder(None) as home, database_server(home) as server:
        environ = product_environment(home, server.url(CITY))
        prepare_city(server, environ)
        with server.open(CITY) as connection:
            place = read_city(connection).enterprises[0]
        with application(on(environ, server, CITY)):
            number = long_ticket(place, given.events)
            print("\n".join(measured(reader_of(place), number, given.rounds)), flush=True)
    return 0


def long_ticket(place: Values, events: int) -> str:
    """The number of a ticket with so many events."""
    applicant = Actor(
        Role.ENTERPRISE_ADMIN,
        place["applicant_name"],
        place["applicant"],
        place["applicant_seat"],
        enterprise_id=place["enterprise"],
    )
    with transaction():
        number = submit(applicant, Submission("厂区用电增容", BODY), "AS", at=clock.now()).number
    moved = HandedOver(housekeeper_id=place["housekeeper"], handover_id=1)
    for _ in range(events - 1):
        with transaction():
            command = Command(number, Permission.HAND_OVER, moved)
            perform(system("移交"), command, at=clock.now())
    return number


def reader_of(place: Values) -> Actor:
    """A coordinator of the whole city."""
    name, seat = place["coordinator_name"], place["coordinator_seat"]
    return Actor(Role.COORDINATOR, name, place["coordinator"], seat, area_prefix="2103")


def measured(reader: Actor, number: str, rounds: int) -> list[str]:
    """A line for each part: median and worst, of the clock and of the processor."""
    taken: list[tuple[float, float]] = []
    printed: list[tuple[float, float]] = []
    for _ in range(rounds):
        content = _timed(partial(take, reader, number, at=clock.now()), taken)
        db.session.rollback()
        signed: dict[str, Any] = signing.sign(content, KEY)
        _timed(partial(print_case_file, signed), printed)
    both = [
        (one + two, own + other) for (one, own), (two, other) in zip(taken, printed, strict=True)
    ]
    return [_line("take", taken), _line("print", printed), _line("both", both), _verdict(both)]


def _timed(work: Callable[[], Made], times: list[tuple[float, float]]) -> Made:
    began, worked = time.perf_counter(), time.process_time()
    made = work()
    times.append((time.perf_counter() - began, time.process_time() - worked))
    return made


def _line(name: str, times: Sequence[tuple[float, float]]) -> str:
    seconds, processor = zip(*times, strict=True)
    return (
        f"| {name} | {median(seconds):.2f} | {max(seconds):.2f}"
        f" | {median(processor):.2f} | {max(processor):.2f} |"
    )


def _verdict(times: Sequence[tuple[float, float]]) -> str:
    """By processor: the clock also tells of whoever else uses the machine."""
    worst = max(processor for _, processor in times)
    share = worst / GOAL_SECONDS
    return f"worst by processor {share:.0%} of {GOAL_SECONDS:g} s {'✓' if share <= 1 else '✗'}"


if __name__ == "__main__":
    sys.exit(main())
