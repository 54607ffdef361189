"""One platform with two mini-programs: people, tokens, templates and pushes of each are its own."""

import pytest

from tests.tools.wechat_emulator.caller import CREDENTIALS, SEND
from tests.tools.wechat_emulator.test_kept_state import COMPLETE
from tests.two_programs import OTHER
from tests.wechat import APPID, KEY, SECRET, TEMPLATES, Refused
from tools.faults import Fault
from tools.wechat_emulator.emulator import Access, Emulator
from tools.wechat_emulator.keeping import keep, take_up
from tools.wechat_emulator.options import read_options

THEIRS = {"appid": OTHER.appid, "secret": OTHER.secret}
FILE = f"""
[[program]]
appid = "{OTHER.appid}"
secret = "{OTHER.secret}"
callback_token = "{OTHER.callback_token}"
callback_key = "{OTHER.callback_key}"

[[program]]
appid = "wx2222222222222222"
secret = "{OTHER.secret}"
"""


@pytest.fixture
def other(caller, wechat) -> str:
    """Somebody whom the other mini-program knows."""
    wechat.post("apps", **THEIRS)
    return wechat.make_user(appid=OTHER.appid)


def their_token(caller) -> str:
    return caller.ask_stable(**THEIRS)["access_token"]


def test_each_secret_opens_its_own(caller, other):
    assert their_token(caller) != caller.token()
    assert caller.ask_stable(appid=OTHER.appid)["errcode"] == 40125
    assert caller.ask_stable(secret=OTHER.secret)["errcode"] == 40125
    assert caller.ask_stable(appid="wx" + "0" * 16)["errcode"] == 40013


def test_a_code_is_good_where_it_was_given(caller, wechat, other):
    code = wechat.login_code(other)
    assert caller.session(code)["errcode"] == 40029
    assert caller.session(code, **THEIRS)["openid"] == other


def test_nobody_is_reached_by_the_other(caller, wechat, other, openid):
    wechat.accept(other, "即将到期")
    assert caller.send(other)["errcode"] == 40003
    assert caller.send(openid, token=their_token(caller))["errcode"] == 40003
    assert caller.send(other, token=their_token(caller))["errcode"] == 0
    assert [len(wechat.messages(one)) for one in (other, openid)] == [1, 0]
    assert len(wechat.get("messages", app=OTHER.appid)["messages"]) == 1
    assert wechat.quota(other, "即将到期") == 0


def test_templates_are_of_one_account(wechat, other):
    wechat.put("templates", app=OTHER.appid, templates=[])
    assert wechat.get("templates", app=OTHER.appid)["templates"] == []
    assert len(wechat.get("templates")["templates"]) == len(TEMPLATES)


def test_tokens_are_forgotten_for_one(caller, wechat, other):
    ours, theirs = caller.token(), their_token(caller)
    wechat.post("tokens/expire", app=OTHER.appid, forget=True)
    assert caller.post(SEND, {}, access_token=theirs)["errcode"] == 40001
    assert caller.post(SEND, {}, access_token=ours)["errcode"] != 40001


def test_an_app_that_is_not_there_cannot_be_asked_for(wechat, other):
    with pytest.raises(Refused):
        wechat.get("templates", app="wx" + "0" * 16)
    wechat.reset()
    with pytest.raises(Refused):
        wechat.get("templates", app=OTHER.appid)


def test_what_is_kept_is_taken_up_for_each_that_is_still_there(tmp_path):
    path = tmp_path / "wechat" / "state.json"
    path.parent.mkdir()
    access = Access(appid=APPID, secret=SECRET, key=KEY, others={OTHER.appid: OTHER.secret})
    first = Emulator(access)
    first.states[OTHER.appid].offset = 5
    first.state.offset = 7
    keep(first, path)
    assert OTHER.secret not in path.read_text("utf-8")
    again = Emulator(access)
    take_up(again, path)
    assert (again.state.offset, again.states[OTHER.appid].offset) == (7, 5)
    assert again.states[OTHER.appid].secret == OTHER.secret
    alone = Emulator(Access(appid=APPID, secret=SECRET, key=KEY))
    take_up(alone, path)
    assert list(alone.states) == [APPID]


def test_further_ones_come_from_the_file_of_the_product(tmp_path):
    path = tmp_path / "programs.toml"
    path.write_text(FILE)
    path.chmod(0o600)
    given = COMPLETE | {
        "WECHAT_PROGRAMS": str(path),
        "WECHAT_EMULATOR_TARGET": "http://127.0.0.1/api/v1/wechat/callback",
        "WECHAT_CALLBACK_TOKEN": "token",
        "WECHAT_CALLBACK_KEY": "k" * 43,
    }
    options = read_options(given)
    assert options.access.known == {
        CREDENTIALS["appid"]: SECRET,
        OTHER.appid: OTHER.secret,
        "wx2222222222222222": OTHER.secret,
    }
    assert set(options.targets) == {APPID, OTHER.appid}
    target = options.targets[OTHER.appid]
    assert target.url == f"http://127.0.0.1/api/v1/wechat/callbacks/{OTHER.appid}"
    assert (target.token, target.key) == (OTHER.callback_token, OTHER.callback_key)
    with pytest.raises(Fault, match="WECHAT_PROGRAMS"):
        read_options(given | {"WECHAT_PROGRAMS": str(tmp_path / "nowhere")})
