"""Codes open the mini-program that is meant; the secret of one is changed and no other's."""

import pytest
import sqlalchemy as sa
from click.testing import Result

from app import clock
from app.db import db
from app.domain.actor import Role
from app.domain.retry import Circuit
from app.models.audit_entry import AuditEntry
from app.models.wechat import WechatSecret
from services.gateways.wechat_errors import Misconfigured
from services.gateways.wechat_programs import Programs
from services.notifications.circuits import Halt, open_circuit
from services.notifications.templates import store_templates
from tests.applications import application, on_wechat
from tests.callers import Caller
from tests.factories import make_account, make_enterprise
from tests.two_programs import OTHER, Place
from tests.wechat import APPID

NEW = "0f" * 16


@pytest.fixture
def run(app, programs):
    """A command as typed at the console."""

    def typed(*words: str) -> Result:
        return app.test_cli_runner().invoke(args=["wechat", *words])

    return typed


def asked_by(wechat, programs) -> list[str]:
    """The mini-programs that have asked for a code's picture, by the tokens of their calls."""
    tokens = {one.appid: wechat.get("state", app=one.appid)["tokens"] for one in programs}
    owner = {token["value"]: appid for appid, known in tokens.items() for token in known}
    return [owner[call["query"]["access_token"]] for call in wechat.calls("getwxacodeunlimit")]


def test_a_code_opens_what_enterprises_use_or_what_is_named(client, programs, wechat):
    enterprise = make_enterprise()
    boss = Caller(client, make_account(Role.ENTERPRISE_ADMIN, enterprise_id=enterprise.id))
    path = f"/api/v1/enterprises/{enterprise.id}/card/program-code"
    first = client.post(path, headers=boss.headers())
    other = client.post(path, headers=boss.headers() | {"X-Program": OTHER.appid})
    assert first.json["id"] != other.json["id"]
    assert asked_by(wechat, programs) == [APPID, OTHER.appid]


def test_the_first_that_enterprises_use_is_the_one_for_codes(programs, wechat):
    first, other = programs
    assert Programs(other, first).for_enterprises() is first
    assert Programs(other).for_enterprises() is other
    both = Place(wechat.base).program(appid="wx" + "0" * 16, secret=NEW)
    assert Programs(other, both, first).for_enterprises() is both


def test_a_circuit_of_one_keeps_no_code_of_the_other(client, programs):
    enterprise, now = make_enterprise(), clock.real()
    boss = Caller(client, make_account(Role.ENTERPRISE_ADMIN, enterprise_id=enterprise.id))
    path = f"/api/v1/enterprises/{enterprise.id}/card/program-code"
    until = now.replace(year=now.year + 1)
    open_circuit(Halt(APPID, Circuit.CODES), 45009, "用完", until=until, at=now)
    assert client.post(path, headers=boss.headers()).status_code == 503
    named = boss.headers() | {"X-Program": OTHER.appid}
    assert client.post(path, headers=named).status_code == 200


def test_the_secret_of_one_is_changed_and_no_other_is(run, programs, wechat):
    for appid in (APPID, OTHER.appid):
        halt, now = Halt(appid, Circuit.TOKEN), clock.real()
        open_circuit(halt, 40125, "无效", until=now.replace(year=now.year + 1), at=now)
    wechat.post("apps", appid=OTHER.appid, secret=NEW)
    with pytest.raises(Misconfigured):
        programs[OTHER.appid].templates()
    answer = run("secret", "--secret", NEW, "--appid", OTHER.appid)
    assert answer.exit_code == 0
    assert OTHER.appid in answer.output
    assert programs[OTHER.appid].templates()
    assert programs[APPID].templates()
    assert db.session.scalars(sa.select(WechatSecret.appid)).all() == [OTHER.appid]
    said = run("status").output
    assert said.index(APPID) < said.index("熔断 token")
    assert said.count("熔断 token") == 1
    entry = db.session.scalars(sa.select(AuditEntry)).one()
    assert (entry.action, entry.subject) == ("set_wechat_secret", f"wechat:{OTHER.appid}")


def test_a_secret_of_the_other_one_is_not_taken_for_the_first(run, wechat):
    assert run("secret", "--secret", OTHER.secret).exit_code == 1
    assert db.session.scalars(sa.select(WechatSecret.appid)).all() == []


def test_an_unknown_mini_program_is_named_with_those_that_are_known(run):
    answer = run("secret", "--secret", NEW, "--appid", "wx1")
    assert answer.exit_code == 1
    assert APPID in answer.output
    assert OTHER.appid in answer.output


def test_what_stands_in_the_way_is_listed_and_resumed_for_each(run, programs):
    for one in programs:
        store_templates(one.appid, one.templates(), at=clock.real())
    db.session.execute(sa.text("UPDATE wechat_templates SET state = 'stopped'"))
    said = run("status").output
    assert said.count("受理通知：stopped") == 2
    assert said.index(f"小程序 {APPID}") < said.index(f"小程序 {OTHER.appid}")
    assert run("resume", "受理通知", "--appid", OTHER.appid).exit_code == 0
    usable = db.session.scalars(
        sa.text("SELECT appid FROM wechat_templates WHERE state = 'usable'")
    )
    assert usable.all() == [OTHER.appid]


def test_circuits_of_one_close_alone(run):
    for appid in (APPID, OTHER.appid):
        halt, now = Halt(appid, Circuit.TOKEN), clock.real()
        open_circuit(halt, 40125, "无效", until=now.replace(year=now.year + 1), at=now)
    assert run("resume", "--appid", APPID).exit_code == 0
    assert run("status").output.count("熔断") == 1
    assert run("resume").exit_code == 0
    assert "熔断" not in run("status").output


def test_the_application_is_made_with_all_that_are_configured(server, platform, tmp_path):
    told = on_wechat(platform.base) | {"wechat_program_audience": "enterprises"}
    with application("postgresql+psycopg://", tmp_path, **told, wechat_programs=(OTHER,)) as app:
        known = app.config["WECHAT"]
    assert [one.appid for one in known] == [APPID, OTHER.appid]
    assert [one.audience for one in known] == ["enterprises", "officials"]
    assert known[OTHER.appid].env_version == "trial"
    assert known.first.env_version == "release"
