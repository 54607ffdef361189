"""kill -9 of whoever sends short messages, at each step: nothing is lost, nothing is sent twice.

Where nobody knows whether a message arrived, people call as well if its kind says so, and it is not
sent again. Real processes, real commits, the emulated provider. `make fuzz rounds=100` repeats.
"""

from random import Random

import pytest

from app.domain.fallbacks import TextForm
from services.gateways.sms import TextAccount, Texts
from services.gateways.wechat_transport import Patience
from tests.jobs.killing import ROUNDS, held, held_before, until
from tests.jobs.processes import kill, one_job
from tests.jobs.text_office import DOUBLED, SENDING, SINGLE, TextOffice
from tests.threads import wait_for_a_blocked_connection
from tests.wechat import APPID, SECRET
from tools.wechat_emulator import texting

JOB = "deliver_texts"
TEXTS = 12

pytestmark = pytest.mark.parametrize("round_", ROUNDS)


def settled(office: TextOffice) -> dict[str, int]:
    """What others make of it once the leases are over: every message at its end, every law kept."""
    assert max(office.arrived().values(), default=0) <= 1
    until(office.recover)
    office.check()
    return dict(office.states())


def test_killed_while_claiming(text_office, log, round_):
    text_office.post(DOUBLED)
    app = text_office.app
    with held_before(app, "text_messages", "sending"), one_job(app, log, JOB) as one:
        wait_for_a_blocked_connection(app)
        kill(one)
    assert text_office.states() == {"pending": 1}
    assert settled(text_office) == {"sent": 1}


@pytest.mark.parametrize("is_acted_on", [False, True])
def test_killed_while_the_provider_is_silent(text_office, wechat, log, is_acted_on, round_):
    text_office.post(DOUBLED, SINGLE)
    wechat.fault("hang", match=SENDING, act=is_acted_on, times=1)
    with one_job(text_office.app, log, JOB) as one:
        until(text_office.asked)
        until(lambda: not is_acted_on or text_office.arrived())
        kill(one)
    assert text_office.states() == {"sending": 1, "pending": 1}
    assert settled(text_office) == {"unknown": 1, "sent": 1}
    assert sum(text_office.arrived().values()) == 1 + is_acted_on


def test_killed_before_a_slow_provider_acts_on_it(text_office, wechat, log, round_):
    text_office.post(SINGLE)
    wechat.fault("latency", match=SENDING, ms=60_000, times=1)
    with one_job(text_office.app, log, JOB) as one:
        until(text_office.asked)
        kill(one)
    assert not text_office.arrived()
    wechat.stop_waiting()
    until(text_office.arrived)
    assert settled(text_office) == {"unknown": 1}


def test_killed_with_the_answer_in_hand(text_office, log, round_):
    text_office.post(DOUBLED, SINGLE)
    table = "LOCK TABLE text_counts IN EXCLUSIVE MODE"
    with held(text_office.app, table), one_job(text_office.app, log, JOB) as one:
        until(text_office.arrived)
        wait_for_a_blocked_connection(text_office.app)
        kill(one)
    assert text_office.states() == {"sending": 1, "pending": 1}
    assert settled(text_office) == {"unknown": 1, "sent": 1}
    assert sum(text_office.arrived().values()) == 2


FAULTS = {
    "reset_before": {},
    "reset_after": {},
    "html200": {},
    "http": {"status": 502},
    "truncate": {"bytes": 5},
    "latency": {"ms": 20},
}


def test_two_of_them_killed_at_any_moment_while_the_provider_fails(
    text_office, wechat, log, chance, round_
):
    app = text_office.app
    for kind in chance.sample(sorted(FAULTS), 3):
        wechat.fault(kind, match=SENDING, times=2, after=chance.randint(0, 3), **FAULTS[kind])
    beside = log.with_name("beside.log")
    with one_job(app, log, JOB) as one, one_job(app, beside, JOB) as other:
        text_office.post(*chance.choices([DOUBLED, SINGLE], k=TEXTS))
        some_moment(text_office, chance)
        kill(one)
        some_moment(text_office, chance)
        kill(other)
    wechat.clear_faults()
    assert settled(text_office).keys() <= {"sent", "unknown"}


def some_moment(office: TextOffice, chance: Random) -> None:
    """Wait until some number of messages has got some distance."""
    wanted = chance.randint(1, TEXTS)
    seen = chance.choice([office.asked, lambda: office.states()["sent"]])
    until(lambda: seen() >= wanted or not office.states()["pending"])


@pytest.mark.parametrize(
    ("fault", "options", "end"),
    [
        ("reset_before", {}, ("unknown", 0)),
        ("reset_after", {}, ("unknown", 2)),
        ("html200", {}, ("unknown", 2)),
        ("empty200", {}, ("unknown", 2)),
        ("list200", {}, ("unknown", 2)),
        ("gbk", {}, ("unknown", 2)),
        ("truncate", {"bytes": 5}, ("unknown", 2)),
        ("drip", {"ms": 1}, ("sent", 2)),
        ("drip", {"ms": 200}, ("unknown", 2)),
        ("http", {"status": 502}, ("unknown", 0)),
    ],
)
def test_what_a_fault_leaves_is_what_is_said_of_it(text_office, fault, options, end, round_):
    state, arriving = end
    text_office.app.config["TEXTS"] = impatient(text_office.wechat)
    text_office.post(DOUBLED, SINGLE)
    text_office.wechat.fault(fault, match=SENDING, **options)
    text_office.send()
    text_office.wechat.clear_faults()
    assert settled(text_office) == {state: 2}
    assert len(text_office.arrived()) == arriving


def impatient(wechat) -> Texts:
    """The way to the emulated provider, with a patience that a test can wait for."""
    templates = {form: texting.TEMPLATES[form] for form in TextForm}
    account = TextAccount(
        api_base=f"{wechat.base}sms/",
        region="ap-guangzhou",
        secret_id=APPID,
        secret_key=SECRET,
        app_id=texting.APP_ID,
        sign_name=texting.SIGN_NAME,
        templates=templates,
    )
    return Texts(account, Patience(connect=1.0, read=0.5, total=1.0))
