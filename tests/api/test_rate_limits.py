"""限流: each account within each process, and each address where nobody is known."""

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from app import clock
from app.api import throttling
from app.db import db
from app.domain.actor import Role
from app.models.ticket import Ticket
from tests.api.every_route import Stop, walk
from tests.api.rights.world import World
from tests.applications import application, rolled_back
from tests.callers import API, Caller, signed_in
from tests.factories import MONDAY, make_account, make_cast
from tests.problems import refused

REQUEST = {"title": "厂区用电增容", "body": "新生产线投产需要增加用电容量，请协调。"}
BAD = {"Authorization": "Bearer nonsense"}


@pytest.fixture(scope="module")
def strict(server, tmp_path_factory) -> Iterator[Flask]:
    """An application that takes one request a minute, of each account and of each address."""
    few = {"account_requests_per_minute": 1, "address_requests_per_minute": 1}
    with (
        server.clone() as url,
        application(url, tmp_path_factory.mktemp("home"), **few) as app,
        rolled_back(app),
    ):
        yield app


@pytest.fixture(scope="module")
def stops(strict) -> list[Stop]:
    return list(walk(strict, World()))


@pytest.fixture(autouse=True)
def within_one_minute() -> Iterator[None]:
    """However long a test takes, it is all in one window, but for what it moves itself."""
    with clock.frozen(clock.real()):
        yield


@pytest.fixture
def client(strict) -> FlaskClient:
    """Nobody has asked anything yet."""
    throttling.register(strict)
    return strict.test_client()


@pytest.fixture
def limited(stops) -> list[Stop]:
    return [stop for stop in stops if not stop.marks.is_unlimited]


def test_every_route_takes_so_many_requests_and_then_says_when_to_come_again(strict, limited):
    assert len(limited) > 50
    for stop in limited:
        throttling.register(strict)
        before = replace(stop, method="GET", path=f"{API}/me").ask()
        assert before.status_code == (200 if stop.marks.needs_session else 401)
        answer = stop.ask_well()
        refused(answer, 429, "too-many-requests")
        policy = "account" if stop.marks.needs_session else "address"
        assert answer.headers["RateLimit-Policy"] == f'"{policy}";q=1;w=60', stop.rule
        again = answer.headers["Retry-After"]
        assert 1 <= int(again) <= 60
        assert answer.headers["RateLimit"] == f'"{policy}";r=0;t={again}'


def test_probes_and_callbacks_and_the_documentation_are_without_limit(client, stops):
    free = {stop.rule: stop for stop in stops if stop.marks.is_unlimited}
    callbacks = {f"{API}/wechat/callback", f"{API}/wechat/callbacks/<program:appid>"}
    assert free.keys() == {"/healthz", "/readyz", "/metrics", *callbacks}
    pages = ("/api/docs", "/api/docs/start.js", "/api/openapi.json")
    some = free["/healthz"]
    for stop in [*free.values(), *(replace(some, path=path) for path in pages)]:
        for _ in range(3):
            answer = stop.ask()
            assert answer.status_code != 429
            assert "RateLimit" not in answer.headers


def test_another_minute_another_request(client):
    caller = Caller(client, make_account(Role.SUPERVISOR))
    statuses = []
    for seconds in (0, 59, 60, 61):
        with clock.frozen(MONDAY + timedelta(seconds=seconds)):
            caller = Caller(client, caller.person)
            statuses.append(caller.get("/me").status_code)
    assert statuses == [200, 429, 200, 429]


def test_an_account_is_counted_whatever_its_token_and_nobody_else_with_it(client):
    person = make_account(Role.SUPERVISOR)
    first, second = Caller(client, person), Caller(client, person)
    other = Caller(client, make_account(Role.SUPERVISOR))
    assert first.get("/me").status_code == 200
    refused(second.get("/me"), 429)
    assert other.get("/me").status_code == 200


def test_strangers_use_up_the_limit_of_their_address_only(client):
    known = Caller(client, make_account(Role.SUPERVISOR))
    refused(client.get(f"{API}/me", headers=BAD), 401)
    for method, path in (("GET", "/me"), ("GET", "/nothing"), ("PUT", "/me"), ("POST", "/tickets")):
        refused(client.open(API + path, method=method, headers=BAD), 429)
    elsewhere = {"REMOTE_ADDR": "203.0.113.9"}
    refused(client.get(f"{API}/me", headers=BAD, environ_overrides=elsewhere), 401)
    assert known.get("/me").status_code == 200


def test_what_is_refused_is_not_done(client):
    caller = Caller(client, make_cast().applicant)
    for key in ("first", "second"):
        headers = caller.headers() | {"Idempotency-Key": key}
        client.post(f"{API}/tickets", json=REQUEST, headers=headers)
    submitted = sa.select(sa.func.count()).where(
        Ticket.enterprise_id == caller.person.membership.enterprise_id
    )
    assert db.session.scalar(submitted) == 1


@pytest.fixture
def counting(server, tmp_path) -> Callable[[int, int], list[Any]]:
    """What is left after each of some requests of one account, where `limit` is the setting."""

    def count(limit: int, requests: int) -> list[Any]:
        with (
            server.clone() as url,
            application(url, tmp_path, account_requests_per_minute=limit) as app,
            rolled_back(app),
            clock.frozen(MONDAY),
        ):
            token = signed_in(make_account(Role.SUPERVISOR))
            headers = {"Authorization": f"Bearer {token}"}
            asked = [app.test_client().get(f"{API}/me", headers=headers) for _ in range(requests)]
            return [answer.headers.get("RateLimit") for answer in asked]

    return count


def test_what_is_left_is_counted_down(counting):
    left = [re.sub(";t=.*", "", told) for told in counting(3, 4)]
    assert left == [f'"account";r={rest}' for rest in (2, 1, 0, 0)]


def test_zero_turns_the_limit_off(counting):
    assert counting(0, 3) == [None, None, None]


def test_every_limited_operation_documents_it(strict, limited, client):
    document = client.get("/api/openapi.json").json
    told = {"RateLimit", "RateLimit-Policy"}
    for stop in limited:
        address = re.sub(r"<\w+:(\w+)>", r"{\1}", stop.rule)
        answers = document["paths"][address][stop.method.lower()]["responses"]
        assert answers["429"]["$ref"].endswith("/Problem429")
        for answer in answers.values():
            name = answer.get("$ref", "").rpartition("/")[2]
            described = document["components"]["responses"].get(name, answer)
            assert described["headers"].keys() >= told, (stop.rule, answer)
    assert "Retry-After" in document["components"]["responses"]["Problem429"]["headers"]
