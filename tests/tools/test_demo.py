"""`make demo`: the whole story against the whole application, jobs included; and its bad ends."""

import json
from collections.abc import Iterator
from datetime import datetime, timedelta
from urllib.parse import urlsplit

import pytest
import requests
import sqlalchemy as sa
from flask import Flask
from requests.adapters import BaseAdapter

from app import clock
from app.db import db, transaction
from app.domain.work_calendar import LOCAL_ZONE
from app.models.operation import BusinessClock
from jobs.archive_silent import archive_silent
from jobs.count_figures import count_figures
from jobs.deliver_notifications import deliver_notifications
from jobs.sync_templates import sync_templates
from jobs.watch_deadlines import watch_deadlines
from services import business_clock
from tests.applications import application
from tools.demo import __main__ as demo
from tools.demo import closure
from tools.demo.people import Town
from tools.demo.stage import Stage
from tools.faults import Fault
from tools.wechat import StandIn, introduce

API = "http://product.test/api/v1"
SUNDAY = datetime(2026, 11, 22, 15, 0, tzinfo=LOCAL_ZONE)
TOLD = (
    "受理",
    "派单",
    "审批通过",
    "阅读反馈",
    "回访",
    "非常满意",
    "自动归档",
    "黄牌",
    "红牌",
    "企业管理员吴国的手机 〔受理通知〕",
    "企业管理员吴国的手机 〔办理反馈〕",
    "企业管理员吴国的手机 〔评价邀请〕",
    "管家谢志英的手机 〔新诉求待办〕",
    "承办单位经办冯经办的手机 〔即将到期〕",
    "承办单位经办冯经办的手机 〔已超期〕",
)
"""What each telling of the story has in it."""


class Wire(BaseAdapter):
    """Carries requests into the application without a network."""

    def __init__(self, app: Flask) -> None:
        super().__init__()
        self._app = app

    def send(self, request, *_, **__):
        parts = urlsplit(request.url)
        reply = self._app.test_client().open(
            parts.path,
            query_string=parts.query,
            method=request.method,
            headers=dict(request.headers),
            data=request.body,
        )
        answer = requests.Response()
        answer.status_code = reply.status_code
        answer.headers.update(reply.headers)
        answer._content, answer.url, answer.request = reply.data, request.url, request
        return answer

    def close(self) -> None:
        pass


def prepared(app: Flask) -> list:
    """Load the demo city; its accounts."""
    with app.app_context():
        result = app.test_cli_runner().invoke(args=["seed-demo", "--json"])
    assert result.exit_code == 0, result.output
    return json.loads(result.stdout.splitlines()[-1])


def make_stage(
    app: Flask, accounts: list, told: list[str], stand_in: StandIn | None = None
) -> Stage:
    """A stage where the jobs run whenever the demo waits."""

    def work(_: float) -> None:
        with app.app_context():
            clock.set_offset(timedelta(seconds=business_clock.offset_seconds()))
            archive_silent()
            watch_deadlines()
            sync_templates()
            deliver_notifications()
            count_figures()

    session = requests.Session()
    session.mount("http://", Wire(app))
    return Stage(Town(API, accounts, session, stand_in), told.append, work)


@pytest.fixture(scope="module")
def city(server, tmp_path_factory) -> Iterator[tuple[Flask, list]]:
    """An application with the demo city, for tests that leave it as it is."""
    home = tmp_path_factory.mktemp("home")
    with server.clone() as url, application(url, home) as app:
        yield app, prepared(app)


@pytest.fixture
def stage(city) -> Iterator[Stage]:
    """The stage on a Sunday afternoon."""
    app, accounts = city
    with clock.frozen(SUNDAY):
        yield make_stage(app, accounts, [])
    with app.app_context(), transaction():
        db.session.execute(sa.update(BusinessClock).values(offset_seconds=0))


def test_the_story_holds_twice(committed_app, wechat, monkeypatch):
    told: list[str] = []
    monkeypatch.setattr(demo, "say", told.append)
    stand_in = StandIn(wechat.base, wechat.key)
    accounts = introduce(stand_in, prepared(committed_app), "secret")
    with clock.frozen(SUNDAY):
        for _ in range(2):
            demo.play(make_stage(committed_app, accounts, told, stand_in))
    text = "\n".join(told)
    assert text.count("演示完成") == 2
    assert "11-23 周一 09:00  企业管理员吴国：提交诉求" in text
    for words in TOLD:
        assert text.count(words) >= 2, words
    assert text.count("企业管理员吴国：首次打开小程序，授权手机号后绑定") == 1
    assert text.count("企业管理员吴国：打开小程序") == 1


def test_a_report_that_counts_otherwise_ends_the_story(stage, monkeypatch):
    monkeypatch.setitem(closure.COHORT, "accepted", 3)
    with pytest.raises(Fault, match="accepted 应增加 3，实际增加 2"):
        demo.play(stage)


def test_a_rate_must_be_what_it_is_made_of(stage):
    supervisor = stage.town["demo-supervisor"]
    report = supervisor.get("/reports/closure", **{"from": "2026-11-01", "to": "2026-12-01"})
    closure.check_rates(report["totals"])
    report["totals"]["indicators"]["completion_rate"]["rate"] = 1.0
    with pytest.raises(Fault, match="completion_rate 应为 0/0"):
        closure.check_rates(report["totals"])


def test_the_next_working_morning_skips_rest_days(stage):
    assert stage.next_working_morning() == SUNDAY.replace(day=23, hour=9)
    stage.advance_to(SUNDAY.replace(day=26, hour=8))
    assert stage.next_working_morning() == SUNDAY.replace(day=27, hour=9)
    stage.advance_to(SUNDAY.replace(day=27, hour=9, minute=30))
    assert stage.next_working_morning() == SUNDAY.replace(day=30, hour=9)


def test_a_refusal_is_told_in_a_sentence(stage):
    with pytest.raises(Fault, match="GET /enterprises 得到 403：您没有做这件事的权限"):
        stage.town["demo-handler"].get("/enterprises")
    with pytest.raises(Fault, match="/title"):
        stage.town["demo-enterprise"].submit({"title": "x", "body": "内容内容内容"})


def test_what_should_be_in_a_list_and_is_not_ends_the_story(stage):
    with pytest.raises(Fault, match="没有看到"):
        stage.town["demo-housekeeper"].first("/tickets", lambda _: False, queue="todo")


def test_an_account_that_is_not_there_is_named(stage):
    with pytest.raises(Fault, match="demo-nobody"):
        stage.town["demo-nobody"]


def test_waiting_ends(stage, monkeypatch):
    monkeypatch.setattr("tools.demo.stage.PATIENCE_SECONDS", 0)
    with pytest.raises(Fault, match="定时任务在运行吗"):
        stage.wait_for("自动归档", lambda: None)


def test_a_product_that_does_not_answer_is_named(city):
    town = Town("http://127.0.0.1:9/api/v1", city[1], requests.Session())
    with pytest.raises(Fault, match="没有得到回答"):
        town["demo-enterprise"]


@pytest.mark.parametrize(
    ("content", "sentence"),
    [(None, "没有在运行"), ({"api": API, "accounts": []}, "没有演示账号")],
)
def test_without_a_product_it_says_what_to_do(tmp_path, monkeypatch, capsys, content, sentence):
    if content:
        (tmp_path / "run.json").write_text(json.dumps(content), encoding="utf-8")
    monkeypatch.setenv("GUANJIA_HOME", str(tmp_path))
    assert demo.main() == 1
    assert sentence in capsys.readouterr().err
