"""本人的会话: seeing them, ending them, how many there may be, and proving again who one is."""

from datetime import timedelta

import pytest
import sqlalchemy as sa
from flask import current_app

from app import clock
from app.db import db
from app.domain.actor import Role
from app.domain.lockout import of_account
from app.models.login_session import LoginSession
from services.accounts import lockout, sessions
from services.accounts.principals import FRESH
from services.accounts.terms import Terms
from tests.callers import API, Caller
from tests.factories import MONDAY, PASSWORD, Person, make_account
from tests.problems import places, refused

SECOND, MINUTE = timedelta(seconds=1), timedelta(minutes=1)
CHROME = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/140.0 Safari/537.36"
STALE = MONDAY + FRESH


@pytest.fixture
def person(database) -> Person:
    return make_account(Role.COORDINATOR)


@pytest.fixture
def caller(client, person) -> Caller:
    with clock.frozen(MONDAY):
        return Caller(client, person)


def delete(caller: Caller, path: str):
    return caller.client.delete(API + path, headers=caller.headers())


def test_a_session_is_shown_by_what_its_owner_knows_it_by(client, caller, person):
    with clock.frozen(MONDAY + MINUTE):
        client.post(
            f"{API}/auth/password",
            json={"login": person.account.login, "password": PASSWORD},
            headers={"User-Agent": CHROME},
            environ_overrides={"REMOTE_ADDR": "10.1.2.3"},
        )
        found = caller.get("/me/sessions").json["items"]
    here, there = sorted(found, key=lambda one: one["is_current"], reverse=True)
    assert here["is_current"]
    assert there == {
        "id": there["id"],
        "kind": "staff",
        "is_by_wechat": False,
        "client": "Chrome · Windows",
        "ip": "10.1.*.*",
        "created_at": "2026-06-01T10:01:00+08:00",
        "last_seen_at": "2026-06-01T10:01:00+08:00",
        "expires_at": "2026-06-01T22:01:00+08:00",
        "is_current": False,
    }


def test_nothing_of_others_and_nothing_that_ended_is_shown(client, caller, person):
    with clock.frozen(MONDAY):
        Caller(client, make_account(Role.COORDINATOR))
        left = Caller(client, person)
        assert delete(left, "/auth/session").status_code == 204
        assert len(caller.get("/me/sessions").json["items"]) == 1


def test_one_of_them_can_be_ended(client, caller, person):
    with clock.frozen(MONDAY):
        other = Caller(client, person)
        assert other.get("/me").status_code == 200
        shown = caller.get("/me/sessions").json["items"]
        [there] = [one["id"] for one in shown if not one["is_current"]]
        assert delete(caller, f"/me/sessions/{there}").status_code == 204
        refused(other.get("/me"), 401)
        refused(delete(caller, f"/me/sessions/{there}"), 404)
        assert caller.get("/me").status_code == 200


def test_those_of_others_are_not_there_to_be_ended(client, caller):
    with clock.frozen(MONDAY):
        other = Caller(client, make_account(Role.COORDINATOR))
        [theirs] = [one["id"] for one in other.get("/me/sessions").json["items"]]
        refused(delete(caller, f"/me/sessions/{theirs}"), 404)
        assert other.get("/me").status_code == 200


def test_all_others_can_be_ended_at_once(client, caller, person):
    with clock.frozen(MONDAY):
        others = [Caller(client, person) for _ in range(2)]
        stranger = Caller(client, make_account(Role.COORDINATOR))
        assert [other.get("/me").status_code for other in others] == [200, 200]
        assert delete(caller, "/me/sessions").status_code == 204
        for other in others:
            refused(other.get("/me"), 401)
        assert caller.get("/me").status_code == stranger.get("/me").status_code == 200


def test_the_security_administrator_ends_all_of_somebody(client, caller, person):
    with clock.frozen(MONDAY):
        assert caller.get("/me").status_code == 200
        admin = Caller(client, make_account(Role.SEC_ADMIN))
        assert admin.post(f"/accounts/{person.account.id}/sessions/end").status_code == 204
        refused(caller.get("/me"), 401)
        assert admin.get("/me").status_code == 200


def test_of_too_many_sessions_the_one_that_rested_longest_ends(database, person):
    terms = Terms(current_app.config["LIFETIMES"], most_sessions=3)
    opened = []
    for minute in range(5):
        with clock.frozen(MONDAY + minute * MINUTE):
            opened.append(sessions.open_session(person.account.id, "staff", terms))
    query = sa.select(LoginSession.token_hash).where(LoginSession.revoked_at.is_(None))
    live = set(database.scalars(query))
    assert live == {sessions.digest(tokens.access_token) for tokens in opened[-3:]}


def test_what_is_dangerous_asks_for_a_fresh_proof(caller):
    with clock.frozen(STALE - SECOND):
        assert caller.post("/me/second-factor").status_code == 200
    with clock.frozen(STALE):
        assert caller.get("/me").status_code == 200
        refused(caller.post("/me/second-factor"), 403, "reauthentication-required")
        assert caller.post("/me/reauthentication", {"password": PASSWORD}).status_code == 204
        assert caller.post("/me/second-factor").status_code == 200
    with clock.frozen(STALE + FRESH):
        refused(caller.post("/me/second-factor"), 403, "reauthentication-required")


def test_a_proof_that_another_process_heard_counts_here_too(caller):
    with clock.frozen(STALE):
        refused(caller.post("/me/second-factor"), 403)
        db.session.execute(sa.update(LoginSession).values(authenticated_at=STALE))
        assert caller.post("/me/second-factor").status_code == 200


def test_a_wrong_password_proves_nothing_and_is_limited(caller, person):
    with clock.frozen(STALE):
        answer = caller.post("/me/reauthentication", {"password": "wrong"})
        assert places(answer) == {"/password": "wrong-password"}
        refused(caller.post("/me/second-factor"), 403, "reauthentication-required")
        lockout.forgive(lockout.name_key(person.account.login))
        for _ in range(5):
            lockout.count(lockout.name_key(person.account.login), of_account(5), at=STALE)
        refused(caller.post("/me/reauthentication", {"password": PASSWORD}), 429)


@pytest.mark.parametrize("body", [{}, {"password": PASSWORD, "code": "123456"}])
def test_a_proof_is_one_of_three(caller, body):
    with clock.frozen(MONDAY):
        assert places(caller.post("/me/reauthentication", body)) == {"": "one-of"}


def test_a_code_where_there_is_no_second_factor_proves_nothing(caller):
    with clock.frozen(STALE):
        answer = caller.post("/me/reauthentication", {"code": "123456"})
        assert places(answer) == {"/code": "wrong-code"}


def test_the_document_says_which_routes_ask_for_it(client):
    paths = client.get("/api/openapi.json").json["paths"]
    place = f"{API}/accounts/{{account_id}}/second-factor/reset"
    assert "reauthentication-required" in paths[place]["post"]["description"]
    assert "reauthentication-required" not in paths[f"{API}/me"]["get"]["description"]
