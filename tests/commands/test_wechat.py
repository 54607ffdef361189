"""What keeps messages from the phones, told at the console; trying again; a new AppSecret."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
import sqlalchemy as sa
from click.testing import Result

from app import clock
from app.db import db
from app.domain.phone_forms import Template
from app.models.audit_entry import AuditEntry
from app.models.delivery import WechatCircuit
from app.models.subscription import WechatTemplate
from services.gateways.wechat import MiniProgram, WeChat
from services.gateways.wechat_programs import Programs
from services.notifications.circuits import stop_template
from services.wechat_credentials import StoredCredentials
from tests.factories.wechat import make_template
from tests.wechat import APPID, SECRET, Phones, emulated_wechat

HOUR = timedelta(hours=1)
OLD = SECRET[::-1]


@pytest.fixture
def run(app, database):
    """A command as typed at the console."""

    def typed(*words: str) -> Result:
        return app.test_cli_runner().invoke(args=["wechat", *words])

    return typed


@pytest.fixture
def stopped() -> None:
    """A template that the platform has banned, and one that is fine."""
    make_template(Template.FEEDBACK)
    banned = make_template(Template.ACCEPTED)
    stop_template(APPID, banned.template, banned.template_id or "", 43107, "模板已被封禁")


@pytest.fixture
def circuit() -> WechatCircuit:
    """An open circuit."""
    at = clock.real()
    times = {"opened_at": at, "open_until": at + HOUR}
    row = WechatCircuit(appid=APPID, name="token", errcode=40125, reason="AppSecret 无效", **times)
    db.session.add(row)
    db.session.flush()
    return row


def state(template: Template) -> str:
    db.session.expire_all()
    return db.session.get_one(WechatTemplate, (APPID, template.value)).state


@pytest.mark.usefixtures("database")
def test_everything_that_stands_in_the_way_is_listed(run, stopped, circuit):
    said = run("status").output
    assert "受理通知：stopped（43107：模板已被封禁）" in said
    assert "办理反馈：usable\n" in said
    assert "熔断 token，至 " in said
    assert "（AppSecret 无效）" in said


@pytest.mark.usefixtures("database")
def test_a_stopped_template_is_used_again(run, stopped):
    assert state(Template.ACCEPTED) == "stopped"
    assert run("resume", "受理通知").output == "已恢复受理通知。\n"
    assert state(Template.ACCEPTED) == "usable"


@pytest.mark.usefixtures("database")
def test_what_is_not_stopped_is_told(run, stopped):
    answer = run("resume", "办理反馈")
    assert answer.exit_code == 1
    assert "没有被停用" in answer.output


@pytest.mark.usefixtures("database")
def test_circuits_close_at_once(run, circuit):
    assert run("resume").exit_code == 0
    assert "熔断" not in run("status").output


@pytest.fixture
def elsewhere(app, monkeypatch) -> Iterator[Phones]:
    """The emulated platform, which knows `SECRET`, and a process that was given another one."""
    with emulated_wechat() as phones:
        program = MiniProgram(appid=APPID, secret=OLD, api_base=phones.base, state="trial")
        known = WeChat(program, StoredCredentials(APPID))
        monkeypatch.setitem(app.config, "WECHAT", Programs(known))
        yield phones


def test_a_new_secret_is_used_by_those_who_run(run, app, elsewhere, circuit):
    assert run("secret", "--secret", SECRET).exit_code == 0
    assert app.config["WECHAT"].first.templates()
    assert "熔断" not in run("status").output
    entry = db.session.scalars(sa.select(AuditEntry)).one()
    assert (entry.action, entry.subject) == ("set_wechat_secret", f"wechat:{APPID}")
    assert SECRET not in str(entry.facts)


def test_a_secret_that_the_platform_does_not_know_changes_nothing(run, elsewhere, circuit):
    answer = run("secret", "--secret", "0" * 32)
    assert answer.exit_code == 1
    assert "0000" not in answer.output
    assert StoredCredentials(APPID).newest_secret() is None
    assert "熔断 token" in run("status").output


def test_without_a_mini_program_there_is_no_secret(run, app, monkeypatch):
    monkeypatch.setitem(app.config, "WECHAT", None)
    answer = run("secret", "--secret", SECRET)
    assert answer.exit_code == 1
    assert "没有配置小程序" in answer.output
