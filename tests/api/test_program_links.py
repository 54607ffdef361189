"""小程序链接 of invitations and public cards: made once, kept sealed while they last."""

from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from app import clock
from app.db import db
from app.domain.actor import Role
from app.models.delivery import WechatCircuit
from app.models.program_link import ProgramLink
from jobs.sweep_expired import sweep_expired
from tests.callers import Caller
from tests.factories import make_account, make_enterprise
from tests.problems import refused

LINK, SCHEME = "generate_urllink", "generatescheme"


@pytest.fixture
def enterprise(client, wechat):
    return make_enterprise()


@pytest.fixture
def boss(client, enterprise) -> Caller:
    return Caller(client, make_account(Role.ENTERPRISE_ADMIN, enterprise_id=enterprise.id))


@pytest.fixture
def invitation(boss, enterprise) -> dict[str, Any]:
    return boss.post(f"/enterprises/{enterprise.id}/invitations", {"role": "enterprise_staff"}).json


def of_card(caller: Caller, enterprise, **body: str):
    return caller.post(f"/enterprises/{enterprise.id}/card/program-link", body)


def of_invitation(caller: Caller, enterprise, invitation, **body: str):
    place = f"/enterprises/{enterprise.id}/invitations/{invitation['id']}/program-link"
    return caller.post(place, {"code": invitation["code"]} | body)


def test_an_invitation_has_a_link_that_ends_with_it(boss, enterprise, invitation, wechat):
    told = of_invitation(boss, enterprise, invitation).json
    opened = wechat.opened_by(told["link"])
    assert (opened["path"], opened["query"]) == (told["page"], f"code={invitation['code']}")
    assert told["expires_at"][:16] == invitation["expires_at"][:16]
    assert of_invitation(boss, enterprise, invitation).json == told
    assert len(wechat.calls(LINK)) == 1


def test_each_form_is_a_link_of_its_own(boss, enterprise, wechat):
    web, scheme = of_card(boss, enterprise).json, of_card(boss, enterprise, form="scheme").json
    assert web["link"].startswith("https://wxaurl.cn/")
    assert scheme["link"].startswith("weixin://dl/business/?t=")
    assert wechat.opened_by(scheme["link"])["query"] == f"enterprise={enterprise.id}"
    assert len(wechat.calls(SCHEME)) == 1


def test_only_who_has_the_invitation_gets_its_link(client, boss, enterprise, invitation, wechat):
    refused(of_invitation(boss, enterprise, invitation, code="x" * 20), 409, "invitation-invalid")
    stranger = Caller(
        client, make_account(Role.ENTERPRISE_ADMIN, enterprise_id=make_enterprise().id)
    )
    assert of_invitation(stranger, enterprise, invitation).status_code == 404
    assert of_card(stranger, enterprise).status_code == 404
    assert wechat.calls(LINK) == []


def test_what_is_kept_gives_nothing_away(boss, enterprise, invitation):
    told = of_invitation(boss, enterprise, invitation).json
    row = db.session.scalars(sa.select(ProgramLink)).one()
    assert told["link"].encode() not in row.link
    assert invitation["code"].encode() not in row.link


def test_a_link_that_has_nearly_ended_is_made_anew_and_swept_at_its_end(boss, enterprise, wechat):
    first = of_card(boss, enterprise).json["link"]
    soon = clock.real() + timedelta(minutes=4)
    db.session.execute(sa.update(ProgramLink).values(expires_at=soon))
    again = of_card(boss, enterprise).json["link"]
    assert again != first
    assert db.session.scalar(sa.select(sa.func.count()).select_from(ProgramLink)) == 1
    db.session.execute(sa.update(ProgramLink).values(expires_at=clock.real()))
    sweep_expired()
    assert db.session.scalar(sa.select(sa.func.count()).select_from(ProgramLink)) == 0


@pytest.mark.parametrize(
    ("errcode", "told"),
    [
        (85407, (503, "program-links-unusable")),
        (40212, (503, "program-links-unusable")),
        (44993, (429, "program-links-limited")),
        (-1, (503, "program-links-busy")),
    ],
)
def test_what_the_platform_refuses_is_told(boss, enterprise, wechat, errcode, told):
    wechat.fault("errcode", match={"path": LINK}, errcode=errcode)
    refused(of_card(boss, enterprise), *told)


def test_what_is_refused_whoever_asks_is_left_alone(boss, enterprise, wechat):
    wechat.fault("errcode", match={"path": LINK}, errcode=85407)
    of_card(boss, enterprise)
    busy = of_card(boss, enterprise)
    refused(busy, 503, "program-links-busy")
    assert 0 < int(busy.headers["Retry-After"]) <= 600
    assert len(wechat.calls(LINK)) == 1


def test_what_is_refused_to_another_mini_program_keeps_nothing_back(boss, enterprise, wechat):
    wechat.fault("errcode", match={"path": LINK}, errcode=85407, times=1)
    refused(of_card(boss, enterprise), 503)
    db.session.execute(sa.update(WechatCircuit).values(appid="wxfedcba9876543210"))
    assert of_card(boss, enterprise).status_code == 200


def test_without_a_mini_program_there_are_no_links(app, boss, enterprise, monkeypatch):
    monkeypatch.setitem(app.config, "WECHAT", None)
    refused(of_card(boss, enterprise), 503, "program-links-off")
