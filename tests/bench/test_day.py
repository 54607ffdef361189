"""The day of `bench.day`: drawn by its seed, and an account that sees what does not balance."""

import pytest
import sqlalchemy as sa

from app import clock
from app.db import db
from bench.day_account import Seen, account_of
from bench.day_plan import ANSWERS, PUSHES, WIRES, plan
from services.notifications.deliver import send
from services.notifications.settle import settle
from tests.factories import make_cast, make_ticket
from tests.services.notifications.phones import WORKER, claim, know_templates, make_phone
from tools.wechat_emulator.effects import read_effect

ACCEPTED = "受理通知"


def test_the_same_seed_gives_the_same_day():
    assert plan(1, 48, 2) == plan(1, 48, 2) != plan(2, 48, 2)


def test_in_a_few_days_everything_goes_wrong_that_may():
    spells = [spell for seed in range(20) for spell in plan(seed, 48, 2)]
    drawn = [fault["effect"] for spell in spells for fault in spell.faults]
    assert all(dict(effect) in drawn for effect in (*ANSWERS, *WIRES, *PUSHES))
    assert {place for spell in spells for place in spell.kills} == {0, 1}
    assert {spell.is_deaf for spell in spells} == {True, False}


def test_the_emulator_knows_every_fault():
    effects = [dict(each) for each in (*ANSWERS, *WIRES, *PUSHES)]
    assert [read_effect(each).kind for each in effects] == [each["kind"] for each in effects]


def balanced(app, wechat) -> Seen:
    """One message that was sent, as the platform and the ledger have it."""
    know_templates()
    cast = make_cast()
    phone = make_phone(wechat, cast.applicant, ACCEPTED, times=2)
    case = make_ticket("accepted", cast)
    with clock.frozen(case.at):
        claimed = claim(WORKER, at=case.at)
        assert claimed
        assert settle(claimed, send(app.config["WECHAT"], claimed), at=case.at)
    return Seen([*phone.shown()], [], given=2)


def faults(seen: Seen) -> set[str]:
    db.session.expire_all()
    return {fault.partition(":")[0] for fault in account_of(seen).faults}


def test_a_day_without_a_fault_balances(app, wechat, database):
    assert faults(balanced(app, wechat)) == set()


@pytest.mark.parametrize(
    ("change", "named"),
    [
        ("deliveries SET state = 'pending'", "messages written"),
        ("deliveries SET provider_id = 'x'", "said to be sent, and not accepted by the platform"),
        ("deliveries SET provider_id = 'x'", "accepted by the platform, and not in the ledger"),
        ("deliveries SET is_reserved = false", "consents spent"),
        ("wechat_quotas SET remaining = 5", "consents left"),
    ],
)
def test_what_does_not_balance_is_named(app, wechat, database, change, named):
    seen = balanced(app, wechat)
    db.session.execute(sa.text(f"UPDATE {change}"))
    assert named in faults(seen)


def test_what_arrived_twice_or_was_never_agreed_to_is_named(app, wechat, database):
    seen = balanced(app, wechat)
    seen.messages.append({**seen.messages[0], "msgid": 7})
    seen.given = 1
    named = {"told twice on WeChat", "consents counted that nobody gave"}
    assert faults(seen) >= named


def test_what_the_platform_lost_without_a_word_is_no_fault_of_ours(app, wechat, database):
    wechat.fault("silent_drop", match={"path": "subscribe/send"}, times=1)
    seen = balanced(app, wechat)
    assert seen.messages == []
    assert faults(seen) == {"said to be sent, and not accepted by the platform"}
    seen.vanished = set(map(str, wechat.get("messages")["vanished"]))
    assert faults(seen) == set()
