"""登录会话: idle and absolute limits, refresh, log-out, and what holds in which worker."""

from datetime import datetime, timedelta

import pytest
import sqlalchemy as sa

from app import clock
from app.api.principals import REMEMBERED
from app.db import db, transaction
from app.domain.actor import Role, system
from app.models.account import Account
from app.models.login_session import LoginSession
from services.accounts import opening, sessions
from services.accounts.terms import Terms
from tests.applications import application
from tests.callers import API
from tests.factories import MONDAY, Person, make_account
from tests.problems import refused

SECOND, MINUTE, HOUR = timedelta(seconds=1), timedelta(minutes=1), timedelta(hours=1)
IDLE, ABSOLUTE = 30 * MINUTE, 12 * HOUR
PHONE_IDLE, PHONE_ABSOLUTE = timedelta(days=7), timedelta(days=30)
ALL_WORKERS = timedelta(seconds=5)


def open_session(app, person: Person, at: datetime = MONDAY) -> sessions.Tokens:
    with clock.frozen(at):
        kind = sessions.kind_of([person.membership.role])
        return sessions.open_session(person.account.id, kind, Terms(app.config["LIFETIMES"]))


def me(client, token: str, at: datetime):
    with clock.frozen(at):
        return client.get(f"{API}/me", headers={"Authorization": f"Bearer {token}"})


def refresh(client, token: str, at: datetime):
    with clock.frozen(at):
        return client.post(f"{API}/auth/refresh", json={"refresh_token": token})


def log_out(client, token: str, at: datetime):
    with clock.frozen(at):
        headers = {"Authorization": f"Bearer {token}"}
        return client.delete(f"{API}/auth/session", headers=headers)


@pytest.fixture
def tokens(app, database) -> sessions.Tokens:
    return open_session(app, make_account(Role.COORDINATOR))


@pytest.mark.parametrize(
    "authorization",
    [
        None,
        "",
        "Bearer",
        "Bearer ",
        "Bearer nonsense",
        "Bearer " + "a" * 5000,
        "Bearer 令牌",
        "Basic dXNlcjpwYXNz",
        "Token abc",
        "Bearer a b",
    ],
)
def test_without_a_token_of_ours_nobody_comes_in(client, database, authorization):
    headers = (
        {} if authorization is None else {"Authorization": authorization.encode().decode("latin-1")}
    )
    answer = client.get(f"{API}/me", headers=headers)
    refused(answer, 401, "unauthenticated")
    assert answer.headers["WWW-Authenticate"] == "Bearer"


def test_a_session_that_rests_ends(client, tokens):
    assert me(client, tokens.access_token, MONDAY + IDLE - SECOND).status_code == 200
    refused(me(client, tokens.access_token, MONDAY + 2 * IDLE), 401, "unauthenticated")


def test_use_puts_the_idle_limit_off_but_never_the_absolute_one(client, tokens):
    at = MONDAY
    while at < MONDAY + ABSOLUTE - 20 * MINUTE:
        at += 20 * MINUTE
        assert me(client, tokens.access_token, at).status_code == 200, at
    assert me(client, tokens.access_token, MONDAY + ABSOLUTE - SECOND).status_code == 200
    refused(me(client, tokens.access_token, MONDAY + ABSOLUTE + REMEMBERED), 401)
    refused(refresh(client, tokens.refresh_token, MONDAY + ABSOLUTE), 401)


def test_last_seen_is_noted_at_most_once_a_minute(client, database, tokens):
    def last_seen() -> datetime:
        return database.scalars(sa.select(LoginSession.last_seen_at)).one()

    me(client, tokens.access_token, MONDAY + 59 * SECOND)
    assert last_seen() == MONDAY
    me(client, tokens.access_token, MONDAY + 63 * SECOND)
    assert last_seen() == MONDAY + 63 * SECOND


def test_a_phone_rests_for_days(app, client, database):
    tokens = open_session(app, make_account(Role.ENTERPRISE_STAFF))
    assert tokens.session_expires_at == MONDAY + PHONE_ABSOLUTE
    assert me(client, tokens.access_token, MONDAY + PHONE_IDLE - SECOND).status_code == 200
    refused(me(client, tokens.access_token, MONDAY + 2 * PHONE_IDLE), 401)


def test_a_refresh_gives_a_new_pair_and_voids_the_old_one(client, tokens):
    at = MONDAY + 10 * MINUTE
    assert me(client, tokens.access_token, at).status_code == 200
    answer = refresh(client, tokens.refresh_token, at)
    assert answer.status_code == 200
    given = answer.json
    assert given["access_token"] != tokens.access_token
    assert datetime.fromisoformat(given["session_expires_at"]) == MONDAY + ABSOLUTE
    assert datetime.fromisoformat(given["expires_at"]) == at + IDLE
    refused(me(client, tokens.access_token, at), 401)
    refused(refresh(client, tokens.refresh_token, at), 401)
    assert me(client, given["access_token"], at).status_code == 200
    assert refresh(client, given["refresh_token"], at + SECOND).status_code == 200


def test_a_session_that_rested_too_long_is_not_refreshed(client, tokens):
    refused(refresh(client, tokens.refresh_token, MONDAY + IDLE), 401)


@pytest.mark.parametrize("sent", ["nonsense", "令牌", "a" * 200])
def test_a_made_up_refresh_token_is_401(client, database, sent):
    refused(refresh(client, sent, MONDAY), 401, "unauthenticated")


def test_an_access_token_does_not_refresh_and_the_other_way_round(client, tokens):
    refused(refresh(client, tokens.access_token, MONDAY), 401)
    refused(me(client, tokens.refresh_token, MONDAY), 401)


def test_a_log_out_holds_at_once_and_for_both_tokens(client, tokens):
    assert me(client, tokens.access_token, MONDAY).status_code == 200
    assert log_out(client, tokens.access_token, MONDAY).status_code == 204
    refused(me(client, tokens.access_token, MONDAY), 401)
    refused(refresh(client, tokens.refresh_token, MONDAY), 401)
    refused(log_out(client, tokens.access_token, MONDAY), 401)


def test_a_log_out_leaves_the_other_sessions_of_the_account(app, client, database):
    person = make_account(Role.COORDINATOR)
    here, there = (open_session(app, person) for _ in range(2))
    log_out(client, here.access_token, MONDAY)
    assert me(client, there.access_token, MONDAY).status_code == 200


@pytest.fixture
def other_worker(committed_app, tmp_path):
    """A second process's application on the same database, with a memory of its own."""
    with application(committed_app.config["SQLALCHEMY_DATABASE_URI"], tmp_path) as other:
        yield other.test_client()


def test_a_log_out_holds_in_every_worker_within_five_seconds(committed_app, other_worker):
    with committed_app.app_context(), transaction():
        token = open_session(committed_app, make_account(Role.COORDINATOR)).access_token
    worker = committed_app.test_client()
    for client in (worker, other_worker):
        assert me(client, token, MONDAY).status_code == 200
    log_out(worker, token, MONDAY + SECOND)
    refused(me(worker, token, MONDAY + SECOND), 401)
    assert me(other_worker, token, MONDAY + SECOND).status_code == 200
    assert REMEMBERED < ALL_WORKERS
    refused(me(other_worker, token, MONDAY + ALL_WORKERS), 401)


def test_a_clock_set_back_does_not_lengthen_the_memory(client, database, tokens):
    assert me(client, tokens.access_token, MONDAY + MINUTE).status_code == 200
    database.execute(sa.update(LoginSession).values(revoked_at=MONDAY))
    refused(me(client, tokens.access_token, MONDAY + MINUTE - SECOND), 401)


def test_a_disabled_account_loses_its_sessions(app, client, database):
    person = make_account(Role.COORDINATOR)
    tokens = open_session(app, person)
    assert me(client, tokens.access_token, MONDAY).status_code == 200
    database.execute(
        sa.update(Account).where(Account.id == person.account.id).values(is_enabled=False)
    )
    refused(me(client, tokens.access_token, MONDAY + ALL_WORKERS), 401)
    refused(refresh(client, tokens.refresh_token, MONDAY), 401)


def test_a_new_password_ends_all_sessions(app, client, database):
    person = make_account(Role.COORDINATOR)
    tokens = open_session(app, person)
    password = "a-new-password-2026"
    opening.set_password(system("test"), person.account.id, password, is_one_time=False)
    db.session.flush()
    refused(me(client, tokens.access_token, MONDAY + ALL_WORKERS), 401)
    refused(refresh(client, tokens.refresh_token, MONDAY), 401)
