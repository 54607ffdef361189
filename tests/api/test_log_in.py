"""登录 by password: what it gives, and how little it tells those who guess."""

from datetime import timedelta

import pytest
import sqlalchemy as sa
from argon2 import extract_parameters

from app import clock
from app.db import transaction
from app.domain.actor import Role
from app.models.audit_entry import AuditEntry
from app.models.login_session import LoginSession
from services.accounts import passwords, rate_limits
from services.accounts.login import WINDOW
from services.accounts.passwords import hashed
from tests.callers import API
from tests.factories import MONDAY, PASSWORD, make_account
from tests.problems import places, refused

LIMIT = 10
ADDRESS_LIMIT = 100


@pytest.fixture
def person(database):
    with clock.frozen(MONDAY):
        yield make_account(Role.COORDINATOR)


def log_in(client, login, password=PASSWORD):
    body = {"login": login, "password": password}
    return client.post(f"{API}/auth/password", json=body)


def attempt(key: str, times: int) -> None:
    """As if somebody had tried so often just now."""
    for _ in range(times):
        rate_limits.count(key, times, WINDOW, at=clock.real())


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
    database.flush()
    answers = [
        log_in(client, person.account.login, "wrong"),
        log_in(client, "nobody", "wrong"),
        log_in(client, disabled.login),
    ]
    problems = [refused(answer, 401, "wrong-credentials") for answer in answers]
    for answer, problem in zip(answers, problems, strict=True):
        assert answer.headers["WWW-Authenticate"] == "Bearer"
        problem.pop("instance")
    assert problems[0] == problems[1] == problems[2]
    headers = [set(answer.headers.keys()) for answer in answers]
    assert headers[0] == headers[1] == headers[2]
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


def test_guessing_one_account_ends_after_some_tries_even_with_the_right_word(committed_app):
    """Commits are real here: a try counts though its request is rolled back."""
    client = committed_app.test_client()
    with committed_app.app_context(), clock.frozen(MONDAY), transaction():
        login = make_account(Role.COORDINATOR).account.login
        attempt(f"login:{login}", LIMIT - 1)
    with clock.frozen(MONDAY):
        refused(log_in(client, login, "wrong"), 401)
        answer = log_in(client, login)
    refused(answer, 429, "too-many-requests")
    window_ends = WINDOW.total_seconds() - MONDAY.timestamp() % WINDOW.total_seconds()
    assert int(answer.headers["Retry-After"]) == window_ends + 1
    with clock.frozen(MONDAY + timedelta(seconds=int(answer.headers["Retry-After"]))):
        assert log_in(client, login).status_code == 200


def test_an_unknown_account_is_limited_alike(client, person):
    attempt("login:nobody", LIMIT)
    refused(log_in(client, "nobody"), 429, "too-many-requests")
    assert log_in(client, person.account.login).status_code == 200


def test_success_forgives_the_tries_before_it(client, person):
    attempt(f"login:{person.account.login}", LIMIT - 1)
    assert log_in(client, person.account.login).status_code == 200
    attempt(f"login:{person.account.login}", LIMIT - 1)
    assert log_in(client, person.account.login).status_code == 200


def test_guessing_many_accounts_from_one_address_ends_too(client, person):
    attempt("address:127.0.0.1", ADDRESS_LIMIT)
    refused(log_in(client, person.account.login), 429, "too-many-requests")
    elsewhere = client.post(
        f"{API}/auth/password",
        json={"login": person.account.login, "password": PASSWORD},
        environ_overrides={"REMOTE_ADDR": "10.1.2.3"},
    )
    assert elsewhere.status_code == 200
