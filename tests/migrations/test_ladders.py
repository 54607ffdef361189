"""0026: every policy there is gets the numbers by which its clocks have been warned so far."""

from dataclasses import asdict
from itertools import product

import pytest
import sqlalchemy as sa
from flask import Flask
from flask_migrate import downgrade, upgrade

from app.db import db
from app.domain.ladder import Ladder
from app.domain.sla_clock import ClockKind
from app.models.sla import SlaPolicy
from services.tickets.terms import LADDER_COLUMNS, ladder_in
from tests.applications import application
from tests.domain.ladders import LADDERS
from tests.servers import EMPTY

BEFORE, AFTER = "0025", "0026"
CLASSES = ("normal", "arrears")
KINDS = [kind for kind in ClockKind if kind is not ClockKind.TRANSFER]
"""Those of that time."""

DAYS = ("2024-01-01", "2030-01-01")
INSERT = sa.text(
    "INSERT INTO sla_policies (ticket_class, clock, amount, unit, effective_from)"
    " VALUES (:ticket_class, :clock, 5, 'days', :day)"
)


@pytest.fixture
def empty_app(server, tmp_path):
    with server.clone(EMPTY) as url, application(url, tmp_path) as app:
        yield app


def test_every_policy_gets_the_numbers_of_its_kind_whatever_its_class_and_day(empty_app: Flask):
    with empty_app.app_context():
        upgrade(revision=BEFORE)
        given = [
            {"ticket_class": ticket_class, "clock": kind.value, "day": day}
            for kind, ticket_class, day in product(KINDS, CLASSES, DAYS)
        ]
        db.session.execute(INSERT, given)
        db.session.commit()
        upgrade(revision=AFTER)
        rows = db.session.execute(sa.select(SlaPolicy.clock, *LADDER_COLUMNS)).all()
        assert len(rows) == len(given)
        for row in rows:
            assert ladder_in(row) == LADDERS[ClockKind(row.clock)], row.clock
        db.session.remove()
        downgrade(revision=BEFORE)
        count = db.session.scalar(sa.text("SELECT count(*) FROM sla_policies"))
        assert count == len(rows)


@pytest.mark.parametrize(
    ("ladder", "rule"),
    [
        (Ladder(yellow_percent=100), "ladder_numbers"),
        (Ladder(nudge_percent=0), "ladder_numbers"),
        (Ladder(remind_percent=100), "ladder_numbers"),
        (Ladder(remind_after_days=0), "ladder_numbers"),
        (Ladder(order_days=0), "ladder_numbers"),
        (Ladder(bulletin_days=0), "ladder_numbers"),
        (Ladder(escalation_days=-1), "ladder_numbers"),
        (Ladder(nudge_percent=50, remind_percent=50), "ladder_upwards"),
        (Ladder(nudge_percent=50, yellow_percent=50), "ladder_upwards"),
        (Ladder(remind_percent=90, yellow_percent=80), "ladder_upwards"),
        (Ladder(order_days=5, bulletin_days=5), "ladder_upwards"),
        (Ladder(order_days=5, escalation_days=5), "ladder_upwards"),
        (Ladder(bulletin_days=5, escalation_days=4), "ladder_upwards"),
        (Ladder(remind_percent=50, remind_after_days=5), "one_reminder"),
    ],
)
@pytest.mark.usefixtures("database")
def test_the_table_takes_no_ladder_that_cannot_be(ladder, rule):
    policy = sa.update(SlaPolicy).where(SlaPolicy.clock == "finish").values(**asdict(ladder))
    cleared = sa.update(SlaPolicy).values(**asdict(Ladder()))
    db.session.execute(cleared)
    with pytest.raises(sa.exc.IntegrityError, match=f"ck_sla_policies_{rule}"):
        db.session.execute(policy)
