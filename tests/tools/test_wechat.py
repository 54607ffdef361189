"""The stand-in for WeChat: when it is wanted, and that it stays the same platform."""

from config.settings import Settings
from tests.tools.test_run import KEYS
from tools.wechat import StandIn, introduce, stand_in_of, with_wechat

ACCOUNT = {"login": "a", "name": "吴国", "phone": "13800000001"}
COMPLETE = KEYS | {"DATABASE_URL": "postgresql://embedded"}


def test_it_stands_in_where_no_mini_program_is_configured(tmp_path):
    environ = with_wechat(COMPLETE, tmp_path)
    settings = Settings.from_environment(environ)
    stand_in = stand_in_of(environ)
    assert stand_in is not None
    assert settings.wechat_api_base == stand_in.base
    assert stand_in.admin == f"{stand_in.base}__emu/"
    assert settings.wechat_appid
    assert settings.wechat_callback_key


def test_a_configured_mini_program_is_left_alone(tmp_path):
    environ = with_wechat({"WECHAT_APPID": "wx" + "0" * 16}, tmp_path)
    assert environ == {"WECHAT_APPID": "wx" + "0" * 16}
    assert stand_in_of(environ) is None
    assert not list(tmp_path.iterdir())


def test_the_next_start_finds_the_same_platform_with_the_same_people(tmp_path):
    first, second = (with_wechat({}, tmp_path) for _ in range(2))
    for environ in (first, second):
        base = environ.pop("WECHAT_API_BASE")
        assert environ.pop("SMS_API_BASE") == base + "sms/"
        assert environ.pop("WECOM_API_BASE") == base + "qy/"
    assert first == second
    kept = tmp_path / "wechat" / "account.json"
    assert kept.stat().st_mode & 0o077 == 0


def test_every_account_is_introduced_once_and_known_again(wechat):
    stand_in, accounts = StandIn(wechat.base, wechat.key), [ACCOUNT]
    first, second = (introduce(stand_in, accounts, "secret") for _ in range(2))
    assert first == second
    [known] = first
    assert known["phone"] == "13800000001"
    users = [user["openid"] for user in wechat.get("state")["users"]]
    assert users == [known["openid"]]
    assert len(known["openid"]) == 28
    other = introduce(stand_in, accounts, "another installation")
    assert other[0]["openid"] != known["openid"]
