"""What did not reach a phone is seen by who minds it, and sent again when they say so."""

from datetime import timedelta

import pytest
import sqlalchemy as sa
from flask import current_app

from app import clock
from app.db import db
from app.domain.actor import Role
from app.domain.delivery import REASON_LABELS, STATE_LABELS, Reason
from app.models.account import Account
from app.models.audit_entry import AuditEntry
from app.models.delivery import Delivery
from app.models.wechat import WechatBinding
from services.notifications.deliver import LEASE, release_lapsed, send
from services.notifications.settle import settle
from tests.callers import Caller
from tests.factories import make_account, make_cast, make_ticket
from tests.factories.wechat import make_binding
from tests.services.notifications.phones import (
    ACCEPTED,
    WORKER,
    claim,
    know_templates,
    make_phone,
    only_delivery,
)

DAY = timedelta(days=1)


@pytest.fixture
def cast(database):
    """The people of one enterprise."""
    return make_cast()


@pytest.fixture
def phone(wechat, cast):
    """The applicant's phone, with two consents to be told of an acceptance."""
    know_templates()
    return make_phone(wechat, cast.applicant, ACCEPTED, times=2)


@pytest.fixture
def case(phone, cast):
    """A ticket whose acceptance is to be told."""
    return make_ticket("accepted", cast)


@pytest.fixture
def coordinator(client, cast) -> Caller:
    """Somebody of the coordination office."""
    return Caller(client, cast.coordinator)


def fail(reason=Reason.NO_CONSENT, state="failed") -> int:
    """Everything that waits has ended like this."""
    db.session.execute(sa.update(Delivery).values(state=state, reason=reason))
    return only_delivery().id


def lose(case) -> int:
    """The worker was lost with the message."""
    claimed = claim(WORKER, at=case.at)
    assert claimed
    release_lapsed(at=claimed.leased_until)
    return claimed.delivery_id


def listed(caller, query="") -> list[dict]:
    answer = caller.get(f"/deliveries{query}")
    assert answer.status_code == 200, answer.text
    return answer.json["items"]


def test_what_failed_is_listed_with_its_reason(coordinator, case, cast):
    delivery_id = fail()
    db.session.execute(sa.update(Delivery).values(attempts=2))
    [item] = listed(coordinator)
    assert item["created_at"].startswith("2026-06-01T10:01")
    assert item["send_at"].startswith("2026-06-01T10:01")
    assert item | {"created_at": "", "send_at": ""} == {
        "id": delivery_id,
        "ticket_number": case.number,
        "kind": "accepted",
        "title": "受理通知",
        "recipient": cast.applicant.account.name,
        "state": "failed",
        "state_label": "未送达",
        "reason": "no-consent",
        "reason_label": "接收人没有可用的订阅",
        "attempts": 2,
        "created_at": "",
        "send_at": "",
    }


@pytest.mark.parametrize("reason", Reason)
def test_every_reason_is_told_in_chinese(coordinator, case, reason):
    fail(reason)
    assert listed(coordinator)[0]["reason_label"] == REASON_LABELS[reason]


def test_only_what_ended_badly_is_listed(coordinator, case):
    assert listed(coordinator) == []
    db.session.execute(sa.update(Delivery).values(state="sent"))
    assert listed(coordinator) == []
    fail(Reason.NO_ANSWER, "unknown")
    assert [item["state"] for item in listed(coordinator)] == ["unknown"]
    assert listed(coordinator, "?state=failed") == []
    assert len(listed(coordinator, "?state=unknown")) == 1


def test_pages_follow_each_other_newest_first(coordinator, phone, cast):
    for _ in range(3):
        make_ticket("accepted", cast)
    db.session.execute(sa.update(Delivery).values(state="failed", reason="expired"))
    first = coordinator.get("/deliveries?limit=2").json
    second = coordinator.get(f"/deliveries?limit=2&cursor={first['next_cursor']}").json
    ids = [item["id"] for item in first["items"] + second["items"]]
    assert ids == sorted(ids, reverse=True)
    assert (len(ids), second["next_cursor"]) == (3, None)


@pytest.mark.parametrize("query", ["?state=sent", "?state=pending", "?cursor=abc", "?limit=0"])
def test_a_wrong_question_is_refused(coordinator, query):
    assert coordinator.get(f"/deliveries{query}").status_code == 422


def test_others_see_nothing_of_it_and_change_nothing(client, case):
    delivery_id = fail()
    elsewhere = Caller(client, make_account(Role.COORDINATOR, area_prefix="210303"))
    assert listed(elsewhere) == []
    assert elsewhere.post(f"/deliveries/{delivery_id}/resend").status_code == 404
    for person in (case.cast.applicant, case.cast.housekeeper, case.cast.supervisor):
        caller = Caller(client, person)
        assert caller.get("/deliveries").status_code == 403
        assert caller.post(f"/deliveries/{delivery_id}/resend").status_code == 403
    assert only_delivery().state == "failed"


def test_a_message_is_sent_again_at_once(coordinator, phone, case):
    delivery_id = fail()
    spent = {"attempts": 3, "errcode": 43101, "worker": "gone", "expires_at": case.at}
    db.session.execute(sa.update(Delivery).values(**spent))
    answer = coordinator.post(f"/deliveries/{delivery_id}/resend")
    assert answer.status_code == 200, answer.text
    assert (answer.json["state"], answer.json["reason"]) == ("pending", None)
    assert answer.json["state_label"] == STATE_LABELS["pending"]
    row = only_delivery()
    assert (row.attempts, row.errcode, row.worker, row.reason) == (0, None, None, None)
    assert abs(row.send_at - clock.now()) < DAY / 24
    assert row.expires_at == row.send_at + DAY
    claimed = claim(WORKER, at=row.send_at)
    assert claimed
    assert settle(claimed, send(current_app.config["WECHAT"], claimed), at=row.send_at)
    assert len(phone.shown()) == 1
    assert listed(coordinator) == []


def test_what_is_of_use_for_longer_keeps_its_time(coordinator, case):
    late = clock.now() + 9 * DAY
    delivery_id = fail()
    db.session.execute(sa.update(Delivery).values(expires_at=late))
    coordinator.post(f"/deliveries/{delivery_id}/resend")
    assert only_delivery().expires_at == late


def test_sending_again_is_kept_in_the_audit(coordinator, case, cast):
    delivery_id = fail()
    coordinator.post(f"/deliveries/{delivery_id}/resend")
    entry = db.session.scalars(sa.select(AuditEntry).filter_by(action="resend_delivery")).one()
    assert (entry.account_id, entry.subject) == (
        cast.coordinator.account.id,
        f"delivery:{delivery_id}",
    )
    assert entry.facts == {"ticket": case.number, "state": "failed", "reason": "no-consent"}


@pytest.mark.parametrize("state", ["pending", "sent", "sending"])
def test_what_has_not_ended_badly_is_not_sent_again(coordinator, case, state):
    lease = clock.real() if state == "sending" else None
    db.session.execute(sa.update(Delivery).values(state=state, leased_until=lease))
    answer = coordinator.post(f"/deliveries/{only_delivery().id}/resend")
    assert answer.status_code == 409
    assert "未送达" in answer.json["detail"]
    assert only_delivery().state == state


def test_one_that_is_not_there_is_not_found(coordinator):
    assert coordinator.post("/deliveries/999999/resend").status_code == 404


def test_what_is_no_longer_true_is_not_sent_even_then(coordinator, case):
    delivery_id = fail()
    db.session.execute(
        sa.update(Account)
        .where(Account.id == case.cast.applicant.account.id)
        .values(is_enabled=False)
    )
    coordinator.post(f"/deliveries/{delivery_id}/resend")
    assert claim(WORKER, at=clock.now()) is None
    assert only_delivery().reason == "outdated"


def test_the_booking_of_an_unknown_one_stays_spent(coordinator, phone, case):
    delivery_id = lose(case)
    assert phone.left()[0] == 1
    coordinator.post(f"/deliveries/{delivery_id}/resend")
    with clock.frozen(clock.real() + 2 * LEASE):
        claimed = claim(WORKER, at=clock.now())
        assert claimed
        assert phone.left()[0] == 0
        settle(claimed, send(current_app.config["WECHAT"], claimed), at=clock.now())
    assert only_delivery().state == "sent"
    assert phone.left()[0] == 0


def test_a_refused_second_sending_gives_back_its_own_booking_only(coordinator, wechat, phone, case):
    delivery_id = lose(case)
    coordinator.post(f"/deliveries/{delivery_id}/resend")
    wechat.fault("errcode", match={"path": "subscribe/send"}, errcode=47003)
    with clock.frozen(clock.real() + 2 * LEASE):
        claimed = claim(WORKER, at=clock.now())
        assert claimed
        settle(claimed, send(current_app.config["WECHAT"], claimed), at=clock.now())
    assert only_delivery().state == "failed"
    assert phone.left()[0] == 1


def test_a_worker_of_before_changes_nothing_of_what_is_sent_again(coordinator, phone, case):
    claimed = claim(WORKER, at=case.at)
    assert claimed
    release_lapsed(at=claimed.leased_until)
    coordinator.post(f"/deliveries/{claimed.delivery_id}/resend")
    settle(claimed, send(current_app.config["WECHAT"], claimed), at=case.at)
    assert only_delivery().state == "pending"


def test_it_goes_to_whoever_the_person_is_on_wechat_now(coordinator, phone, case, cast):
    delivery_id = fail(Reason.UNBOUND)
    db.session.execute(sa.update(WechatBinding).values(ended_at=clock.real()))
    newer = make_binding(cast.applicant)
    coordinator.post(f"/deliveries/{delivery_id}/resend")
    assert only_delivery().binding_id == newer.id


def test_who_is_bound_no_more_stays_unreached(coordinator, phone, case):
    delivery_id = fail(Reason.UNBOUND)
    db.session.execute(sa.update(WechatBinding).values(ended_at=clock.real()))
    assert coordinator.post(f"/deliveries/{delivery_id}/resend").status_code == 200
    assert claim(WORKER, at=clock.now()) is None
    assert only_delivery().reason == "unbound"
