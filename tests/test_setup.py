"""The test set-up itself: what is undone, what is shared, what is really committed."""

from datetime import datetime

import pytest
import sqlalchemy as sa
from flask import g

from app.db import db, separate_transaction, transaction
from app.domain.rules import Rule
from app.models.area import Area
from app.models.organisation import Organisation
from services.tickets.terms import rules_at
from tests.applications import renewed
from tests.factories import MONDAY
from tests.factories.numbers import set_number

NAME = "鞍山市大数据局"


def organisations() -> int:
    query = sa.select(sa.func.count()).where(Organisation.name == NAME)
    return db.session.execute(query).scalar_one()


def transaction_time() -> datetime:
    return db.session.execute(sa.select(sa.func.now())).scalar_one()


def add_organisation() -> None:
    db.session.add(Organisation(name=NAME))
    db.session.flush()


@pytest.mark.parametrize("turn", [1, 2])
def test_what_a_test_commits_is_gone_in_the_next(database, turn):
    assert organisations() == 0
    with transaction():
        add_organisation()
    with separate_transaction() as session:
        session.execute(sa.update(Organisation).values(office_phone="0412-5500000"))
    assert organisations() == 1


def test_an_error_undoes_its_own_work_only(database):
    with transaction():
        add_organisation()
    with pytest.raises(sa.exc.DBAPIError), transaction():
        db.session.execute(sa.text("DELETE FROM organisations; SELECT 1/0"))
    assert organisations() == 1


def test_the_rules_of_one_database_are_forgotten_in_the_next(server, committing_app):
    amounts = []
    for amount in (300, 400):
        with (
            renewed(committing_app, server),
            committing_app.app_context(),
            transaction(),
        ):
            set_number(Rule.SILENCE_DAYS, amount, "2026-05-01")
            amounts.append(rules_at(at=MONDAY)[Rule.SILENCE_DAYS])
    assert amounts == [300, 400]


def test_reference_data_is_there(database):
    assert database.scalar(sa.select(sa.func.count()).select_from(Area)) > 44_699


def test_a_request_has_its_own_context_in_the_same_transaction(app, database, client):
    g.mark = "the test's"
    add_organisation()
    seen = []
    with app.test_request_context():
        assert g.mark == "the test's"
    app.teardown_request_funcs.setdefault(None, []).append(
        lambda _: seen.append((g.get("mark"), organisations()))
    )
    try:
        assert client.get("/healthz").status_code == 200
    finally:
        app.teardown_request_funcs[None].pop()
    assert seen == [(None, 1)]


def test_reading_requests_run_in_autocommit(committed_app):
    with committed_app.test_request_context(method="GET"):
        assert transaction_time() < transaction_time()
    with committed_app.test_request_context(method="POST"):
        assert transaction_time() == transaction_time()


def test_commits_of_a_committed_app_are_real(committed_app):
    with committed_app.app_context(), transaction():
        add_organisation()
    with committed_app.app_context():
        assert organisations() == 1
