"""Idempotency-Key: done once, answered alike each time."""

from collections.abc import Mapping

import pytest
import sqlalchemy as sa

from app import clock
from app.domain.actor import Role
from app.domain.permissions import Permission
from app.models.operation import IdempotencyKey
from app.models.ticket import Ticket
from app.models.ticket_event import TicketEvent
from services.expiry.kept import delete_expired
from services.expiry.table import RETENTION
from tests.api.inputs import marked_routes
from tests.callers import API, Caller
from tests.factories import MONDAY, make_account, make_cast, make_ticket
from tests.problems import refused

ONE_TIME_PASSWORD = f"{API}/accounts/<id:account_id>/password-reset"
REQUEST = {"title": "厂区用电增容", "body": "新生产线投产需要增加用电容量，请协调。"}
ACCEPT = {"ticket_class": "normal", "category_code": "utilities"}


@pytest.fixture
def cast(database):
    return make_cast()


@pytest.fixture
def applicant(client, cast) -> Caller:
    return Caller(client, cast.applicant)


def post(caller, path, body, headers: Mapping[str, str]):
    return caller.client.post(API + path, json=body, headers=caller.headers() | dict(headers))


def submit(caller, key="k1", body=None, **headers):
    return post(caller, "/tickets", body or REQUEST, {"Idempotency-Key": key} | headers)


def count(database, model) -> int:
    return database.scalar(sa.select(sa.func.count()).select_from(model))


def test_a_ticket_is_not_submitted_without_a_key(applicant, database):
    problem = refused(post(applicant, "/tickets", REQUEST, {}), 422, "invalid-input")
    assert [error["code"] for error in problem["errors"]] == ["idempotency-key-required"]
    assert count(database, Ticket) == 0


@pytest.mark.parametrize("key", ["", " ", "a b", "k" * 201, "键", "a\tb"])
def test_a_key_is_visible_ascii_of_some_length(applicant, database, key):
    problem = refused(submit(applicant, key.encode().decode("latin-1")), 422)
    assert [error["code"] for error in problem["errors"]] == ["idempotency-key"]
    assert count(database, Ticket) == 0


def test_the_same_request_is_answered_alike_and_done_once(applicant, database):
    first, again = submit(applicant), submit(applicant)
    assert (first.status_code, again.status_code) == (201, 201)
    assert again.data == first.data
    for name in ("ETag", "Location", "Content-Type", "Cache-Control"):
        assert again.headers[name] == first.headers[name]
    assert "Idempotent-Replayed" not in first.headers
    assert again.headers["Idempotent-Replayed"] == "true"
    assert again.headers["X-Request-ID"] != first.headers["X-Request-ID"]
    assert count(database, Ticket) == 1


def test_the_same_key_with_another_body_is_refused(applicant, database):
    submit(applicant)
    problem = refused(submit(applicant, body=REQUEST | {"title": "另一件事"}), 422)
    assert [error["code"] for error in problem["errors"]] == ["idempotency-key-reused"]
    assert count(database, Ticket) == 1


def test_keys_of_two_accounts_have_nothing_to_do_with_each_other(applicant, client, cast):
    colleague = Caller(
        client, make_account(Role.ENTERPRISE_STAFF, enterprise_id=cast.enterprise.id)
    )
    first, second = submit(applicant), submit(colleague)
    assert second.status_code == 201
    assert second.json["number"] != first.json["number"]
    assert "Idempotent-Replayed" not in second.headers


def test_keys_of_two_paths_have_nothing_to_do_with_each_other(client, cast):
    housekeeper = Caller(client, cast.housekeeper)
    numbers = [make_ticket(cast=cast).number for _ in range(2)]
    headers = {"Idempotency-Key": "k1", "If-Match": '"1"'}
    answers = [
        post(housekeeper, f"/tickets/{number}/acceptance", ACCEPT, headers) for number in numbers
    ]
    assert [answer.json["number"] for answer in answers] == numbers


def test_one_key_in_two_memberships_is_not_one_request(client, cast, applicant, database):
    account = cast.applicant.account
    other = make_account(Role.ENTERPRISE_STAFF, account, is_default=False)
    here, there = cast.applicant.membership.id, other.membership.id
    assert submit(applicant, **{"X-Membership": str(here)}).status_code == 201
    problem = refused(submit(applicant, **{"X-Membership": str(there)}), 422)
    assert [error["code"] for error in problem["errors"]] == ["idempotency-key-reused"]
    assert submit(applicant, **{"X-Membership": str(here)}).headers["Idempotent-Replayed"]
    assert count(database, Ticket) == 1


def test_a_replay_is_looked_up_before_if_match(client, cast):
    housekeeper, case = Caller(client, cast.housekeeper), make_ticket(cast=cast)
    path, headers = f"/tickets/{case.number}/acceptance", {"Idempotency-Key": "a1"}
    with clock.frozen(MONDAY):
        first = post(housekeeper, path, ACCEPT, headers | {"If-Match": '"1"'})
        case.act(Permission.DISPATCH)
        again = post(housekeeper, path, ACCEPT, headers | {"If-Match": '"1"'})
        without = post(housekeeper, path, ACCEPT, headers)
        other_key = post(housekeeper, path, ACCEPT, {"Idempotency-Key": "a2", "If-Match": '"1"'})
    assert (first.status_code, first.json["status"]) == (200, "accepted")
    for replay in (again, without):
        assert (replay.status_code, replay.data) == (200, first.data)
    refused(other_key, 412)


def test_an_error_is_not_kept(client, cast, database):
    housekeeper, case = Caller(client, cast.housekeeper), make_ticket(cast=cast)
    path, key = f"/tickets/{case.number}/acceptance", {"Idempotency-Key": "e1"}
    refused(post(housekeeper, path, ACCEPT, key), 428)
    refused(post(housekeeper, path, ACCEPT, key | {"If-Match": '"7"'}), 412)
    refused(post(housekeeper, path, {}, key | {"If-Match": '"1"'}), 422)
    assert count(database, IdempotencyKey) == 0
    right = post(housekeeper, path, ACCEPT, key | {"If-Match": '"1"'})
    assert (right.status_code, right.headers.get("Idempotent-Replayed")) == (200, None)
    assert count(database, IdempotencyKey) == 1


def test_a_replay_writes_nothing(applicant, database):
    submit(applicant)
    before = [count(database, model) for model in (Ticket, TicketEvent, IdempotencyKey)]
    submit(applicant)
    assert [count(database, model) for model in (Ticket, TicketEvent, IdempotencyKey)] == before


def test_a_key_is_kept_for_a_day(applicant, database):
    submit(applicant)
    [kept] = [one for one in RETENTION if one.model is IdempotencyKey]
    term = kept.kept_for({})
    assert term.total_seconds() == 24 * 60 * 60
    assert delete_expired(kept, {}, at=clock.real()) == 0
    assert delete_expired(kept, {}, at=clock.real() + term * 1.01) == 1


def test_a_replay_needs_the_right_to_ask(applicant, client):
    submit(applicant)
    answer = client.post(f"{API}/tickets", json=REQUEST, headers={"Idempotency-Key": "k1"})
    refused(answer, 401)


def test_every_post_takes_a_key_but_those_of_sessions_and_tests(app):
    without = {
        rule
        for method, rule, marks in marked_routes(app)
        if method == "POST" and not marks.takes_key and not marks.reads_raw
    }
    ways = ("password", "second-factor", "wechat", "phone", "refresh")
    sessions = {f"{API}/auth/{way}" for way in ways}
    # A visitor is nobody yet whom a key could belong to; asked twice, both leave one membership.
    visits = {f"{API}/auth/invitation", f"{API}/auth/membership-request"}
    # What is secret and handed out once is not kept for a second time.
    own = {f"{API}/me/{what}" for what in ("password", "reauthentication", "second-factor")}
    own |= {f"{API}/me/second-factor/{what}" for what in ("confirmation", "recovery-codes")}
    own |= {f"{API}/me/data-requests/<id:request_id>/copy"}
    # Its code is good once, and the same member is bound once.
    own |= {f"{API}/me/wecom-binding"}
    # For an account whatever its roles, and leading to the same when asked twice.
    own |= {f"{API}/me/closing", f"{API}/me/memberships"}
    # Each taking is a disclosure of its own, and the audit says so; no copy is kept.
    taken = {f"{API}/tickets/<number:number>/case-file.{kind}" for kind in ("json", "pdf")}
    # Nothing comes of it, however often.
    shown = {f"{API}/message-templates/<string:kind>/preview"}
    other = {f"{API}/testing/clock", ONE_TIME_PASSWORD}
    assert without == sessions | visits | own | taken | shown | other
    needing = {rule for _, rule, marks in marked_routes(app) if marks.needs_key}
    assert needing == {f"{API}/tickets"}
