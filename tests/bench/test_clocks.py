"""The clocks of `bench.sweep`: running, none of them due, found without looking at all of them."""

from collections.abc import Iterator

import psycopg
import pytest
import sqlalchemy as sa

from app.db import db, transaction
from app.seed import demo_city
from bench.clocks import load_clocks
from bench.sweep import idle, plan_of_the_look
from tests.applications import application

CLOCKS = 5_000


@pytest.fixture(scope="module")
def loaded(server, tmp_path_factory) -> Iterator[None]:
    """The demo city with the clocks."""
    with (
        server.clone() as url,
        application(url, tmp_path_factory.mktemp("home")) as app,
        app.app_context(),
    ):
        with transaction():
            demo_city.load()
        with psycopg.connect(url.replace("+psycopg", ""), autocommit=True) as connection:
            load_clocks(connection, CLOCKS, lambda _: None)
        yield
        db.session.remove()


@pytest.mark.usefixtures("loaded")
def test_all_run_and_none_is_due():
    running = sa.text("SELECT count(*) FROM sla_clocks WHERE stopped_at IS NULL")
    assert db.session.scalar(running) == CLOCKS
    db.session.rollback()
    assert idle(2).startswith("min ")


@pytest.mark.usefixtures("loaded")
def test_what_was_missed_long_ago_is_in_no_index_that_is_looked_at():
    """Of late clocks, which have had the red card alone."""
    late = sa.text("SELECT count(*) FROM sla_clocks WHERE overdue_at IS NOT NULL")
    assert db.session.scalar(late) == CLOCKS / 10
    db.session.execute(sa.text("SET LOCAL enable_seqscan = off"))
    for name, at in (("nudge", "nudge_at"), ("remind", "remind_at"), ("warn", "yellow_at")):
        where = db.session.scalar(
            sa.text("SELECT indexdef FROM pg_indexes WHERE indexname = :name"),
            {"name": f"ix_sla_clocks_to_{name}"},
        ).partition(" WHERE ")[2]
        kept = sa.text(f"SELECT count(*) FROM sla_clocks WHERE {where} AND {at} < now()")
        assert db.session.scalar(kept) == 0
    db.session.rollback()


@pytest.mark.usefixtures("loaded")
def test_the_look_scans_no_table():
    scans = plan_of_the_look()
    assert len(scans) >= 10
    assert not [scan for scan in scans if scan.startswith("Seq Scan")]
