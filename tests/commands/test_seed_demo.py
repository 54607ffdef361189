"""`flask seed-demo` and `flask prepare --demo`: a city to try everything in, but never for real."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from app.db import db, transaction
from app.domain.actor import ENTERPRISE_ROLES, UNIT_ROLES, Role
from app.models.account import Account, Membership
from app.models.area import Area
from app.models.enterprise import Enterprise
from app.models.import_batch import ImportBatch
from app.models.organisation import Organisation
from app.models.pairing import Pairing
from services.accounts.passwords import hashed
from tests.applications import application
from tests.callers import API

TABLES = (Account, Membership, Area, Organisation, Enterprise, Pairing, ImportBatch)


def run(app: Flask, *command: str) -> Any:
    """Typed as at a prompt, where the command brings its application with it."""
    with app.app_context():
        result = app.test_cli_runner().invoke(args=[*command])
    assert result.exit_code == 0, result.output
    return result


def last_line(result: Any) -> list[dict[str, Any]]:
    return json.loads(result.stdout.splitlines()[-1])


@pytest.fixture(scope="module")
def city(server, tmp_path_factory) -> Iterator[Flask]:
    """An installation where `prepare --demo` ran once; nobody changes anything."""
    with (
        server.clone() as url,
        application(url, tmp_path_factory.mktemp("home")) as app,
        app.app_context(),
    ):
        run(app, "prepare", "--demo")
        yield app


@pytest.fixture(scope="module")
def accounts(city) -> list[dict[str, Any]]:
    """What the second run prints for the launcher."""
    return last_line(run(city, "prepare", "--demo", "--json"))


def rows() -> dict[str, int]:
    return {
        model.__tablename__: db.session.scalar(sa.select(sa.func.count()).select_from(model)) or 0
        for model in TABLES
    }


def test_every_role_has_an_account(accounts):
    assert {account["role"] for account in accounts} == set(Role) - {Role.SYSTEM}


def test_a_story_finds_its_second_person(accounts):
    held = [account["role"] for account in accounts]
    for role in ("enterprise_admin", "housekeeper", "coordinator", "handler", "unit_approver"):
        assert held.count(role) >= 2, role


def test_accounts_stand_where_their_role_needs_them(accounts):
    for account in accounts:
        assert (account["enterprise_id"] is not None) == (account["role"] in ENTERPRISE_ROLES)
        if account["role"] in UNIT_ROLES:
            assert account["organisation_id"]


def test_wechat_knows_everybody_by_a_number_of_their_own(accounts):
    phones = [account["phone"] for account in accounts]
    assert len(set(phones)) == len(phones)
    [keeper] = [each for each in accounts if each["login"] == "demo-housekeeper"]
    assert keeper["phone"] == "13538411283", "the number of the roster"


def test_a_second_run_changes_nothing(city, accounts):
    before = rows()
    assert last_line(run(city, "seed-demo", "--json")) == accounts
    assert rows() == before
    assert before["import_batches"] == 2


def test_everybody_can_log_in_with_the_one_password(city, accounts):
    assert len({account["password"] for account in accounts}) == 1
    for account in (accounts[0], accounts[-1]):
        credentials = {key: account[key] for key in ("login", "password")}
        answer = city.test_client().post(f"{API}/auth/password", json=credentials)
        assert answer.status_code == 200


def test_for_people_it_prints_a_table(city, accounts):
    shown = run(city, "seed-demo").output
    assert accounts[0]["password"] in shown
    assert all(account["login"] in shown for account in accounts)


def test_the_register_was_imported_and_its_pairings_are_active(city):
    pairings = sa.select(Pairing.role, Pairing.state, sa.func.count()).group_by(
        Pairing.role, Pairing.state
    )
    counted = {(role, state): count for role, state, count in db.session.execute(pairings)}
    assert counted.pop(("deputy", "active")) > 10
    assert counted == {("lead", "active"): 1057 + 6}


def test_two_enterprises_share_a_housekeeper_and_one_is_in_another_county(city, accounts):
    admins = [one["enterprise_id"] for one in accounts if one["role"] == "enterprise_admin"]
    keepers = [
        db.session.scalar(
            sa.select(Membership.account_id)
            .join(Pairing, Pairing.housekeeper_id == Membership.housekeeper_id)
            .where(Pairing.enterprise_id == enterprise, Pairing.role == "lead")
        )
        for enterprise in admins
    ]
    assert keepers[0] == keepers[1]
    assert keepers[2] not in (None, keepers[0])
    counties = [one["area"][:6] for one in accounts if one["role"] == "enterprise_admin"]
    assert counties == ["210302", "210302", "210303"]


def test_the_zone_has_a_code_of_its_own_and_somebody_who_coordinates(city, accounts):
    zone = db.session.scalars(sa.select(Area).where(Area.is_local)).one()
    assert zone.prefix == "2103A0"
    assert zone.code in {one["area"] for one in accounts if one["role"] == "coordinator"}


def test_units_that_report_are_confirmed(city):
    reporting = sa.select(Organisation.is_confirmed).where(
        Organisation.id.in_(sa.select(Enterprise.reporting_organisation_id))
    )
    assert set(db.session.scalars(reporting)) == {True}


def test_other_keys_make_another_password(city, accounts):
    with transaction():
        db.session.execute(sa.update(Account).values(password_hash=hashed("of other keys")))
    assert last_line(run(city, "seed-demo", "--json")) == accounts
    credentials = {key: accounts[0][key] for key in ("login", "password")}
    answer = city.test_client().post(f"{API}/auth/password", json=credentials)
    assert answer.status_code == 200


@pytest.mark.parametrize("command", ["seed-demo", "prepare"])
def test_production_has_no_demo_accounts(server, tmp_path, command):
    with (
        server.clone() as url,
        application(url, tmp_path, app_env="production", demo=False) as app,
        app.app_context(),
    ):
        with transaction():
            db.session.add(Account(login="demo", name="演示", password_hash="x", is_demo=True))
        result = app.test_cli_runner().invoke(args=[command])
    assert result.exit_code == 1
    assert "生产环境" in result.output


def test_without_demo_there_are_no_accounts_to_print(committed_app):
    assert last_line(run(committed_app, "prepare", "--json")) == []
