"""What every test may ask for. `database` is enough for most: it is rolled back afterwards."""

import gc
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from flask_sqlalchemy.session import Session
from hypothesis import HealthCheck, settings
from sqlalchemy.orm import scoped_session

from app import clock
from app.db import db
from tests.applications import application, build_template, on_wechat, renewed, rolled_back
from tests.documented import judged
from tests.leaks import Listener, listen
from tests.servers import Server, running_server
from tests.wechat import Phones, emulated_wechat

# How long an example takes depends on who else uses the machine.
settings.register_profile("unhurried", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("unhurried")

ADDRESS = "guanjia_server"
ENDING = pytest.StashKey[ExitStack]()
SERVER = pytest.StashKey[Server]()
LONG = (
    *("test_demo.py", "test_seed_demo.py", "test_run.py"),
    *("test_heartbeat.py", "test_killed_sender.py", "test_two_schedulers.py"),
    *("test_lost_scheduler.py", "test_killed_texter.py", "test_killed_wecom_sender.py"),
    *("test_graceful_stop.py", "test_lossy_network.py"),
)
"""What takes long begins first, so that at the end no worker waits for another one."""


def pytest_configure_node(node) -> None:
    """Before a parallel worker starts: the run's one server, for all of them."""
    node.workerinput[ADDRESS] = run_server(node.config).address


def pytest_unconfigure(config) -> None:
    """Stop the server that this process started, if it did."""
    config.stash.get(ENDING, ExitStack()).close()


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items) -> None:
    """The tests in their random order, the files that take long before all others."""
    items.sort(key=lambda item: item.path.name not in LONG)


def pytest_collection_finish() -> None:
    """What is imported by now stays: the collector need not look through it again and again.

    Nor through what a test makes, every 700 objects: hardly any of them hang together in circles.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000)


def run_server(config) -> Server:
    """The run's server with its template, started at the first question."""
    if SERVER not in config.stash:
        ending = config.stash.setdefault(ENDING, ExitStack())
        server = ending.enter_context(running_server())
        build_template(server, Path())
        config.stash[SERVER] = server
    return config.stash[SERVER]


@pytest.fixture(scope="session")
def listener() -> Listener:
    """Hears all that the process logs."""
    return listen()


@pytest.fixture(autouse=True)
def no_log_tells_too_much(listener) -> Iterator[None]:
    """Whatever a test makes the product log, nobody can be known by it."""
    listener.leaks.clear()
    yield
    assert not listener.leaks


@pytest.fixture(autouse=True)
def business_time_is_real_time() -> None:
    """No test inherits a business clock that another one has moved."""
    clock.set_offset(timedelta(0))


@pytest.fixture(scope="session")
def server(request) -> Server:
    """The run's private PostgreSQL."""
    workerinput = getattr(request.config, "workerinput", None)
    return Server(workerinput[ADDRESS]) if workerinput else run_server(request.config)


@pytest.fixture(scope="session")
def platform() -> Iterator[Phones]:
    """This worker's WeChat."""
    with emulated_wechat() as phones:
        yield phones


@pytest.fixture
def wechat(platform) -> Iterator[Phones]:
    """WeChat on its first day: nobody known, nothing sent, no faults; and so it is left."""
    platform.reset()
    yield platform
    platform.reset()


@pytest.fixture(scope="session")
def app(server, platform, tmp_path_factory) -> Iterator[Flask]:
    """The application of this worker, on a clone of its own."""
    home, told = tmp_path_factory.mktemp("home"), on_wechat(platform.base)
    with server.clone() as url, application(url, home, **told) as app:
        yield judged(app)


@pytest.fixture
def database(app) -> Iterator[scoped_session[Session]]:
    """The session, in a transaction that is undone after the test; areas and the like are in."""
    with rolled_back(app):
        yield db.session


@pytest.fixture
def client(app, database) -> FlaskClient:
    """A caller over HTTP, in the same transaction as `database`."""
    return app.test_client()


@pytest.fixture(scope="session")
def committing_app(server, platform, tmp_path_factory) -> Iterator[Flask]:
    """The worker's other application. Its database exists inside `committed_app` only."""
    url, home = server.url(server.unused_name()), tmp_path_factory.mktemp("home")
    with application(url, home, **on_wechat(platform.base)) as app:
        yield judged(app)


@pytest.fixture
def committed_app(server, committing_app) -> Iterator[Flask]:
    """An application on a fresh clone where commits are real, for what acts at once."""
    with renewed(committing_app, server):
        yield committing_app
