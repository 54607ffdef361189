"""Claim, send, settle: what is due goes out once, and what must not go out stays in the inbox."""

from datetime import timedelta

import pytest
import sqlalchemy as sa
from flask import current_app
from sqlalchemy.exc import IntegrityError

from app import clock
from app.db import db
from app.models.delivery import Delivery, WechatCircuit
from services.gateways.wechat import Patience
from services.notifications import deliver, usual_way
from services.notifications.deliver import drop_expired, release_lapsed, send
from services.notifications.due import is_any_due, next_due
from services.notifications.settle import settle
from tests.factories import MONDAY, make_cast, make_ticket
from tests.services.notifications.phones import (
    ACCEPTED,
    WORKER,
    claim,
    make_phone,
    only_delivery,
)
from tests.wechat import APPID, TEMPLATES

pytestmark = pytest.mark.usefixtures("database")

SECOND, MINUTE, DAY = timedelta(seconds=1), timedelta(minutes=1), timedelta(days=1)


def claim_at(at, worker=WORKER):
    return claim(worker, at=at)


def deliver_at(at) -> bool:
    """Claim what is due, send and settle it; whether it was accepted."""
    claimed = claim_at(at)
    assert claimed
    return settle(claimed, send(current_app.config["WECHAT"], claimed), at=at)


def why(delivery: Delivery) -> tuple[str, str | None]:
    return delivery.state, delivery.reason


def change(model, condition, **values) -> None:
    db.session.execute(sa.update(model).where(condition).values(**values))


def test_what_is_due_reaches_the_phone(phone, case):
    assert deliver_at(case.at)
    [message] = phone.shown()
    assert message["title"] == "受理通知"
    assert message["page"] == f"pages/tickets/detail?number={case.number}"
    values = {line["label"]: line["value"] for line in message["lines"]}
    assert values["诉求编号"] == case.number
    assert values["受理时间"] == "2026-06-01 10:01"
    row = only_delivery()
    assert (row.state, row.attempts, row.provider_id) == ("sent", 1, str(message["msgid"]))
    assert (row.leased_until, row.sent_at is not None, row.is_reserved) == (None, True, True)
    assert phone.left() == (1, 1)
    assert not phone.is_busy
    assert claim_at(case.at) is None


def test_a_claim_holds_the_message_the_person_and_a_consent(phone, case):
    with clock.frozen(MONDAY):
        claimed = claim_at(case.at)
    assert claimed
    assert claimed.leased_until == MONDAY + deliver.LEASE
    row = only_delivery()
    assert (row.state, row.attempts, row.is_reserved) == ("sending", 1, True)
    assert row.claimed_at == MONDAY
    assert (row.worker, row.leased_until) == (claimed.worker, claimed.leased_until)
    assert row.worker
    assert row.worker.startswith("host:1/")
    assert phone.is_busy
    assert phone.left() == (1, 2)
    assert phone.openid not in repr(claimed)


def test_a_lease_outlasts_everything_that_the_gateway_may_wait_for():
    waits_and_calls = 6
    assert timedelta(seconds=waits_and_calls * Patience().total) < deliver.LEASE


def test_nothing_goes_out_before_its_time(phone, case):
    assert claim_at(case.at - SECOND) is None
    assert not is_any_due(at=case.at - SECOND, real=clock.real())
    assert is_any_due(at=case.at, real=clock.real())


@pytest.mark.parametrize("name", ["token", "subscribe/send"])
def test_an_open_circuit_holds_everything_and_closes_by_itself(phone, case, name):
    now = clock.real()
    values = {"reason": "IP 不在白名单中", "opened_at": now, "open_until": now + MINUTE}
    db.session.add(WechatCircuit(appid=APPID, name=name, errcode=40164, **values))
    db.session.flush()
    assert claim_at(case.at) is None
    assert only_delivery().state == "pending"
    assert not is_any_due(at=case.at, real=now)
    with clock.frozen(now + MINUTE):
        assert claim_at(case.at)


@pytest.mark.parametrize("state", ["missing", "mismatched", "stopped"])
def test_a_template_that_may_not_be_used_keeps_its_messages_waiting(phone, case, state):
    db.session.execute(sa.text("UPDATE wechat_templates SET state = :state"), {"state": state})
    assert claim_at(case.at) is None
    assert only_delivery().state == "pending"


def test_one_person_is_sent_one_message_at_a_time(phone, case, cast):
    second = make_ticket("accepted", cast)
    with clock.frozen(MONDAY):
        first = claim_at(second.at)
        assert first
        assert claim_at(second.at) is None
        assert not is_any_due(at=second.at, real=MONDAY)
        settle(first, send(current_app.config["WECHAT"], first), at=second.at)
        assert claim_at(second.at)


def test_a_person_stays_busy_until_the_lost_worker_is_noticed(phone, case, cast):
    second = make_ticket("accepted", cast)
    with clock.frozen(MONDAY):
        assert claim_at(second.at)
    with clock.frozen(MONDAY + deliver.LEASE):
        assert claim_at(second.at) is None
        assert release_lapsed(at=clock.real()) == 1
        assert claim_at(second.at)


def test_the_table_itself_keeps_a_second_sender_away(phone, case, cast):
    make_ticket("accepted", cast)
    sending = {"state": "sending", "leased_until": MONDAY}
    with pytest.raises(IntegrityError):
        change(Delivery, sa.true(), **sending)


def test_who_has_waited_longest_comes_first(wechat, phone, case):
    others = make_cast()
    make_phone(wechat, others.applicant, ACCEPTED)
    make_ticket("accepted", others, at=MONDAY - DAY)
    claimed = claim_at(case.at)
    assert claimed
    assert claimed.binding_id != phone.binding_id
    second = claim_at(case.at)
    assert second
    assert second.binding_id == phone.binding_id


def test_of_one_persons_messages_the_most_important_comes_first(phone, case, cast):
    phone.consent("补正通知", times=2)
    urgent = make_ticket("supplementing", cast, at=MONDAY + MINUTE)
    claimed = claim_at(urgent.at)
    assert claimed
    assert claimed.number == urgent.number


def test_a_worker_that_comes_back_late_still_says_what_it_knows(phone, case):
    with clock.frozen(MONDAY):
        claimed = claim_at(case.at)
        assert claimed
        result = send(current_app.config["WECHAT"], claimed)
    assert release_lapsed(at=claimed.leased_until - SECOND) == 0
    assert release_lapsed(at=claimed.leased_until) == 1
    assert why(only_delivery()) == ("unknown", "worker-lost")
    assert phone.left() == (1, 1)
    settle(claimed, result, at=case.at)
    assert why(only_delivery()) == ("sent", None)
    assert phone.left() == (1, 1)


def test_what_is_no_longer_the_workers_is_left_alone(phone, case):
    with clock.frozen(MONDAY):
        claimed = claim_at(case.at)
        assert claimed
        result = send(current_app.config["WECHAT"], claimed)
    release_lapsed(at=claimed.leased_until)
    change(Delivery, sa.true(), state="pending", reason=None, attempts=0)
    again = claim_at(case.at)
    assert again
    assert again.worker != claimed.worker
    settle(claimed, result, at=case.at)
    assert (only_delivery().state, only_delivery().worker) == ("sending", again.worker)
    assert phone.is_busy


def test_a_claim_that_has_grown_old_is_not_carried_out(phone, case, wechat):
    with clock.frozen(MONDAY):
        claimed = claim_at(case.at)
    assert claimed
    with clock.frozen(claimed.leased_until - deliver.LAST_CALL + SECOND):
        settle(claimed, send(current_app.config["WECHAT"], claimed), at=case.at)
        assert wechat.calls("subscribe/send") == []
        assert why(only_delivery()) == ("pending", None)
        assert phone.left() == (2, 2)
        again = claim_at(case.at + MINUTE)
    assert again
    with clock.frozen(again.leased_until - deliver.LAST_CALL):
        settle(again, send(current_app.config["WECHAT"], again), at=case.at)
    assert only_delivery().state == "sent"


def test_a_fault_of_our_database_leaves_nothing_in_the_dark(phone, case, wechat, caplog):
    claimed = claim_at(case.at)
    assert claimed
    db.session.execute(sa.text("ALTER TABLE wechat_tokens RENAME TO wechat_tokens_away"))
    result = send(current_app.config["WECHAT"], claimed)
    db.session.execute(sa.text("ALTER TABLE wechat_tokens_away RENAME TO wechat_tokens"))
    assert not settle(claimed, result, at=case.at)
    assert wechat.calls("subscribe/send") == []
    assert (why(only_delivery()), phone.left()) == (("pending", None), (2, 2))
    assert "ProgrammingError" in caplog.text
    assert deliver_at(only_delivery().send_at)


def test_who_has_had_a_turn_lets_others_go_first(wechat, phone, case, cast):
    second = make_ticket("accepted", cast)
    due = next_due(at=second.at, real=MONDAY)
    assert due
    assert due.binding_id == phone.binding_id
    assert next_due([phone.binding_id], at=second.at, real=MONDAY) is None
    others = make_cast()
    other = make_phone(wechat, others.applicant, ACCEPTED)
    third = make_ticket("accepted", others, at=MONDAY + MINUTE)
    due = next_due([phone.binding_id], at=third.at, real=MONDAY)
    assert due
    assert due.binding_id == other.binding_id


def test_what_is_unknown_is_never_taken_again_by_itself(phone, case, wechat):
    wechat.fault("reset_after", match={"path": "subscribe/send"}, times=1)
    assert not deliver_at(case.at)
    row = only_delivery()
    assert why(row) == ("unknown", "no-answer")
    assert claim_at(row.expires_at - SECOND) is None
    assert drop_expired(at=row.expires_at + DAY) == 0
    assert release_lapsed(at=clock.real() + DAY) == 0
    assert len(phone.shown()) == 1
    assert TEMPLATES[ACCEPTED] == row.template_id


def test_the_usual_way_books_nothing_that_is_kept_for_others(phone, case):
    lease = ("host:1/x", case.at + deliver.LEASE, None)
    row = only_delivery()
    quota = (phone.binding_id, TEMPLATES[ACCEPTED], row.id)
    assert not usual_way.book_and_take(quota, lease, kept_for=2, at=case.at)
    assert (only_delivery().state, phone.left()) == ("pending", (2, 2))
    assert usual_way.book_and_take(quota, lease, kept_for=1, at=case.at)
    assert (only_delivery().state, phone.left()) == ("sending", (1, 2))
