"""One access token for all processes: sealed, used until five minutes before its end."""

from collections.abc import Callable
from contextlib import ExitStack
from datetime import timedelta

import pytest
import sqlalchemy as sa

from app import clock, sealing
from app.db import db, transaction
from app.domain.actor import system
from app.models.wechat import WechatSecret, WechatToken
from app.sealing import Ring, Sealer
from services.gateways.wechat import WeChat
from services.wechat_credentials import StoredCredentials, set_secret
from tests.services.gateways.wechat_parts import (
    asked,
    consenting,
    gateway,
    message_to,
)
from tests.threads import all_at_once, beside, wait_for_a_blocked_connection
from tests.wechat import APPID

TOKEN, OTHER = "token-token-token", "another-token"
STEP = timedelta(minutes=5)
A_DAY = timedelta(days=1) // STEP


@pytest.fixture
def store(database) -> StoredCredentials:
    return StoredCredentials(APPID)


def row() -> WechatToken:
    return db.session.scalars(sa.select(WechatToken)).one()


def test_a_token_is_kept_for_every_process_and_no_other_program(store):
    assert store.read() is None
    store.keep(TOKEN, 7_200)
    assert StoredCredentials(APPID).read() == TOKEN
    assert StoredCredentials("wx" + "f" * 16).read() is None


def test_a_secret_takes_the_place_of_the_former_one(store):
    assert store.newest_secret() is None
    for secret in (OTHER, TOKEN):
        with transaction():
            set_secret(system("test"), APPID, secret)
    assert StoredCredentials(APPID).newest_secret() == TOKEN
    assert StoredCredentials("wx" + "f" * 16).newest_secret() is None
    assert TOKEN.encode() not in db.session.scalars(sa.select(WechatSecret.secret)).one()


def test_a_token_is_at_rest_sealed(store):
    store.keep(TOKEN, 7_200)
    assert TOKEN.encode() not in row().token
    assert TOKEN not in repr(store)


@pytest.mark.parametrize(
    ("expires_in", "used_for"),
    [(7_200, 6_900), (600, 300), (331, 31), (330, 30), (300, 30), (0, 30)],
)
def test_a_token_is_used_until_five_minutes_before_its_end(store, expires_in, used_for):
    began = clock.real()
    with clock.frozen(began):
        store.keep(TOKEN, expires_in)
    with clock.frozen(began + timedelta(seconds=used_for - 1)):
        assert store.read() == TOKEN
    with clock.frozen(began + timedelta(seconds=used_for)):
        assert store.read() is None


def test_the_business_clock_ends_no_token(store):
    store.keep(TOKEN, 7_200)
    clock.set_offset(timedelta(days=30))
    assert store.read() == TOKEN


def test_a_new_token_takes_the_place_of_the_old_one(store):
    began = clock.real()
    with clock.frozen(began - timedelta(days=1)):
        store.keep(TOKEN, 7_200)
    with clock.frozen(began):
        store.keep(OTHER, 7_200)
        assert store.read() == OTHER
    assert row().fetched_at == began
    assert row().expires_at == began + timedelta(seconds=6_900)


def test_only_the_token_that_failed_is_dropped(store):
    store.keep(TOKEN, 7_200)
    store.drop(OTHER)
    assert store.read() == TOKEN
    store.drop(TOKEN)
    assert store.read() is None
    store.drop(TOKEN)


def test_dropping_spares_the_token_of_another_program(store):
    other = StoredCredentials("wx" + "f" * 16)
    store.keep(TOKEN, 7_200)
    other.keep(TOKEN, 7_200)
    store.drop(TOKEN)
    assert other.read() == TOKEN


def test_a_token_sealed_with_other_keys_is_none(store):
    ours, theirs = Sealer(Ring(b"d" * 32, b"l" * 32)), Sealer(Ring(b"D" * 32, b"L" * 32))
    sealing.configure(theirs)
    store.keep(TOKEN, 7_200)
    sealing.configure(ours)
    assert store.read() is None
    store.drop(TOKEN)
    store.keep(OTHER, 7_200)
    assert store.read() == OTHER


def keep_and_fail() -> None:
    StoredCredentials(APPID).keep(TOKEN, 7_200)
    raise ZeroDivisionError


def test_a_request_that_is_undone_keeps_the_token(committed_app):
    with committed_app.app_context():
        with pytest.raises(ZeroDivisionError), transaction():
            keep_and_fail()
        assert StoredCredentials(APPID).read() == TOKEN


def test_a_token_put_while_the_old_one_is_dropped_stays(committed_app):
    at = clock.real()
    store = StoredCredentials(APPID)
    with committed_app.app_context():
        store.keep(TOKEN, 7_200)
        with ExitStack() as ending, transaction():
            put = sa.update(WechatToken).values(
                token=sealing.seal(OTHER, "wechat_tokens.token"), expires_at=at + STEP
            )
            db.session.execute(put)
            dropping = beside(committed_app, lambda: store.drop(TOKEN), at=at)
            dropped = ending.enter_context(dropping)
            wait_for_a_blocked_connection(committed_app)
        assert dropped.result() is None
        assert store.read() == OTHER


def sender(wechat, openid: str) -> Callable[[], str]:
    """A process of its own: a gateway with nothing in common with others but the database."""
    own: WeChat = gateway(wechat.base, StoredCredentials(APPID))
    return lambda: own.send(message_to(openid))


def test_many_processes_share_one_token(committed_app, wechat):
    people = [consenting(wechat) for _ in range(6)]
    works = [sender(wechat, openid) for openid in people]
    msgids = all_at_once(committed_app, *works, at=clock.real())
    assert len(set(msgids)) == 6
    assert len({call["query"]["access_token"] for call in wechat.calls("subscribe/send")}) == 1
    with committed_app.app_context():
        assert db.session.scalar(sa.select(sa.func.count()).select_from(WechatToken)) == 1


def test_a_day_of_sending_from_four_processes_is_refused_nothing(database, wechat):
    openid = consenting(wechat, times=A_DAY)
    senders = [sender(wechat, openid) for _ in range(4)]
    began = clock.real()
    for step in range(A_DAY):
        with clock.frozen(began + step * STEP):
            senders[step % 4]()
        wechat.advance(STEP.total_seconds())
    assert [call["errcode"] for call in wechat.calls("subscribe/send")] == [0] * A_DAY
    assert len(wechat.messages(openid)) == A_DAY
    assert asked(wechat, "stable_token") <= 13
