"""The application as tests see it: its settings, a client, a connection that is rolled back."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import copy_context
from pathlib import Path
from typing import Any, cast

import sqlalchemy as sa
from flask import Flask
from flask.globals import _cv_app
from flask.testing import FlaskClient
from flask_migrate import upgrade
from sqlalchemy.engine import make_url
from werkzeug.test import TestResponse

from app.db import db, transaction
from app.factory import create_app
from app.seed import reference
from app.seed.reference import FIRST_CALENDAR
from config.settings import Settings
from services.tickets import terms
from tests.servers import EMPTY, READY, Server
from tests.wechat import APPID, SECRET
from tools.wechat_emulator import texting, wecom

CALLBACK_TOKEN = "callbacktoken"
CALLBACK_KEY = "k" * 42 + "A"


def settings(database_url: str, home: Path, **changes: object) -> Settings:
    """Complete settings with fixed keys; demo, so that the testing routes exist."""
    values: dict = {
        "app_env": "testing",
        "demo": True,
        "database_url": database_url,
        "home": home,
        "file_store": home / "files",
        "data_key": b"d" * 32,
        "lookup_key": b"l" * 32,
        "link_key": b"k" * 32,
        "case_file_key": b"c" * 32,
        # Shown in every answer and never reached: some tests ask as fast as they can.
        "account_requests_per_minute": 1_000_000,
        "address_requests_per_minute": 1_000_000,
    }
    return Settings(**values | changes)


def on_wechat(base: str) -> dict[str, str | int]:
    """The settings of the emulated mini-program at `base`, callbacks and short messages too."""
    return {
        "wechat_appid": APPID,
        "wechat_secret": SECRET,
        "wechat_api_base": base,
        "wechat_callback_token": CALLBACK_TOKEN,
        "wechat_callback_key": CALLBACK_KEY,
        "wecom_corp_id": wecom.CORP_ID,
        "wecom_agent_id": wecom.AGENT_ID,
        "wecom_secret": SECRET,
        "wecom_api_base": f"{base}qy/",
        "wecom_link": "https://guanjia.example.gov.cn/tickets/{number}",
        "sms_api_base": f"{base}sms/",
        "sms_secret_id": APPID,
        "sms_secret_key": SECRET,
        "sms_app_id": texting.APP_ID,
        "sms_sign_name": texting.SIGN_NAME,
        **{f"sms_template_{form}": name for form, name in texting.TEMPLATES.items()},
    }


@contextmanager
def application(database_url: str, home: Path, **changes: object) -> Iterator[Flask]:
    """The whole application on one database; its connections are closed afterwards."""
    app = create_app(settings(database_url, home, **changes))
    app.test_client_class = SeparateClient
    try:
        yield app
    finally:
        close_connections(app)


@contextmanager
def renewed(app: Flask, server: Server) -> Iterator[None]:
    """Inside, the application has a fresh database, no files yet, and its own configuration.

    The database bears the name that the application knows, which is cheaper than another one.
    """
    kept, home = dict(app.config), app.config["SETTINGS"].home
    with server.clone(name=make_url(kept["SQLALCHEMY_DATABASE_URI"]).database):
        _forget_terms()
        try:
            yield
        finally:
            _forget_terms()
            app.config.clear()
            app.config.update(kept)
            shutil.rmtree(home)
            home.mkdir()
            close_connections(app)


def close_connections(app: Flask) -> None:
    """Close those that nobody uses."""
    with app.app_context():
        for engine in db.engines.values():
            engine.dispose()


def build_template(server: Server, home: Path) -> None:
    """Make the database that clones are made of: migrated, with the reference data."""
    server.create(READY, EMPTY)
    with application(server.url(READY), home) as app, app.app_context():
        upgrade()
        with transaction():
            reference.load()
            # Copies come with what the planner knows; nobody waits there for the statistics.
            db.session.execute(sa.text("ANALYZE"))
    server.close_template(READY)


@contextmanager
def rolled_back(app: Flask) -> Iterator[None]:
    """Everything inside, whichever engine it uses, happens in one transaction that is undone.

    Flask-SQLAlchemy overlooks a bind set on the session, so the connection takes the engines'
    place in the map of the application; the session's commits end savepoints (`app.db`).
    """
    with app.app_context():
        # Typed as read-only, and indeed nobody else has a reason to write here.
        engines = cast("dict[str | None, Any]", db.engines)
        kept = dict(engines)
        with kept[None].connect() as connection:
            outer = connection.begin()
            engines.update(dict.fromkeys(engines, connection))
            try:
                yield
            finally:
                db.session.remove()
                engines.update(kept)
                outer.rollback()
                _forget_unpublished()


def _forget_unpublished() -> None:
    """What the process kept of calendars that were rolled back: another test publishes others."""
    for version in terms.kept_documents.keys() - {FIRST_CALENDAR}:
        del terms.kept_documents[version]
    for key in [key for key in terms.kept_calendars if key[0] != FIRST_CALENDAR]:
        del terms.kept_calendars[key]


def _forget_terms() -> None:
    """What the process kept of policies and rules: in another database the same ids mean others."""
    for kept in terms.KEPT_BY_ID:
        kept.cache_clear()


class SeparateClient(FlaskClient):
    """Serves each request in an application context of its own, as the web server does.

    Flask would otherwise share the test's context: its session, its `g`.
    """

    def open(self, *args, **kwargs) -> TestResponse:
        return copy_context().run(self._open_alone, *args, **kwargs)

    def _open_alone(self, *args, **kwargs) -> TestResponse:
        _cv_app.set(None)  # type: ignore[arg-type]  # as if no context had been pushed
        return super().open(*args, **kwargs)
