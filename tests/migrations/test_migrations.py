"""Migrations run up, down and up again, alone or two at once, and make what the models say."""

import subprocess
import sys
from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic.script import ScriptDirectory
from flask import Flask
from flask_migrate import check, downgrade, upgrade

from app.db import db
from tests.applications import application
from tests.servers import EMPTY

ROOT = Path(__file__).parents[2]


@pytest.fixture
def empty_app(server, tmp_path):
    """The application on a database in which there is nothing yet."""
    with server.clone(EMPTY) as url, application(url, tmp_path) as app:
        yield app


def tables() -> set[str]:
    return set(sa.inspect(db.engines[None]).get_table_names()) - {"alembic_version"}


def newest() -> str:
    head = ScriptDirectory(str(ROOT / "migrations")).get_current_head()
    assert head, "more than one head"
    return head


def stored_version() -> str:
    return db.session.execute(sa.text("SELECT version_num FROM alembic_version")).scalar_one()


def test_up_down_and_up_again_with_the_usual_timeouts_afterwards(empty_app: Flask):
    with empty_app.app_context():
        upgrade()
        for name, usual in (("lock_timeout", "20s"), ("statement_timeout", "0")):
            assert db.session.execute(sa.text(f"SHOW {name}")).scalar_one() == usual
        made = tables()
        assert made == set(db.metadata.tables)
        assert stored_version() == newest()
        db.session.remove()
        downgrade(revision="base")
        assert tables() == set()
        upgrade()
        assert tables() == made


def test_the_database_is_what_the_models_say(app: Flask):
    with app.app_context():
        check()
        assert stored_version() == newest()


def test_two_at_once_migrate_once(empty_app: Flask):
    settings = empty_app.config["SETTINGS"]
    environ = {
        "DATABASE_URL": settings.database_url,
        "DATA_KEY": "A" * 43 + "=",
        "LOOKUP_KEY": "E" * 43 + "=",
        "LINK_KEY": "I" * 43 + "=",
        "CASE_FILE_KEY": "M" * 43 + "=",
    }
    argv = [sys.executable, "-m", "flask", "--app", "wsgi", "db", "upgrade"]
    both = [
        subprocess.Popen(argv, cwd=ROOT, env=environ, text=True, stderr=subprocess.PIPE)
        for _ in range(2)
    ]
    for each in both:
        _, told = each.communicate()
        assert each.returncode == 0, told
    with empty_app.app_context():
        assert stored_version() == newest()
