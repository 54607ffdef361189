"""第二因素: setting it up, logging in with it, losing it."""

from dataclasses import replace
from datetime import timedelta

import pyotp
import pytest
import sqlalchemy as sa

from app import clock
from app.db import db
from app.domain.actor import Role
from app.domain.lockout import of_account
from app.models.audit_entry import AuditEntry
from app.models.log_in import LoginChallenge, RecoveryCode, SecondFactor
from services.accounts import lockout
from tests.callers import API, Caller
from tests.factories import MONDAY, PASSWORD, Person, make_account
from tests.problems import places, refused

STEP = timedelta(seconds=30)
LATER = MONDAY + timedelta(minutes=20)


@pytest.fixture
def person(database) -> Person:
    return make_account(Role.COORDINATOR)


@pytest.fixture
def caller(client, person) -> Caller:
    with clock.frozen(MONDAY):
        return Caller(client, person)


@pytest.fixture
def settings_as(app, monkeypatch):
    """Other settings for this test."""

    def change(**changes: str) -> None:
        monkeypatch.setitem(app.config, "SETTINGS", replace(app.config["SETTINGS"], **changes))

    return change


def shown(secret: str, at=MONDAY) -> str:
    """What the phone shows at `at`."""
    return pyotp.TOTP(secret).at(at)


def enrol(caller: Caller, at=MONDAY) -> tuple[str, list[str]]:
    """The secret and the recovery codes of a second factor that counts from now on."""
    with clock.frozen(at):
        secret = caller.post("/me/second-factor").json["secret"]
        answer = caller.post("/me/second-factor/confirmation", {"code": shown(secret, at)})
    assert answer.status_code == 200, answer.text
    return secret, answer.json["recovery_codes"]


def first_step(client, person: Person, at=LATER) -> str:
    """The challenge that the right password gives."""
    body = {"login": person.account.login, "password": PASSWORD}
    with clock.frozen(at):
        answer = client.post(f"{API}/auth/password", json=body)
    problem = refused(answer, 401, "second-factor-needed")
    return str(problem["challenge"])


def second_step(client, challenge: str, code: str, at=LATER, ip="127.0.0.1"):
    with clock.frozen(at):
        return client.post(
            f"{API}/auth/second-factor",
            json={"challenge": challenge, "code": code},
            environ_overrides={"REMOTE_ADDR": ip},
        )


def test_what_the_phone_needs_is_told_once_and_stored_sealed(caller, person):
    with clock.frozen(MONDAY):
        answer = caller.post("/me/second-factor")
    told = answer.json
    assert told["uri"].startswith("otpauth://totp/")
    assert f"secret={told['secret']}" in told["uri"]
    assert person.account.login in told["uri"]
    assert told["qr_svg"].startswith("<svg")
    stored = db.session.get(SecondFactor, person.account.id)
    assert told["secret"].encode() not in stored.secret
    assert answer.headers["Cache-Control"] == "no-store"


def test_it_counts_only_once_it_is_confirmed(client, caller, person):
    with clock.frozen(MONDAY):
        secret = caller.post("/me/second-factor").json["secret"]
        body = {"login": person.account.login, "password": PASSWORD}
        assert client.post(f"{API}/auth/password", json=body).status_code == 200
        wrong = "000000" if shown(secret) != "000000" else "000001"
        answer = caller.post("/me/second-factor/confirmation", {"code": wrong})
        assert places(answer) == {"/code": "wrong-code"}
        assert caller.get("/me/second-factor").json["is_on"] is False
        again = caller.post("/me/second-factor").json["secret"]
    assert again != secret


def test_log_in_takes_two_steps_from_then_on(client, caller, person, database):
    secret, _ = enrol(caller)
    challenge = first_step(client, person)
    answer = second_step(client, challenge, shown(secret, LATER))
    assert answer.status_code == 200
    headers = {"Authorization": f"Bearer {answer.json['access_token']}"}
    with clock.frozen(LATER):
        me = client.get(f"{API}/me", headers=headers).json
    assert (me["login"], me["has_second_factor"]) == (person.account.login, True)
    last = sa.select(AuditEntry).where(AuditEntry.action == "log_in").order_by(AuditEntry.id.desc())
    assert database.scalars(last.limit(1)).one().facts == {"second_factor": "code"}


def test_a_challenge_opens_nothing_by_itself(client, caller, person):
    enrol(caller)
    challenge = first_step(client, person)
    with clock.frozen(LATER):
        headers = {"Authorization": f"Bearer {challenge}"}
        refused(client.get(f"{API}/me", headers=headers), 401, "unauthenticated")
    assert challenge.encode() not in db.session.scalars(sa.select(LoginChallenge.token_hash)).all()


@pytest.mark.parametrize("off", [-STEP, timedelta(0), STEP])
def test_a_phone_may_be_half_a_minute_off(client, caller, person, off):
    secret, _ = enrol(caller)
    answer = second_step(client, first_step(client, person), shown(secret, LATER + off))
    assert answer.status_code == 200


@pytest.mark.parametrize("off", [-2 * STEP, 2 * STEP])
def test_a_code_of_another_time_is_refused(client, caller, person, off):
    secret, _ = enrol(caller)
    answer = second_step(client, first_step(client, person), shown(secret, LATER + off))
    refused(answer, 401, "wrong-code")


def test_a_code_is_taken_once(client, caller, person):
    secret, _ = enrol(caller)
    code = shown(secret, LATER)
    assert second_step(client, first_step(client, person), code).status_code == 200
    refused(second_step(client, first_step(client, person), code), 401, "wrong-code")
    before = shown(secret, LATER - STEP)
    refused(second_step(client, first_step(client, person), before), 401, "wrong-code")


def test_the_code_of_the_confirmation_is_used_up_too(client, caller, person):
    secret, _ = enrol(caller)
    answer = second_step(client, first_step(client, person, MONDAY), shown(secret), MONDAY)
    refused(answer, 401, "wrong-code")


def test_a_challenge_is_used_once_of_one_address_and_soon_over(client, caller, person):
    _, codes = enrol(caller)
    challenge = first_step(client, person)
    elsewhere = second_step(client, challenge, codes[0], ip="10.1.2.3")
    refused(elsewhere, 401, "challenge-void")
    late = second_step(client, challenge, codes[0], LATER + timedelta(minutes=5))
    refused(late, 401, "challenge-void")
    assert second_step(client, challenge, codes[0]).status_code == 200
    refused(second_step(client, challenge, codes[1]), 401, "challenge-void")
    refused(second_step(client, "made up", codes[1]), 401, "challenge-void")


def test_a_disabled_account_has_no_second_step(client, caller, person):
    _, codes = enrol(caller)
    challenge = first_step(client, person)
    person.account.is_enabled = False
    db.session.flush()
    refused(second_step(client, challenge, codes[0]), 401, "challenge-void")


def test_recovery_codes_are_ten_each_good_once_however_they_are_typed(client, caller, person):
    _, codes = enrol(caller)
    assert len(set(codes)) == 10
    typed = f" {codes[0].lower().replace('-', ' ')} "
    assert second_step(client, first_step(client, person), typed).status_code == 200
    refused(second_step(client, first_step(client, person), codes[0]), 401, "wrong-code")
    hashes = db.session.scalars(sa.select(RecoveryCode.code_hash)).all()
    assert not {code.replace("-", "").encode() for code in codes} & set(hashes)


def test_renewed_recovery_codes_void_those_before(client, caller, person):
    _, codes = enrol(caller)
    with clock.frozen(MONDAY):
        renewed = caller.post("/me/second-factor/recovery-codes").json["recovery_codes"]
        assert caller.get("/me/second-factor").json["recovery_codes_left"] == 10
    refused(second_step(client, first_step(client, person), codes[0]), 401, "wrong-code")
    assert second_step(client, first_step(client, person), renewed[0]).status_code == 200


def test_codes_of_one_account_are_not_those_of_another(client, caller, person):
    enrol(caller)
    other = make_account(Role.COORDINATOR)
    with clock.frozen(MONDAY):
        theirs = Caller(client, other)
    secret, codes = enrol(theirs)
    for code in (codes[0], shown(secret, LATER)):
        refused(second_step(client, first_step(client, person), code), 401, "wrong-code")


def test_wrong_codes_have_their_own_limit(client, caller, person):
    _, codes = enrol(caller)
    challenge = first_step(client, person)
    for _ in range(5):
        lockout.count(lockout.code_key(person.account.id), of_account(5), at=LATER)
    answer = second_step(client, challenge, codes[0])
    refused(answer, 429, "too-many-requests")
    assert answer.headers["Retry-After"] == "60"
    later = second_step(client, challenge, codes[0], LATER + timedelta(minutes=1))
    assert later.status_code == 200


def test_it_is_not_begun_anew_while_it_counts(caller):
    enrol(caller)
    with clock.frozen(MONDAY):
        refused(caller.post("/me/second-factor"), 409, "second-factor-on")
        answer = caller.post("/me/second-factor/confirmation", {"code": "123456"})
        refused(answer, 409, "second-factor-not-begun")


def test_it_can_be_turned_off(client, caller, person):
    enrol(caller)
    with clock.frozen(MONDAY):
        assert (
            caller.client.delete(f"{API}/me/second-factor", headers=caller.headers()).status_code
            == 204
        )
        refused(caller.post("/me/second-factor/recovery-codes"), 409, "second-factor-off")
        body = {"login": person.account.login, "password": PASSWORD}
        assert client.post(f"{API}/auth/password", json=body).status_code == 200


def test_nobody_is_asked_where_it_is_off(client, caller, person, settings_as):
    enrol(caller)
    settings_as(staff_second_factor="off")
    with clock.frozen(LATER):
        body = {"login": person.account.login, "password": PASSWORD}
        assert client.post(f"{API}/auth/password", json=body).status_code == 200


def test_where_it_is_required_staff_without_one_can_only_set_it_up(client, caller, settings_as):
    settings_as(staff_second_factor="required")
    with clock.frozen(MONDAY):
        refused(caller.get("/tickets"), 403, "second-factor-enrolment-required")
        refused(caller.get("/me/sessions"), 403, "second-factor-enrolment-required")
        assert caller.get("/me").json["must_first"] == "enrol-second-factor"
        enrol(caller)
        assert caller.get("/tickets").status_code == 200
        assert caller.get("/me").json["must_first"] is None


def test_where_it_is_required_enterprises_and_phones_go_on_as_ever(client, database, settings_as):
    settings_as(staff_second_factor="required")
    with clock.frozen(MONDAY):
        enterprise = Caller(client, make_account(Role.ENTERPRISE_ADMIN))
        assert enterprise.get("/tickets").status_code == 200


def test_the_security_administrator_takes_a_lost_one_away(client, caller, person):
    enrol(caller)
    with clock.frozen(MONDAY):
        admin = Caller(client, make_account(Role.SEC_ADMIN))
        place = f"/accounts/{person.account.id}/second-factor/reset"
        assert admin.post(place).status_code == 204
        refused(caller.get("/me"), 401)
        body = {"login": person.account.login, "password": PASSWORD}
        assert client.post(f"{API}/auth/password", json=body).status_code == 200


def test_nobody_resets_the_own_one(client, database):
    admin = make_account(Role.SEC_ADMIN)
    with clock.frozen(MONDAY):
        caller = Caller(client, admin)
        for what in ("second-factor/reset", "sessions/end"):
            answer = caller.post(f"/accounts/{admin.account.id}/{what}")
            refused(answer, 409, "own-account")
