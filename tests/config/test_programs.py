"""Further mini-programs: a file of their own, each fault in it named, no secret shown."""

import pytest

from config.settings import Settings, SettingsError
from tests.config.test_settings import COMPLETE

FIRST = {"WECHAT_APPID": "wx" + "0" * 16, "WECHAT_SECRET": "s" * 32}
APPID, SECRET = "wx" + "1" * 16, "t" * 32
GOOD = f"""
[[program]]
appid = "{APPID}"
secret = "{SECRET}"
callback_token = "othertoken"
callback_key = "{"k" * 43}"
state = "trial"
audience = "officials"

[[program]]
appid = "wx2222222222222222"
secret = "{SECRET}"
"""


@pytest.fixture
def written(tmp_path):
    """The settings with this text in the file of further mini-programs."""

    def settings(text: str | bytes, mode: int = 0o600, **first: str) -> Settings:
        path = tmp_path / "programs.toml"
        path.write_bytes(text.encode() if isinstance(text, str) else text)
        path.chmod(mode)
        given = COMPLETE | FIRST | first | {"WECHAT_PROGRAMS": str(path)}
        return Settings.from_environment(given)

    return settings


@pytest.fixture
def fault(written):
    """What is said of such a file."""

    def said(text: str | bytes, mode: int = 0o600, **first: str) -> str:
        with pytest.raises(SettingsError) as caught:
            written(text, mode, **first)
        assert set(caught.value.faults) == {"WECHAT_PROGRAMS"}
        assert SECRET not in str(caught.value)
        return caught.value.faults["WECHAT_PROGRAMS"]

    return said


def test_the_first_stays_the_first(written):
    first, second, third = written(GOOD, WECHAT_PROGRAM_AUDIENCE="enterprises").programs
    assert (first.appid, first.audience) == (FIRST["WECHAT_APPID"], "enterprises")
    assert (second.appid, second.secret, second.state) == (APPID, SECRET, "trial")
    assert (second.callback_token, second.callback_key) == ("othertoken", "k" * 43)
    assert second.audience == "officials"
    assert (third.state, third.audience, third.callback_token) == ("formal", "both", "")


def test_without_a_file_there_is_one_or_none():
    assert Settings.from_environment(COMPLETE).programs == ()
    [only] = Settings.from_environment(COMPLETE | FIRST).programs
    assert (only.appid, only.audience) == (FIRST["WECHAT_APPID"], "both")


def test_secrets_stay_out_of_the_representation(written):
    shown = repr(written(GOOD))
    assert SECRET not in shown
    assert "othertoken" not in shown
    assert "k" * 43 not in shown


def test_every_fault_is_named_with_its_place(fault):
    said = fault("""
[[program]]
appid = "WX1"
secrets = "x"
callback_token = "othertoken"
[[program]]
appid = "wx2222222222222222"
secret = 5
state = "released"
audience = "all"
""")
    for words in (
        "第 1 节 appid：应为wx",
        "第 1 节 secret：没有设置",
        "第 1 节 secrets：没有这一项",
        "第 1 节 callback_token、callback_key：须一起设置",
        "第 2 节 secret：应为小程序的 AppSecret",
        "第 2 节 state：应为formal",
        "第 2 节 audience：应为both",
    ):
        assert words in said


def test_an_appid_stands_once(fault):
    twice = f'[[program]]\nappid = "{APPID}"\nsecret = "{SECRET}"\n' * 2
    assert fault(twice) == f"appid {APPID} 不止一节"
    same = FIRST["WECHAT_APPID"]
    assert "不必再写入文件" in fault(f'[[program]]\nappid = "{same}"\nsecret = "{SECRET}"\n')


def test_there_has_to_be_a_first(fault):
    assert "须先设置" in fault(GOOD, WECHAT_APPID="", WECHAT_SECRET="")


@pytest.mark.parametrize(
    "text", ["", f'secret = "{SECRET}"', "program = []", "program = 1", f'{GOOD}\n[more]\nx = "1"']
)
def test_a_file_of_another_shape_is_refused(fault, text):
    assert "[[program]]" in fault(text)


@pytest.mark.parametrize("text", [f'secret = "{SECRET}', b"\xff\xfe"])
def test_what_is_no_toml_is_told_and_not_shown(fault, text):
    assert "不是 TOML 文件" in fault(text)


@pytest.mark.parametrize("mode", [0o604, 0o606, 0o644])
def test_a_file_that_everybody_may_read_is_refused(fault, mode):
    assert "chmod 600" in fault(GOOD, mode)


def test_the_group_may_read_it(written):
    assert len(written(GOOD, 0o640).programs) == 3


def test_a_file_that_is_not_there_is_told(tmp_path):
    path = tmp_path / "nowhere.toml"
    with pytest.raises(SettingsError, match=str(path)):
        Settings.from_environment(COMPLETE | FIRST | {"WECHAT_PROGRAMS": str(path)})


def test_a_folder_is_no_file(tmp_path):
    private = tmp_path / "programs"
    private.mkdir(0o700)
    with pytest.raises(SettingsError, match="读不到文件"):
        Settings.from_environment(COMPLETE | FIRST | {"WECHAT_PROGRAMS": str(private)})
