"""What must not go out when its time comes is dropped, says why, and makes way for the next."""

from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from flask import current_app

from app import clock
from app.db import db
from app.domain.actor import Role
from app.domain.facts.warnings import CardIssue
from app.domain.permissions import Permission as Act
from app.domain.sla_clock import ClockKind, Rung
from app.models.delivery import Delivery, WechatCircuit
from app.models.notification import Notification
from app.models.wechat import WechatBinding
from services.notifications import deliver
from services.notifications.deliver import Worker, drop_expired, send
from services.notifications.due import next_due
from services.notifications.settle import settle
from tests.domain.calendars import CALENDAR
from tests.factories import MONDAY, Person, make_account, make_housekeeper, make_ticket
from tests.factories.wechat import make_template
from tests.services.notifications.phones import (
    ACCEPTED,
    LIMITS,
    WORKER,
    claim,
    deliveries,
    make_phone,
    only_delivery,
)
from tests.wechat import APPID

SECOND, MINUTE, DAY = timedelta(seconds=1), timedelta(minutes=1), timedelta(days=1)


def claim_at(at, worker=WORKER):
    return claim(worker, at=at)


def why(delivery: Delivery) -> tuple[str, str | None]:
    return delivery.state, delivery.reason


def change(model, condition, **values) -> None:
    db.session.execute(sa.update(model).where(condition).values(**values))


def test_what_is_no_longer_true_is_dropped_and_the_next_is_taken(phone, case, cast):
    case.act(Act.WITHDRAW)
    later = make_ticket("accepted", cast, at=MONDAY + MINUTE)
    claimed = claim_at(later.at)
    assert claimed
    assert claimed.number == later.number
    assert why(deliveries(case)[0]) == ("failed", "outdated")
    assert phone.left()[0] == 1


def test_what_is_dropped_is_a_step_of_its_own(phone, case, cast):
    """Whoever has many to drop ends a transaction after each, and may be told to stop."""
    make_ticket("accepted", cast)
    db.session.execute(sa.text("DELETE FROM wechat_quotas"))
    for failed in (1, 2):
        due = next_due(at=MONDAY + DAY, real=clock.real())
        assert due
        assert deliver.claim(WORKER, due, at=MONDAY + DAY) is None
        assert [row.state for row in deliveries()].count("failed") == failed
    assert next_due(at=MONDAY + DAY, real=clock.real()) is None


def test_what_was_read_in_the_inbox_does_not_ring(phone, case):
    change(Notification, sa.true(), read_at=case.at)
    assert claim_at(case.at) is None
    assert why(only_delivery()) == ("failed", "outdated")


def test_what_has_expired_is_not_sent(phone, case):
    expired = only_delivery().expires_at
    assert claim_at(expired) is None
    assert why(only_delivery()) == ("failed", "expired")
    assert phone.left() == (2, 2)


def test_what_waits_too_long_is_dropped_also_while_nothing_can_be_sent(phone, case):
    now = clock.real()
    values = {"reason": "账号受限", "opened_at": now, "open_until": now + DAY}
    db.session.add(WechatCircuit(appid=APPID, name="subscribe/send", **values))
    db.session.flush()
    expired = only_delivery().expires_at
    assert drop_expired(at=expired - SECOND) == 0
    assert drop_expired(at=expired) == 1
    assert why(only_delivery()) == ("failed", "expired")


def test_without_a_consent_the_message_stays_in_the_inbox(wechat, templates, cast):
    phone = make_phone(wechat, cast.applicant)
    case = make_ticket("accepted", cast)
    assert claim_at(case.at) is None
    assert why(only_delivery()) == ("failed", "no-consent")
    assert phone.shown() == []


def test_the_last_consent_is_kept_for_what_matters_more(wechat, templates, cast):
    phone = make_phone(wechat, cast.applicant, "补正通知")
    lesser, greater = (make_ticket("supplementing", cast) for _ in range(2))
    change(Delivery, Delivery.id == deliveries(lesser)[0].id, rank=1)
    held = {"send_at": greater.at + MINUTE}
    change(Delivery, Delivery.id == deliveries(greater)[0].id, **held)
    assert claim_at(greater.at) is None
    assert why(deliveries(lesser)[0]) == ("failed", "kept-for-important")
    assert phone.left("补正通知") == (1, 1)
    claimed = claim_at(greater.at + MINUTE)
    assert claimed
    assert claimed.number == greater.number


@pytest.mark.parametrize("what", ["nothing", "expired", "another template", "another person"])
def test_nothing_is_kept_when_nothing_more_important_waits(wechat, templates, cast, what):
    make_phone(wechat, cast.applicant, "补正通知")
    lesser, greater = (make_ticket("supplementing", cast) for _ in range(2))
    change(Delivery, Delivery.id == deliveries(lesser)[0].id, rank=1)
    changes: dict[str, dict[str, object]] = {
        "nothing": {"state": "failed", "reason": "expired"},
        "expired": {"send_at": MONDAY + DAY, "expires_at": greater.at},
        "another template": {"send_at": MONDAY + DAY, "template": "办理反馈"},
        "another person": {
            "send_at": MONDAY + DAY,
            "binding_id": make_phone(wechat, cast.housekeeper).binding_id,
        },
    }
    change(Delivery, Delivery.id == deliveries(greater)[0].id, **changes[what])
    claimed = claim_at(greater.at)
    assert claimed
    assert claimed.number == lesser.number


@pytest.mark.parametrize("column", ["ended_at", "appid"])
def test_who_is_no_longer_bound_is_sent_nothing(phone, case, column):
    values = {"ended_at": MONDAY, "appid": "wxfedcba9876543210"}
    change(WechatBinding, WechatBinding.id == phone.binding_id, **{column: values[column]})
    make_template(ACCEPTED, appid="wxfedcba9876543210")
    assert claim_at(case.at) is None
    assert why(only_delivery()) == ("failed", "unbound")


@pytest.mark.parametrize("is_consented", [True, False])
def test_who_is_bound_anew_is_sent_what_waits(wechat, phone, case, cast, is_consented):
    ended = {"ended_at": MONDAY}
    change(WechatBinding, WechatBinding.id == phone.binding_id, **ended)
    of_before = {"template_id": "t", "provider_id": "1", "claimed_at": MONDAY}
    change(Delivery, sa.true(), **of_before)
    anew = make_phone(wechat, cast.applicant, *[ACCEPTED] * is_consented)
    claimed = claim_at(case.at)
    row = only_delivery()
    assert row.binding_id == anew.binding_id
    assert row.provider_id is None
    if is_consented:
        assert claimed
        assert settle(claimed, send(current_app.config["WECHAT"], claimed), at=case.at)
        assert (len(anew.shown()), phone.shown()) == (1, [])
    else:
        assert why(row) == ("failed", "no-consent")
    assert phone.left() == (2, 2)


def test_messages_of_another_mini_program_are_not_ours(phone, case):
    elsewhere = Worker("host:1", frozenset({"wxfedcba9876543210"}), CALENDAR, LIMITS)
    assert claim_at(case.at, elsewhere) is None
    assert why(only_delivery()) == ("failed", "unbound")


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE memberships SET valid_until = '2026-06-01 10:01+08' WHERE id = :membership",
        "UPDATE memberships SET valid_from = '2027-01-01' WHERE id = :membership",
        "UPDATE accounts SET is_enabled = false WHERE id = :account",
    ],
)
def test_who_has_left_is_told_nothing(phone, case, cast, statement):
    place = {"membership": cast.applicant.membership.id, "account": cast.applicant.account.id}
    named = {name: place[name] for name in place if f":{name}" in statement}
    db.session.execute(sa.text(statement), named)
    assert claim_at(case.at) is None
    assert why(only_delivery()) == ("failed", "outdated")


def delegate_of(housekeeper: Person) -> Person:
    """Somebody who acts for the housekeeper this week."""
    own = housekeeper.membership
    of_own: dict[str, Any] = {"housekeeper_id": own.housekeeper_id, "delegator_id": own.id}
    until = MONDAY + 7 * DAY
    return make_account(Role.DEPUTY_HOUSEKEEPER, valid_until=until, **of_own)


@pytest.mark.parametrize("whom", [lambda own: own, delegate_of])
def test_who_was_told_as_housekeeper_must_still_be_it(wechat, templates, cast, whom):
    make_phone(wechat, whom(cast.housekeeper), "新诉求待办", times=4)
    kept, taken = make_ticket("submitted", cast), make_ticket("submitted", cast)
    other = {"other": make_housekeeper().id, "number": taken.number}
    moved = "UPDATE tickets SET housekeeper_id = :other WHERE number = :number"
    db.session.execute(sa.text(moved), other)
    claimed = claim_at(MONDAY)
    assert claimed
    assert claimed.number == kept.number
    settle(claimed, send(current_app.config["WECHAT"], claimed), at=MONDAY)
    assert claim_at(MONDAY) is None
    assert why(deliveries(taken)[0]) == ("failed", "outdated")


def test_a_warning_is_dropped_once_its_clock_has_stopped(wechat, templates, cast):
    phone = make_phone(wechat, cast.housekeeper, "即将到期", "已超期", times=4)
    case = make_ticket("submitted", cast)
    db.session.execute(sa.text("DELETE FROM deliveries"))
    late = MONDAY + 9 * DAY
    case.act(Act.ISSUE_CARD, CardIssue(ClockKind.ACCEPT, Rung.RED), at=late)
    due = deliveries(case)[0].send_at
    with db.session.begin_nested() as undone:
        assert claim_at(due)
        undone.rollback()
    case.act(Act.ACCEPT, at=late + SECOND)
    assert claim_at(due) is None
    assert why(only_delivery(case)) == ("failed", "outdated")
    assert phone.left("已超期") == (4, 4)
