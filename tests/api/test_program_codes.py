"""小程序码 of invitations and public cards: asked of WeChat once, kept sealed, shown by a link."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from werkzeug.test import TestResponse

from app import clock
from app.db import db
from app.domain.actor import Role
from app.models.delivery import WechatCircuit
from app.models.member import Invitation
from app.models.program_code import ProgramCode
from jobs.sweep_expired import sweep_expired
from services.gateways.file_store import FileStore
from tests.callers import Caller
from tests.factories import make_account, make_enterprise
from tests.problems import refused
from tools.wechat_emulator.program_codes import read_picture

CALL = "getwxacodeunlimit"
MATCH = {"path": CALL}
MINUTE = timedelta(minutes=1)


@pytest.fixture
def enterprise(client, wechat):
    return make_enterprise()


@pytest.fixture
def boss(client, enterprise) -> Caller:
    return Caller(client, make_account(Role.ENTERPRISE_ADMIN, enterprise_id=enterprise.id))


@pytest.fixture
def invitation(boss, enterprise) -> dict[str, Any]:
    answer = boss.post(f"/enterprises/{enterprise.id}/invitations", {"role": "enterprise_staff"})
    return answer.json


def of_card(caller: Caller, enterprise):
    return caller.post(f"/enterprises/{enterprise.id}/card/program-code")


@pytest.fixture
def ask_for_card(boss, enterprise) -> Callable[[], TestResponse]:
    return lambda: of_card(boss, enterprise)


def of_invitation(caller: Caller, enterprise, invitation, code: str | None = None):
    place = f"/enterprises/{enterprise.id}/invitations/{invitation['id']}/program-code"
    return caller.post(place, {"code": code or invitation["code"]})


def test_the_card_has_a_code_that_is_asked_for_once(client, boss, enterprise, wechat):
    told = of_card(boss, enterprise).json
    assert told["page"] == "pages/card/index"
    for _ in range(2):
        picture = client.get(told["url"])
        assert (picture.status_code, picture.content_type) == (200, "image/jpeg")
        assert picture.headers["Cache-Control"] == "private, max-age=300"
        assert read_picture(picture.data)["scene"] == f"enterprise={enterprise.id}"
    official = Caller(client, make_account(Role.COORDINATOR))
    assert of_card(official, enterprise).json["id"] == told["id"]
    assert len(wechat.calls(CALL)) == 1


def test_an_invitation_has_a_code_that_says_it(client, boss, enterprise, invitation, wechat):
    told = of_invitation(boss, enterprise, invitation).json
    assert told["page"] == "pages/invitation/index"
    drawn = read_picture(client.get(told["url"]).data)
    assert (drawn["page"], drawn["scene"]) == (told["page"], f"code={invitation['code']}")
    assert of_invitation(boss, enterprise, invitation).json["id"] == told["id"]
    assert len(wechat.calls(CALL)) == 1


def test_an_invitation_is_stored_nowhere_but_sealed(app, boss, enterprise, invitation):
    of_invitation(boss, enterprise, invitation)
    row = db.session.query(ProgramCode).one()
    with FileStore(app.config["SETTINGS"].file_store).open(row.storage_key) as file:
        assert invitation["code"].encode() not in file.read()
    assert row.expires_at == db.session.get_one(Invitation, invitation["id"]).expires_at


def test_only_who_has_the_invitation_is_given_its_code(
    client, boss, enterprise, invitation, wechat
):
    refused(of_invitation(boss, enterprise, invitation, "another-code"), 409, "invitation-invalid")
    other = make_enterprise()
    stranger = Caller(client, make_account(Role.ENTERPRISE_ADMIN, enterprise_id=other.id))
    refused(of_invitation(stranger, enterprise, invitation), 404)
    refused(of_invitation(stranger, other, invitation), 404)
    assert wechat.calls(CALL) == []


@pytest.mark.parametrize("over", ["accepted_at", "revoked_at", "expires_at"])
def test_an_invitation_that_is_over_has_no_code_any_more(boss, enterprise, invitation, over):
    row = db.session.get_one(Invitation, invitation["id"])
    setattr(row, over, clock.now())
    if over == "accepted_at":
        row.accepted_by = boss.person.account.id
    db.session.flush()
    refused(of_invitation(boss, enterprise, invitation), 409, "invitation-invalid")


def test_a_stranger_has_no_code_of_the_card(client, enterprise, wechat):
    other = make_account(Role.ENTERPRISE_ADMIN, enterprise_id=make_enterprise().id)
    refused(of_card(Caller(client, other), enterprise), 404)
    assert wechat.calls(CALL) == []


def test_a_link_is_good_for_five_minutes_and_for_its_picture(client, boss, enterprise):
    url = of_card(boss, enterprise).json["url"]
    refused(client.get(url[:-1] + ("0" if url[-1] != "0" else "1")), 403, "link-invalid")
    with clock.frozen(clock.real() + 6 * MINUTE):
        refused(client.get(url), 403, "link-invalid")


@pytest.mark.parametrize(
    ("errcode", "told", "circuit"),
    [
        (45009, (429, "program-codes-limited"), CALL),
        (-1, (503, "program-codes-busy"), None),
        (41030, (503, "program-codes-unusable"), CALL),
        (40169, (503, "program-codes-unusable"), None),
        (40001, (503, "program-codes-unusable"), "token"),
    ],
)
def test_what_wechat_refuses(ask_for_card, wechat, errcode, told, circuit):
    """Whoever asks next is told to come later where WeChat would refuse it, too."""
    wechat.fault("errcode", match=MATCH, errcode=errcode)
    refused(ask_for_card(), *told)
    open_now = [row.name for row in db.session.query(WechatCircuit)]
    assert open_now == ([circuit] if circuit else [])
    assert db.session.query(ProgramCode).count() == 0
    wechat.clear_faults()
    asked = len(wechat.calls(CALL))
    if circuit:
        answer = ask_for_card()
        refused(answer, 503, "program-codes-busy")
        assert int(answer.headers["Retry-After"]) > 50
        assert len(wechat.calls(CALL)) == asked
    else:
        assert ask_for_card().status_code == 200


def test_the_circuit_closes_by_itself(boss, enterprise, wechat):
    wechat.fault("errcode", match=MATCH, errcode=45009, times=1)
    refused(of_card(boss, enterprise), 429)
    db.session.query(WechatCircuit).update({"open_until": clock.real()})
    assert of_card(boss, enterprise).status_code == 200


def test_a_circuit_of_codes_keeps_no_message_back(client, boss, enterprise, wechat):
    wechat.fault("errcode", match=MATCH, errcode=41030)
    of_card(boss, enterprise)
    assert client.get("/readyz").json["wechat"] == "ok"


def test_without_a_mini_program_there_are_no_codes(app, boss, enterprise, monkeypatch):
    monkeypatch.setitem(app.config, "WECHAT", None)
    refused(of_card(boss, enterprise), 503, "program-codes-off")


def test_a_picture_that_is_lost_is_asked_for_anew(app, client, boss, enterprise, wechat):
    of_card(boss, enterprise)
    files = FileStore(app.config["SETTINGS"].file_store)
    files.remove(db.session.query(ProgramCode).one().storage_key)
    assert client.get(of_card(boss, enterprise).json["url"]).status_code == 200
    assert len(wechat.calls(CALL)) == 2


def test_a_picture_goes_when_it_is_of_no_use(app, client, boss, enterprise, invitation):
    kept = of_card(boss, enterprise).json["id"]
    gone = of_invitation(boss, enterprise, invitation).json
    key = db.session.get_one(ProgramCode, gone["id"]).storage_key
    with clock.frozen(db.session.get_one(Invitation, invitation["id"]).expires_at):
        assert sweep_expired().failures == 0
    db.session.expire_all()
    assert [row.id for row in db.session.query(ProgramCode)] == [kept]
    refused(client.get(gone["url"]), 404)
    with pytest.raises(Exception, match="文件暂时无法读取"):
        FileStore(app.config["SETTINGS"].file_store).open(key)
