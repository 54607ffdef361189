"""Pictures are judged later: fetched by a link of ours, the verdict comes by a push."""

from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
import sqlalchemy as sa

from app import clock
from app.db import db
from app.domain.content_checks import DOWNLOADS, PUSHED_WITHIN, Ruling
from app.models.content_check import ContentCheck
from app.models.push import WechatPush
from jobs.work_pushes import work_pushes
from services.content_checks.queue import Decision, rule
from services.gateways.wechat_push import read
from services.pushes.keep import keep
from services.pushes.work import AGAIN_AFTER
from tests.callers import API
from tests.factories import APPID, MONDAY
from tests.files import png
from tests.jobs.judged import (
    CLEAN,
    FILE,
    PUBLIC,
    TEXT,
    known_author,
    newest,
    picture,
    reachable,
    run,
    say,
    states,
    told,
)
from tests.wechat import Phones
from tests.wechat_pushes import Sender, event

SECOND = timedelta(seconds=1)


@pytest.fixture
def case(database, wechat: Phones):
    return known_author(wechat)


def test_a_circuit_of_texts_holds_up_no_pictures(case, wechat, monkeypatch):
    reachable(monkeypatch)
    wechat.fault("errcode", match={"path": TEXT}, errcode=44991)
    say(case, CLEAN, picture(case.cast.applicant))
    assert run() == (1, 1)
    assert states()[1:] == ["waiting", "asked"]


def test_without_an_address_of_ours_people_look_at_pictures(case, wechat):
    say(case, CLEAN, picture(case.cast.applicant))
    run()
    assert (newest().state, newest().cause) == ("referred", "no_address")
    assert told(wechat, FILE) == []


def push(trace_id: str | None, **changes) -> None:
    """The platform tells what it thinks, signed and opened already."""
    message = {
        "FromUserName": "oSomebody",
        "CreateTime": int(MONDAY.timestamp()),
        "MsgType": "event",
        "Event": "wxa_media_check",
        "trace_id": trace_id,
        "version": 2,
        "errcode": 0,
        "result": {"suggest": "pass", "label": 100},
    } | changes
    keep(APPID, read(repr(message).replace("'", '"')), at=clock.real())


def worked(after: timedelta = timedelta(0)) -> tuple[int, int]:
    with clock.frozen(clock.real() + after):
        outcome = work_pushes()
    db.session.expire_all()
    return outcome.items, outcome.failures


@pytest.fixture
def asked(case, wechat, monkeypatch):
    """A check of a picture whose verdict is awaited."""
    reachable(monkeypatch)
    wechat.put("media-results", held=True)
    say(case, CLEAN, picture(case.cast.applicant))
    assert run() == (2, 0)
    assert newest().state == "asked"
    return case


def test_a_picture_is_shown_to_the_platform_by_a_link_of_ours(asked, client, wechat):
    [one] = told(wechat, FILE)
    address = urlsplit(one["media_url"])
    assert one["media_url"].startswith(PUBLIC)
    path = f"{address.path}?{address.query}"
    given = client.get(path, buffered=True)
    assert (given.status_code, given.mimetype, given.data) == (200, "image/png", png())
    assert client.get(path.replace("expires=1", "expires=2")).status_code == 403
    lifetime = int(parse_qs(address.query)["expires"][0]) - clock.real().timestamp()
    assert 30 * 60 < lifetime <= 40 * 60


@pytest.mark.parametrize(
    ("result", "state", "cause"),
    [
        ({"suggest": "pass", "label": 100}, "passed", None),
        ({"suggest": "review", "label": 20001}, "referred", "review"),
        ({"suggest": "risky", "label": 20002}, "referred", "risky"),
    ],
)
def test_the_push_settles_the_check_once(asked, result, state, cause):
    trace_id = newest().trace_id
    push(trace_id, result=result)
    assert worked() == (1, 0)
    assert (newest().state, newest().cause, newest().label) == (state, cause, result["label"])
    push(trace_id, result={"suggest": "risky", "label": 1}, CreateTime=1)
    assert worked() == (1, 0)
    assert (newest().state, newest().label) == (state, result["label"])
    assert [*db.session.scalars(sa.select(WechatPush.result).order_by(WechatPush.id))] == [
        "told",
        "unused",
    ]


@pytest.mark.parametrize("xml", [False, True])
def test_the_push_comes_signed_and_sealed_by_the_callback(asked, client, xml):
    told = {"errcode": 0, "result": {"suggest": "risky", "label": 20002}}
    message = event("wxa_media_check", trace_id=newest().trace_id, version=2, **told)
    sealed = Sender().push(message, clock.real(), xml=xml)
    sent = {"query_string": sealed.query, "data": sealed.body, "content_type": sealed.content_type}
    for _ in range(2):
        assert client.post(f"{API}/wechat/callback", **sent).data == b"success"
    assert worked() == (1, 0)
    assert (newest().state, newest().cause, newest().label) == ("referred", "risky", 20002)


def test_a_late_push_changes_nothing_that_people_decided(asked):
    run(PUSHED_WITHIN + SECOND)
    assert (newest().state, newest().cause) == ("referred", "no_result")
    rule(
        asked.cast.coordinator.actor, newest().id, Decision(Ruling.HOLD_BACK, "不宜。"), at=asked.at
    )
    push(newest().trace_id)
    assert worked() == (1, 0)
    assert newest().state == "held_back"


def test_a_late_push_spares_people_what_they_have_not_done(asked):
    run(PUSHED_WITHIN + SECOND)
    push(newest().trace_id)
    worked()
    assert newest().state == "passed"


def test_a_push_of_an_unknown_trace_is_kept_and_in_the_end_shown(asked):
    push("0" * 32)
    after = timedelta(0)
    for pause in (*AGAIN_AFTER, timedelta(0)):
        assert worked(after) == (0, 1)
        after += pause
    kept = db.session.query(WechatPush).one()
    assert (kept.state, kept.fault) == ("failed", "TraceUnknown")
    assert newest().state == "asked"


def test_a_push_that_was_faster_than_the_worker_settles_later(asked):
    trace_id = newest().trace_id
    db.session.execute(sa.update(ContentCheck).values(trace_id=sa.null(), state="waiting"))
    push(trace_id)
    assert worked() == (0, 1)
    mine = sa.update(ContentCheck).where(ContentCheck.attachment_id.is_not(None))
    db.session.execute(mine.values(trace_id=trace_id, state="asked"))
    assert worked(AGAIN_AFTER[0]) == (1, 0)
    assert newest().state == "passed"


def test_a_picture_that_cannot_be_fetched_is_offered_anew_and_then_left_to_people(asked, wechat):
    after, addresses = timedelta(0), set()
    for left in reversed(range(DOWNLOADS)):
        push(newest().trace_id, errcode=-1008, result={})
        worked(after)
        after += 10 * SECOND
        if left:
            assert newest().state == "waiting"
            assert run(after) == (1, 0)
    addresses = {one["media_url"] for one in told(wechat, FILE)}
    assert len(addresses) == len(told(wechat, FILE)) == DOWNLOADS
    assert (newest().state, newest().cause) == ("referred", "unreadable")
