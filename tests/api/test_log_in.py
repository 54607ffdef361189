"""登录 by password: what it gives, and how little it tells those who guess."""

from datetime import datetime, timedelta

import pytest
import sqlalchemy as sa
from argon2 import extract_parameters

from app import clock
from app.db import db, transaction
from app.domain.actor import Role
from app.domain.errors import TooManyRequests
from app.domain.lockout import of_account, of_address
from app.models.audit_entry import AuditEntry
from app.models.login_session import LoginSession
from app.models.operation import RateCounter
from services.accounts import lockout, passwords, rate_limits
from services.accounts.login import WINDOW
from services.accounts.passwords import hashed
from tests.callers import API
from tests.factories import MONDAY, PASSWORD, make_account
from tests.problems import places, refused

FREE = 5
ADDRESS_LIMIT = 100
MINUTE = timedelta(minutes=1)
HERE = lockout.address_key("127.0.0.1")


@pytest.fixture
def person(database):
    with clock.frozen(MONDAY):
        yield make_account(Role.COORDINATOR)


@pytest.fixture
def guessing(committed_app):
    """A client where commits are real: a try counts though its request is rolled back."""
    with committed_app.app_context(), clock.frozen(MONDAY), transaction():
        login = make_account(Role.COORDINATOR).account.login
        disabled = make_account(Role.COORDINATOR).account
        disabled.is_enabled = False
        by_wechat = make_account(Role.ENTERPRISE_ADMIN).account
        by_wechat.password_hash = None
        names = [login, disabled.login, by_wechat.login, "nobody"]
    return committed_app, names


def log_in(client, login, password=PASSWORD, ip="127.0.0.1"):
    body = {"login": login, "password": password}
    return client.post(f"{API}/auth/password", json=body, environ_overrides={"REMOTE_ADDR": ip})


def fail(key: str, times: int, leniency, at: datetime = MONDAY) -> None:
    """As if somebody had been wrong so often just now."""
    for _ in range(times):
        lockout.count(key, leniency, at=at)


def told(answer) -> tuple:
    """All that an answer tells, its request apart."""
    changing = {"X-Request-ID", "RateLimit"}
    headers = {name: text for name, text in answer.headers.items() if name not in changing}
    return answer.status_code, answer.json | {"instance": ""}, headers


def test_the_right_password_opens_a_session(client, database, person):
    answer = log_in(client, person.account.login)
    assert answer.status_code == 200
    assert answer.json["token_type"] == "Bearer"
    assert answer.headers["Cache-Control"] == "no-store"
    headers = {"Authorization": f"Bearer {answer.json['access_token']}"}
    assert client.get(f"{API}/me", headers=headers).json["login"] == person.account.login
    entry = database.scalars(sa.select(AuditEntry).order_by(AuditEntry.id.desc()).limit(1)).one()
    assert (entry.action, entry.account_id) == ("log_in", person.account.id)


def test_tokens_and_passwords_are_not_stored_as_they_are(client, database, person):
    given = log_in(client, person.account.login).json
    session = database.scalars(sa.select(LoginSession)).one()
    stored = (session.token_hash, session.refresh_hash)
    assert given["access_token"].encode() not in stored
    assert given["refresh_token"].encode() not in stored
    assert all(len(one) == 32 for one in stored)
    assert person.account.password_hash.startswith("$argon2id$")


def test_the_wrong_password_and_the_unknown_account_are_one_answer(client, database, person):
    disabled = make_account(Role.COORDINATOR).account
    disabled.is_enabled = False
    by_wechat = make_account(Role.ENTERPRISE_ADMIN).account
    by_wechat.password_hash = None
    database.flush()
    answers = [
        log_in(client, person.account.login, "wrong"),
        log_in(client, "nobody", "wrong"),
        log_in(client, disabled.login),
        log_in(client, by_wechat.login),
    ]
    refused(answers[0], 401, "wrong-credentials")
    assert answers[0].headers["WWW-Authenticate"] == "Bearer"
    assert all(told(answer) == told(answers[0]) for answer in answers)
    assert database.scalar(sa.select(sa.func.count()).select_from(LoginSession)) == 0


def test_an_unknown_account_costs_as_much_work_as_a_known_one():
    assert not passwords.is_right("nobody has this password", None)
    assert extract_parameters(passwords._of_nobody()) == extract_parameters(hashed("some password"))


def test_every_character_of_a_password_counts(client, person):
    refused(log_in(client, person.account.login, PASSWORD + " "), 401)
    refused(log_in(client, person.account.login, PASSWORD.lower()), 401)


def test_a_log_in_that_cannot_be_is_told_by_field(client, database):
    answer = client.post(f"{API}/auth/password", json={"login": "", "password": "p" * 129})
    assert places(answer) == {"/login": "length", "/password": "length"}


def test_the_delay_is_the_same_whoever_is_guessed_at(guessing):
    """Known, disabled, without a password, or of nobody; with the right word and without."""
    app, names = guessing
    client = app.test_client()
    with clock.frozen(MONDAY):
        for _ in range(FREE):
            answers = [log_in(client, name, "wrong") for name in names]
            assert [answer.status_code for answer in answers] == [401] * len(names)
        locked = [log_in(client, name) for name in names]
    refused(locked[0], 429, "too-many-requests")
    assert locked[0].headers["Retry-After"] == "60"
    assert all(told(answer) == told(locked[0]) for answer in locked)


def test_each_failure_after_a_delay_doubles_the_next_one(guessing):
    app, [login, *_] = guessing
    client, at = app.test_client(), MONDAY
    with app.app_context():
        fail(lockout.name_key(login), FREE, of_account(FREE))
    for minutes in (1, 2, 4, 8, 15, 15):
        with clock.frozen(at + minutes * MINUTE - timedelta(seconds=1)):
            answer = log_in(client, login)
        refused(answer, 429)
        assert answer.headers["Retry-After"] == "1"
        at += minutes * MINUTE
        with clock.frozen(at):
            refused(log_in(client, login, "wrong"), 401)


def test_who_waits_comes_in_and_success_forgives(guessing):
    app, [login, *_] = guessing
    client = app.test_client()
    for at in (MONDAY, MONDAY + 2 * MINUTE):
        with app.app_context():
            fail(lockout.name_key(login), FREE, of_account(FREE), at)
        with clock.frozen(at + MINUTE):
            assert log_in(client, login).status_code == 200


def test_a_disabled_account_is_not_forgiven_by_its_password(guessing):
    app, [_, disabled, *_] = guessing
    client = app.test_client()
    with clock.frozen(MONDAY):
        for _ in range(FREE):
            refused(log_in(client, disabled), 401)
        refused(log_in(client, disabled), 429)


def test_many_guesses_at_once_are_all_counted_before_any_is_judged(guessing):
    app, [login, *_] = guessing
    key, leniency = lockout.name_key(login), of_account(FREE)
    with app.app_context():
        fail(key, FREE, leniency)
        with pytest.raises(TooManyRequests):
            lockout.count(key, leniency, at=MONDAY)


def test_guessing_many_accounts_from_one_address_ends_too(guessing):
    app, [login, *_] = guessing
    client, leniency = app.test_client(), of_address(FREE)
    with app.app_context():
        fail(HERE, leniency.free, leniency)
    with clock.frozen(MONDAY):
        refused(log_in(client, login), 429, "too-many-requests")
        assert log_in(client, login, ip="10.1.2.3").status_code == 200


def test_an_own_log_in_does_not_forgive_the_address(guessing):
    """Else who has one account could guess at all others without end."""
    app, [login, *_] = guessing
    client, leniency = app.test_client(), of_address(FREE)
    with app.app_context():
        fail(HERE, leniency.free - 1, leniency)
    with clock.frozen(MONDAY):
        assert log_in(client, login).status_code == 200
        refused(log_in(client, "nobody"), 401)
        refused(log_in(client, login), 429)


def test_log_ins_of_one_address_have_a_limit_however_they_end(client, person):
    for _ in range(ADDRESS_LIMIT):
        rate_limits.count("address:127.0.0.1", ADDRESS_LIMIT, WINDOW, at=clock.real())
    refused(log_in(client, person.account.login), 429, "too-many-requests")
    assert log_in(client, person.account.login, ip="10.1.2.3").status_code == 200


def test_made_up_refresh_tokens_of_one_address_have_a_limit(committed_app):
    client, most = committed_app.test_client(), 10 * 100
    with committed_app.app_context(), clock.frozen(MONDAY):
        for _ in range(3):
            refused(client.post(f"{API}/auth/refresh", json={"refresh_token": "x"}), 401)
        with transaction():
            counted = sa.update(RateCounter).where(RateCounter.key == "refresh:127.0.0.1")
            assert db.session.execute(counted.values(count=most).returning(RateCounter.key)).all()
        refused(client.post(f"{API}/auth/refresh", json={"refresh_token": "x"}), 429)
