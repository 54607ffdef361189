"""The log of requests: one line each, with what tells about the work and nothing about people."""

import logging
from collections.abc import Callable, Iterator
from urllib.parse import quote

import orjson
import pytest
import sqlalchemy as sa
from flask import Flask, Response
from flask.testing import FlaskClient

from app import clock
from app.api import request_log
from app.db import db
from config.logging import JsonLines
from tests.callers import API, Caller
from tests.factories import MONDAY, PASSWORD, Case, make_ticket
from tests.problems import refused
from tests.statements import heard
from tests.threads import all_at_once

FIELDS = [
    *("at", "level", "logger", "message", "request_id", "method", "route", "status"),
    *("account_id", "membership_id", "ms", "statements", "sql_ms", "bytes", "slow"),
]
ROUTE = "/api/v1/tickets/<number:number>"
NAMED = {"X-Request-ID": "trace-me"}

Lines = Callable[[], list[dict]]


@pytest.fixture
def lines(caplog) -> Lines:
    """The lines of the log of requests so far, as they are written."""

    def read() -> list[dict]:
        told = [one for one in caplog.records if one.name == "guanjia.requests"]
        return [orjson.loads(JsonLines().format(one)) for one in told]

    return read


@pytest.fixture
def case(database) -> Iterator[Case]:
    with clock.frozen(MONDAY):
        yield make_ticket()


@pytest.fixture
def housekeeper(client, case) -> Caller:
    return Caller(client, case.cast.housekeeper)


def test_a_request_is_told_in_one_line(client, case, housekeeper, lines):
    headers = housekeeper.headers() | NAMED
    answer = client.get(f"{API}/tickets/{case.number}", headers=headers)
    assert answer.status_code == 200
    [line] = lines()
    assert list(line) == FIELDS
    assert (line["level"], line["message"]) == ("INFO", "request")
    assert line["at"] == "2026-06-01T02:00:00.000+00:00"
    assert (line["request_id"], line["method"], line["route"]) == ("trace-me", "GET", ROUTE)
    assert (line["status"], line["bytes"]) == (200, len(answer.data))
    assert line["account_id"] == housekeeper.person.account.id
    assert line["membership_id"] == housekeeper.person.membership.id
    assert 0 < line["sql_ms"] < line["ms"]
    assert line["slow"] is False


def test_it_counts_the_statements_of_the_request(client, housekeeper, lines):
    with heard() as asked:
        for path in ("/me", "/tickets", "/categories"):
            asked.clear()
            housekeeper.get(path)
            assert lines()[-1]["statements"] == len(asked) > 0


def test_neither_address_nor_body_is_told(client, housekeeper, lines):
    assert housekeeper.get(f"/tickets?q={quote('保密厂房')}").status_code == 200
    credentials = {"login": "13800001234", "password": PASSWORD}
    refused(client.post(f"{API}/auth/password", json=credentials), 401)
    listed, log_in = lines()
    assert (listed["route"], log_in["route"]) == ("/api/v1/tickets", "/api/v1/auth/password")
    told = str((listed, log_in))
    assert "13800001234" not in told
    assert "保密" not in told


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [("GET", "/api/v1/13800001234", 404), ("DELETE", "/api/v1/me", 405)],
)
def test_what_is_no_route_of_ours_has_none(client, lines, method, path, status):
    refused(client.open(path, method=method), status)
    [line] = lines()
    assert (line["route"], line["status"], line["method"]) == (None, status, method)


def test_nobody_has_no_account(client, lines):
    refused(client.get(f"{API}/tickets"), 401)
    [line] = lines()
    assert (line["status"], line["account_id"], line["membership_id"]) == (401, None, None)


def test_a_refused_request_names_its_account(client, housekeeper, lines):
    refused(housekeeper.get("/tickets?no=such"), 422)
    refused(housekeeper.client.get(f"{API}/deliveries", headers=housekeeper.headers()), 403)
    assert [line["status"] for line in lines()] == [422, 403]
    assert {line["account_id"] for line in lines()} == {housekeeper.person.account.id}


def test_probes_are_told_to_who_asks_for_details_only(client, lines, caplog):
    for level in (logging.DEBUG, logging.INFO):
        with caplog.at_level(level, logger="guanjia.requests"):
            for path in ("/healthz", "/readyz", "/metrics"):
                client.get(path)
    assert [(line["level"], line["route"]) for line in lines()] == [
        ("DEBUG", "/healthz"),
        ("DEBUG", "/readyz"),
        ("INFO", "/metrics"),
        ("INFO", "/metrics"),
    ]


@pytest.fixture
def small(app) -> Flask:
    """An application of two routes, where every request counts as slow."""
    small = Flask("small")
    request_log.register(small, slow_ms=0)
    with app.app_context():
        engine = db.engines[None]
    with engine.connect():
        pass  # the first connection of all asks the server who it is

    @small.get("/broken")
    def broken() -> Response:
        raise ValueError("13800001234")

    @small.get("/times/<int:times>")
    def ask(times: int) -> Response:
        with engine.connect() as connection:
            for _ in range(times):
                connection.execute(sa.text("SELECT 1"))
        return Response(iter(["streamed"]))

    return small


def test_a_request_that_breaks_is_told_as_well(small, lines):
    assert small.test_client().get("/broken").status_code == 500
    [line] = lines()
    assert (line["status"], line["route"]) == (500, "/broken")


def test_what_takes_too_long_is_marked(small, lines):
    small.test_client().get("/broken")
    assert lines()[0]["slow"] is True


def test_only_methods_that_exist_are_told(small, lines):
    small.test_client().open("/broken", method="13800001234")
    assert (lines()[0]["method"], lines()[0]["status"]) == (None, 405)


def test_each_of_many_at_once_counts_for_itself(app, small, lines):
    def asking(client: FlaskClient, times: int) -> Callable[[], object]:
        return lambda: [client.get(f"/times/{times}") for _ in range(3)]

    works = [asking(small.test_client(), times) for times in range(1, 7)]
    all_at_once(app, *works, at=MONDAY)
    counted = sorted(line["statements"] for line in lines())
    assert counted == sorted([*range(1, 7)] * 3)
    assert {line["bytes"] for line in lines()} == {None}
