"""The job that brings messages to phones: over HTTP, in threads, with real commits."""

from datetime import timedelta

import pytest
import sqlalchemy as sa

from app import clock
from app.db import db, transaction
from app.models.delivery import Delivery, WechatCircuit, WechatSendCount
from jobs import runner
from jobs.deliver_notifications import SENDERS, deliver_notifications
from services.gateways.wechat import MiniProgram, Patience, WeChat
from services.gateways.wechat_programs import Programs
from services.notifications.deliver import Worker
from services.wechat_credentials import StoredCredentials
from tests.domain.calendars import CALENDAR
from tests.services.notifications.phones import ACCEPTED, LIMITS, claim
from tests.threads import PATIENCE, all_at_once, beside
from tests.wechat import APPID, SECRET
from tools.watch import settle as moment
from tools.watch import wait_until

SENDING = {"path": "subscribe/send"}
HOUR = timedelta(hours=1)


def run(office, at=None):
    with office.app.app_context(), clock.frozen(at or clock.real()):
        return deliver_notifications()


def run_all(office) -> int:
    """Round after round until nobody waits; how many messages were accepted."""
    rounds = []
    while office.waiting():
        rounds.append(run(office).items)
    return sum(rounds)


def errcodes(wechat) -> list[int | None]:
    return [call["errcode"] for call in wechat.calls("subscribe/send")]


def sql(office, statement: str) -> None:
    with office.app.app_context(), transaction():
        db.session.execute(sa.text(statement))


def test_everything_that_is_due_arrives_once(office, wechat):
    office.post(people=5, messages=3)
    assert run_all(office) == 15
    assert office.states() == {"sent": 15}
    assert set(office.arrived().values()) == {1}
    office.check()
    assert run(office).items == 0
    assert errcodes(wechat) == [0] * 15


def test_in_a_round_everybody_has_one_turn_however_much_waits_for_one(office):
    """All senders begin the next round together, and a pile keeps nobody waiting."""
    office.post(people=1, messages=9)
    office.post(people=6, messages=2)
    outcome = run(office)
    assert (outcome.items, outcome.failures, outcome.is_cut_short) == (7, 0, False)
    assert [len(phone.shown()) for phone in office.phones] == [1] * 7


def test_what_nobody_has_consented_to_is_dropped_in_one_round(office):
    office.post(people=1, messages=5)
    sql(office, "DELETE FROM wechat_quotas")
    assert run(office).items == 0
    assert office.states() == {"failed": 5}


def test_told_to_stop_nothing_more_is_dropped_either(office):
    office.post(people=1, messages=5)
    sql(office, "DELETE FROM wechat_quotas")
    try:
        runner.stopping.set()
        assert run(office).is_cut_short
    finally:
        runner.stopping.clear()
    assert office.states() == {"pending": 5}


def test_nothing_is_done_where_no_mini_program_is_configured(office):
    office.post(people=1, messages=1)
    office.app.config["WECHAT"] = None
    assert run(office).items == 0
    assert office.states() == {"pending": 1}


def test_what_is_over_is_settled_without_a_mini_program_too(office):
    office.post(people=2, messages=1)
    with office.app.app_context(), transaction():
        assert claim(Worker("lost:1", frozenset({APPID}), CALENDAR, LIMITS), at=clock.now())
    office.app.config["WECHAT"] = None
    run(office, clock.real() + 25 * HOUR)
    assert office.states() == {"unknown": 1, "failed": 1}


def test_many_senders_never_send_to_one_person_at_once(office, wechat):
    office.post(people=1, messages=12)
    office.post(people=3, messages=2)
    wechat.fault("latency", match=SENDING, ms=5, to_ms=25)
    at = clock.real()
    outcomes = all_at_once(office.app, *[deliver_notifications] * 3, at=at)
    assert sum(outcome.items for outcome in outcomes) <= 18
    run_all(office)
    assert office.states() == {"sent": 18}
    assert errcodes(wechat) == [0] * 18
    office.check()


def test_a_person_whom_somebody_holds_is_passed_over(office):
    office.post(people=2, messages=1)
    first = "SELECT 1 FROM wechat_bindings WHERE id = :id FOR UPDATE"
    with office.app.app_context(), db.engines[None].connect() as holder:
        holder.execute(sa.text(first), {"id": office.phones[0].binding_id})
        with beside(office.app, deliver_notifications, at=clock.real()) as sending:
            is_done = wait_until(sending.done, PATIENCE, by=moment)
            holder.rollback()
    assert is_done
    assert office.states() == {"sent": 1, "pending": 1}


def test_who_writes_to_a_person_is_not_in_the_way(office):
    """A change of a ticket writes a delivery; its transaction may last."""
    office.post(people=1, messages=1)
    refers = "SELECT 1 FROM wechat_bindings FOR KEY SHARE"
    with office.app.app_context(), db.engines[None].connect() as holder:
        holder.execute(sa.text(refers))
        assert run(office).items == 1


def test_no_transaction_is_open_while_the_platform_is_asked(office, wechat):
    office.post(people=SENDERS, messages=1)
    wechat.fault("latency", match=SENDING, ms=1_500)
    open_ones = sa.text(
        "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
        " AND pid <> pg_backend_pid() AND xact_start IS NOT NULL"
        " AND backend_type = 'client backend'"
    )
    with beside(office.app, deliver_notifications, at=clock.real()) as sending:
        asked = wait_until(
            lambda: len(wechat.calls("subscribe/send")) == SENDERS, PATIENCE, by=moment
        )
        assert asked
        with office.app.app_context():
            assert office.states() == {"sending": SENDERS}
            assert db.session.scalar(open_ones) == 0
            db.session.remove()
        assert sending.result().items == SENDERS
    office.check()


@pytest.mark.parametrize(
    ("fault", "options", "state"),
    [
        ("errcode", {"errcode": -1}, "pending"),
        ("errcode", {"errcode": 43101}, "failed"),
        ("errcode", {"errcode": 47003}, "failed"),
        ("errcode", {"errcode": 48001}, "pending"),
        ("errcode", {"errcode": 40037}, "pending"),
        ("errcode", {"errcode": 45011}, "pending"),
        ("reset_after", {}, "unknown"),
        ("html200", {}, "unknown"),
    ],
)
def test_a_fault_of_one_leaves_all_others_their_own_end(office, wechat, fault, options, state):
    office.post(people=3, messages=1)
    wechat.fault(fault, match=SENDING | {"openid": office.phones[0].openid}, **options)
    run(office)
    states = office.states()
    assert states[state] >= 1
    assert states["sent"] + states[state] == 3
    if state != "failed":
        office.check()


def test_an_answer_that_never_comes_is_unknown(office, wechat):
    office.post(people=1, messages=2)
    program = MiniProgram(appid=APPID, secret=SECRET, api_base=wechat.base, state="formal")
    impatient = Patience(connect=1.0, read=0.3, total=1.0)
    office.app.config["WECHAT"] = Programs(WeChat(program, StoredCredentials(APPID), impatient))
    wechat.fault("hang", match=SENDING, times=1, act=True)
    assert run_all(office) == 1
    assert office.states() == {"unknown": 1, "sent": 1}
    office.check()


def test_what_lost_its_worker_is_listed_as_unknown_and_no_longer_in_the_way(office, wechat):
    office.post(people=1, messages=2)
    with office.app.app_context(), transaction():
        assert claim(Worker("lost:1", frozenset({APPID}), CALENDAR, LIMITS), at=clock.now())
    assert run(office).items == 0
    assert office.states() == {"sending": 1, "pending": 1}
    assert run(office, clock.real() + HOUR).items == 1
    assert office.states() == {"unknown": 1, "sent": 1}
    office.check()


def test_what_nobody_needs_any_more_is_dropped_while_the_circuit_is_open(office):
    office.post(people=1, messages=1)
    sql(
        office,
        "INSERT INTO wechat_circuits (appid, name, reason, opened_at, open_until)"
        f" VALUES ('{APPID}', 'token', 'frozen', now(), now() + interval '9 days')",
    )
    run(office)
    assert office.states() == {"pending": 1}
    run(office, clock.real() + 25 * HOUR)
    assert office.states() == {"failed": 1}
    with office.app.app_context():
        assert db.session.scalar(sa.select(Delivery.reason)) == "expired"


def test_a_refused_secret_stops_everything_after_a_few_and_spares_the_rest(office, wechat):
    office.post(people=8, messages=1)
    sql(office, "DELETE FROM wechat_tokens")
    asked = len(wechat.calls("stable_token"))
    wechat.fault("secret_wrong")
    run(office)
    assert office.states() == {"pending": 8}
    assert len(wechat.calls("stable_token")) - asked <= SENDERS
    office.check()
    with office.app.app_context():
        assert db.session.scalar(sa.select(WechatCircuit.errcode)) == 40125
    wechat.clear_faults()
    assert run(office, clock.real() + HOUR).items == 8
    with office.app.app_context():
        attempts = set(db.session.scalars(sa.select(Delivery.attempts)))
    assert attempts == {1}


def test_told_to_stop_it_finishes_the_present_message_and_begins_no_other(office, wechat):
    office.post(people=1, messages=3)
    wechat.fault("latency", match=SENDING, ms=300)
    try:
        with beside(office.app, deliver_notifications, at=clock.real()) as sending:
            assert wait_until(lambda: wechat.calls("subscribe/send"), PATIENCE, by=moment)
            runner.stopping.set()
            outcome = sending.result()
    finally:
        runner.stopping.clear()
    assert (outcome.items, outcome.is_cut_short) == (1, True)
    assert office.states() == {"sent": 1, "pending": 2}


def test_a_sender_that_breaks_off_is_told_and_leaves_a_lease(office, caplog):
    office.post(people=1, messages=1)
    office.app.config["WECHAT"] = Programs(Broken())  # type: ignore[arg-type]  # as much of one as is asked
    outcome = run(office)
    assert (outcome.items, outcome.failures) == (0, 1)
    assert "a sender broke off" in caplog.text
    assert office.states() == {"sending": 1}


class Broken:
    """A gateway with a fault of its own: it cannot send at all."""

    appid = APPID


def test_sends_are_counted_by_what_came_of_them(office, wechat):
    office.post(people=3, messages=1)
    wechat.fault("errcode", match=SENDING | {"openid": office.phones[0].openid}, errcode=47003)
    run(office)
    query = sa.select(WechatSendCount.result, WechatSendCount.count)
    with office.app.app_context():
        assert dict(db.session.execute(query).all()) == {"drop": 1, "sent": 2}
    assert office.phones[0].wechat.quota(office.phones[0].openid, ACCEPTED) == 1
