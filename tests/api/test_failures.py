"""When something breaks: a problem goes out, nothing stays behind, and the log quotes nobody."""

import logging
from collections.abc import Iterator

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.exc import IntegrityError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from app.api import gate
from app.api.blueprints import resource
from app.db import READ, db
from app.models.organisation import Organisation
from config.logging import JsonLines
from tests.applications import application, rolled_back
from tests.problems import refused

NAME = "一个没有写成的单位"
SECRET = "13800001234"

breaking = resource("breaking", "会出错的地址")


def write() -> None:
    db.session.add(Organisation(name=NAME))
    db.session.flush()


def write_twice() -> None:
    write()
    write()


def bug() -> None:
    write()
    raise ValueError(SECRET)


def bad_statement() -> None:
    write()
    db.session.execute(sa.text("SELECT CAST(:phone AS uuid)"), {"phone": SECRET})


def outage() -> None:
    write()
    raise OperationalError("SELECT 1", {"phone": SECRET}, ConnectionError(SECRET))


def no_connection() -> None:
    raise PoolTimeout(SECRET)


def waited_in_vain() -> None:
    write()
    db.session.execute(sa.text("SET LOCAL statement_timeout = 1"))
    db.session.execute(sa.text("SELECT pg_sleep(60)"))


FAULTS = {
    fault.__name__: fault
    for fault in (write_twice, bug, bad_statement, outage, no_connection, waited_in_vain)
}


@breaking.route("/breaking/<fault>", methods=["POST", "GET"])
@gate.public
def break_down(fault: str) -> None:
    """出错."""
    FAULTS[fault]()


@pytest.fixture(scope="module")
def broken_app(server, tmp_path_factory) -> Iterator[Flask]:
    """An application with routes that fail."""
    with server.clone() as url, application(url, tmp_path_factory.mktemp("home")) as app:
        app.register_blueprint(breaking)
        yield app


@pytest.fixture
def broken(broken_app):
    with rolled_back(broken_app):
        yield broken_app.test_client()


def organisations() -> int:
    query = sa.select(sa.func.count()).where(Organisation.name == NAME)
    return db.session.execute(query).scalar_one()


@pytest.mark.parametrize(
    ("fault", "status", "code"),
    [
        ("write_twice", 409, "conflict"),
        ("bug", 500, "internal"),
        ("bad_statement", 500, "internal"),
        ("outage", 503, "unavailable"),
        ("no_connection", 503, "unavailable"),
        ("waited_in_vain", 503, "unavailable"),
    ],
)
def test_a_fault_is_a_problem_and_leaves_nothing(broken, caplog, fault, status, code):
    with caplog.at_level(logging.INFO):
        answer = broken.post(f"/api/v1/breaking/{fault}", headers={"X-Request-ID": "trace-me"})
    problem = refused(answer, status, code)
    assert (problem["instance"], organisations()) == ("trace-me", 0)
    assert (answer.headers.get("Retry-After") is not None) is (status == 503)
    lines = [JsonLines().format(record) for record in caplog.records]
    assert any("trace-me" in line for line in lines)
    for told in (*lines, answer.text):
        assert SECRET not in told
        assert NAME not in told


def test_nobody_waits_or_holds_for_ever(broken_app):
    names = ("lock_timeout", "idle_in_transaction_session_timeout", "statement_timeout")
    told = {}
    with broken_app.app_context():
        for bind, engine in db.engines.items():
            with engine.connect() as connection:
                told[bind] = [connection.scalar(sa.text(f"SHOW {name}")) for name in names]
    assert told == {None: ["20s", "5min", "0"], READ: ["20s", "5min", "30s"]}


def test_after_a_fault_the_next_request_works(broken):
    refused(broken.get("/api/v1/breaking/bug"), 500)
    refused(broken.post("/api/v1/breaking/write_twice"), 409)
    assert broken.get("/healthz").status_code == 200
    assert broken.get("/api/v1/testing/clock").status_code == 200


def test_statements_hide_their_values(broken):
    with pytest.raises(IntegrityError) as caught, db.session.begin_nested():
        db.session.execute(
            sa.text("INSERT INTO organisations (name) VALUES (:it), (:it)"), {"it": SECRET}
        )
    assert "parameters hidden" in str(caught.value)
