"""本人的密码: changing it, what is refused, and a password that somebody else has set."""

from itertools import pairwise

import pytest

from app import clock
from app.db import db
from app.domain.actor import Role
from app.domain.lockout import of_account
from services.accounts import lockout, new_password
from tests.callers import API, Caller
from tests.factories import MONDAY, PASSWORD, Person, make_account
from tests.problems import places, refused

NEW = "Kettle-Arrow-81"


@pytest.fixture
def person(database) -> Person:
    return make_account(Role.COORDINATOR)


@pytest.fixture
def caller(client, person):
    with clock.frozen(MONDAY):
        yield Caller(client, person)


def change(caller: Caller, current: str = PASSWORD, new: str = NEW):
    return caller.post("/me/password", {"current": current, "new": new})


def log_in(client, person: Person, password: str) -> int:
    body = {"login": person.account.login, "password": password}
    return client.post(f"{API}/auth/password", json=body).status_code


def test_a_new_password_takes_the_place_of_the_old_one(client, caller, person):
    assert change(caller).status_code == 204
    assert log_in(client, person, NEW) == 200
    assert log_in(client, person, PASSWORD) == 401


def test_all_other_sessions_end_and_this_one_goes_on(client, caller, person):
    other = Caller(client, person)
    assert other.get("/me").status_code == 200
    assert change(caller).status_code == 204
    assert caller.get("/me").status_code == 200
    refused(other.get("/me"), 401)


def test_who_does_not_know_the_present_one_changes_nothing(client, caller, person):
    assert places(change(caller, current="wrong")) == {"/current": "wrong-password"}
    assert log_in(client, person, PASSWORD) == 200


def test_guessing_the_present_one_is_limited_as_a_log_in_is(caller, person):
    for _ in range(5):
        lockout.count(lockout.name_key(person.account.login), of_account(5), at=MONDAY)
    refused(change(caller), 429, "too-many-requests")


@pytest.mark.parametrize(
    ("new", "code"),
    [
        ("Ab1-Koe", "too-short"),
        ("kettlearrow", "too-simple"),
        ("Password-2026", "common"),
        (PASSWORD, "used-before"),
    ],
)
def test_a_bad_new_one_is_refused_where_it_stands(caller, new, code):
    assert places(change(caller, new=new)) == {"/new": code}


def test_the_last_five_are_not_taken_again(caller, person):
    used = [PASSWORD, *(f"Kettle-Arrow-{number}" for number in range(81, 86))]
    for current, new in pairwise(used):
        assert change(caller, current, new).status_code == 204
    for before in used[1:]:
        assert places(change(caller, used[-1], before)) == {"/new": "used-before"}
    assert change(caller, used[-1], PASSWORD).status_code == 204


def test_who_comes_by_wechat_only_has_none_to_change(caller, person):
    person.account.password_hash = None
    db.session.flush()
    refused(change(caller), 409, "no-password")


def test_a_password_that_somebody_else_set_opens_only_its_own_change(client, person):
    new_password.give(person.account, NEW)
    person.account.must_change_password = True
    db.session.flush()
    with clock.frozen(MONDAY):
        caller = Caller(client, person)
        for path in ("/tickets", "/me/sessions", "/me/messages", "/me/second-factor"):
            refused(caller.get(path), 403, "password-change-required")
        refused(caller.post("/me/second-factor"), 403, "password-change-required")
        assert caller.get("/me").json["must_first"] == "change-password"
        assert change(caller, NEW, "Arrow-Kettle-18").status_code == 204
        assert caller.get("/tickets").status_code == 200
        assert caller.get("/me").json["must_first"] is None


def test_who_has_to_change_it_may_also_leave(client, person):
    person.account.must_change_password = True
    db.session.flush()
    with clock.frozen(MONDAY):
        caller = Caller(client, person)
        left = client.delete(f"{API}/auth/session", headers=caller.headers())
        assert left.status_code == 204


def test_a_change_that_another_process_heard_counts_here_at_once(client, person):
    person.account.must_change_password = True
    db.session.flush()
    with clock.frozen(MONDAY):
        caller = Caller(client, person)
        refused(caller.get("/tickets"), 403, "password-change-required")
        person.account.must_change_password = False
        db.session.flush()
        assert caller.get("/tickets").status_code == 200
