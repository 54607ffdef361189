"""Every change: what asks for a version and answers the next one, what takes a key and when."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Any

import pytest

from app import clock
from app.db import db
from app.models.operation import IdempotencyKey
from tests.api.ceilings import CEILINGS
from tests.api.every_route import Stop, walk
from tests.api.fitting import IN_TIME, LATER, made_fit
from tests.api.rights.world import World
from tests.applications import rolled_back
from tests.callers import API
from tests.problems import refused
from tests.statements import heard

OF_A_TICKET = re.compile(
    rf"{API}/(tickets/<number:number>|assignments/<id:assignment_id>)/"
    r"(?!(?:reveal|inspection|resubmission|comments|case-file\.(?:json|pdf))$).+"
)
"""What changes a ticket: a comment is added to whatever has become of it."""


SAME_VERSION = ("/urge",)
"""What it changes nobody decides by."""


@dataclass
class Scene:
    world: World
    stops: list[Stop]


@pytest.fixture(scope="module")
def scene(app) -> Iterator[Scene]:
    with rolled_back(app), clock.frozen(LATER):
        world = World()
        yield Scene(world, list(walk(app, world)))


@pytest.fixture(scope="module")
def keyed(scene) -> list[Stop]:
    return [stop for stop in scene.stops if stop.marks.takes_key]


def account_of(stop: Stop) -> int:
    """Who asks on this walk."""
    answer = replace(stop, method="GET", path=f"{API}/me").ask()
    assert answer.status_code == 200
    return int(answer.json["account_id"])


def codes(problem: dict[str, Any]) -> list[str]:
    return [error["code"] for error in problem["errors"]]


def test_every_change_of_a_ticket_asks_for_its_version(scene):
    changes = {s.rule for s in scene.stops if s.is_writing and OF_A_TICKET.fullmatch(s.rule)}
    assert len(changes) > 15
    assert {stop.rule for stop in scene.stops if stop.marks.needs_version} == changes


def test_what_came_too_late_is_412_and_names_who_was_faster(scene):
    for stop in scene.stops:
        if stop.marks.needs_version:
            problem = refused(stop.ask_well(), 412, "stale-version")
            assert problem.keys() >= {"changed_by", "changed_at", "current_version"}


def test_a_key_is_judged_before_the_version_and_the_body(keyed):
    for stop in keyed:
        answer = stop.ask(headers={"Idempotency-Key": "a b", "If-Match": None})
        assert codes(refused(answer, 422)) == ["idempotency-key"], stop.rule


def test_the_key_of_another_body_is_refused_before_the_version_and_the_body(keyed):
    for stop in keyed:
        remember(stop, account_of(stop), f"used{stop.rule}")
        answer = ask_under(stop, f"used{stop.rule}")
        assert codes(refused(answer, 422)) == ["idempotency-key-reused"], stop.rule


def test_a_key_is_one_of_its_account_method_and_path(scene, keyed):
    other = scene.world.cast.supervisor.account.id
    for stop in keyed:
        own = account_of(stop)
        remember(stop, other, "mine")
        remember(replace(stop, method="PUT"), own, "mine")
        remember(replace(stop, path=f"{stop.path}/elsewhere"), own, "mine")
        answer = ask_under(stop, "mine")
        if answer.status_code == 422:
            assert "idempotency-key-reused" not in codes(answer.json), stop.rule


def remember(stop: Stop, account_id: int, key: str) -> None:
    """An answer as it is kept of another request under `key`."""
    place = {"account_id": account_id, "method": stop.method, "path": stop.path, "key": key}
    given = {"request_hash": b"h" * 32, "status": 200, "headers": {}, "body": b"{}"}
    db.session.add(IdempotencyKey(**place, **given))
    db.session.flush()


def ask_under(stop: Stop, key: str) -> Any:
    return stop.ask(headers={"Idempotency-Key": key, "If-Match": None})


def test_every_change_answers_the_next_version_within_its_ceiling(scene):
    costs: dict[str, int] = {}
    for stop in scene.stops:
        if stop.marks.needs_version:
            with undone():
                case, fitting = made_fit(stop, scene.world, account_of(stop))
                version = case.ticket.version
                at = case.at if stop.rule.endswith(IN_TIME) else LATER
                with clock.frozen(at), heard() as statements:
                    answer = fitting.ask_well(headers={"If-Match": f'"{version}"'})
                assert answer.status_code == 200, (stop.rule, answer.text)
                costs[stop.rule] = sum("SAVEPOINT" not in each for each in statements)
                assert answer.json["version"] == version or not stop.rule.endswith(SAME_VERSION)
                assert answer.json["version"] > version or stop.rule.endswith(SAME_VERSION)
                assert answer.headers["ETag"] == f'"{answer.json["version"]}"'
    assert costs.keys() == CEILINGS.keys(), "each route of a ticket has its ceiling of statements"
    assert {rule: cost for rule, cost in costs.items() if cost > CEILINGS[rule]} == {}


@contextmanager
def undone() -> Iterator[None]:
    savepoint = db.session.begin_nested()
    try:
        yield
    finally:
        savepoint.rollback()
        db.session.expire_all()
