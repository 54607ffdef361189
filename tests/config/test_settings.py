"""Settings: what is read, what is refused, and that .env.example tells of all of it."""

import re
from base64 import b64encode
from dataclasses import fields
from pathlib import Path

import pytest

from config.settings import Settings, SettingsError, variable

ROOT = Path(__file__).parents[2]


def key(byte: int) -> str:
    return b64encode(bytes([byte]) * 32).decode()


COMPLETE = {
    "DATABASE_URL": "postgresql://me:secret@127.0.0.1/guanjia",
    "DATA_KEY": key(1),
    "LOOKUP_KEY": key(2),
    "LINK_KEY": key(3),
    "CASE_FILE_KEY": key(4),
}


def faults_of(**changes: str) -> dict[str, str]:
    with pytest.raises(SettingsError) as caught:
        Settings.from_environment(COMPLETE | changes)
    return caught.value.faults


def test_defaults_complete_what_is_not_set():
    settings = Settings.from_environment(COMPLETE)
    assert settings.app_env == "development"
    assert settings.port == 8000
    assert settings.ticket_prefix == "AS"
    assert settings.home == Path("var").resolve()
    assert settings.file_store == settings.home / "files"
    assert not settings.is_demo


def test_every_missing_variable_is_named_at_once():
    with pytest.raises(SettingsError) as caught:
        Settings.from_environment({})
    assert set(caught.value.faults) == {
        "DATABASE_URL",
        "DATA_KEY",
        "LOOKUP_KEY",
        "LINK_KEY",
        "CASE_FILE_KEY",
    }
    for name in caught.value.faults:
        assert f"{name}：没有设置" in str(caught.value)


def test_missing_and_bad_come_together():
    faults = faults_of(DATABASE_URL="", PORT="eighty", LOG_LEVEL="loud")
    assert set(faults) == {"DATABASE_URL", "PORT", "LOG_LEVEL"}


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("APP_ENV", "prod"),
        ("AUDIT_KEEP_DAYS", "183"),
        ("DATABASE_URL", "sqlite:///guanjia.db"),
        ("DATABASE_URL", "postgresql://"),
        ("DATA_KEY", "not base64!"),
        ("DATA_KEY", b64encode(b"short").decode()),
        ("GUANJIA_HOME", __file__),
        ("PORT", "0"),
        ("PORT", "65536"),
        ("PORT", "８０００"),
        ("PORT", "-1"),
        ("TICKET_PREFIX", "as"),
        ("STAFF_IDLE_MINUTES", "0"),
        ("MAX_UPLOAD_BYTES", "1.5"),
        ("WEB_WORKERS", "65"),
        ("WEB_STOP_SECONDS", "0"),
        ("DEMO", "yes"),
        ("SEALING", "des"),
    ],
)
def test_a_bad_value_is_refused_by_name(name, text):
    assert set(faults_of(**{name: text})) == {name}


@pytest.mark.parametrize("scheme", ["postgres", "postgresql", "postgresql+psycopg"])
def test_any_spelling_of_the_address_gets_the_driver(scheme):
    environ = COMPLETE | {"DATABASE_URL": f"{scheme}://u:p@db/guanjia"}
    assert Settings.from_environment(environ).database_url == "postgresql+psycopg://u:p@db/guanjia"


def test_production_refuses_demo():
    assert set(faults_of(APP_ENV="production", DEMO="1")) == {"DEMO"}


def test_keys_must_differ():
    assert "DATA_KEY, LOOKUP_KEY, LINK_KEY, CASE_FILE_KEY" in faults_of(LINK_KEY=key(2))


def test_former_keys_are_others_than_those_in_use():
    settings = Settings.from_environment(COMPLETE | {"DATA_KEYS_OLD": f"{key(7)}, {key(8)}"})
    assert settings.data_keys_old == (bytes([7]) * 32, bytes([8]) * 32)
    for former in (key(1), f"{key(7)},{key(7)}", f"{key(7)},"):
        assert set(faults_of(DATA_KEYS_OLD=former)) == {"DATA_KEYS_OLD"}


def test_secrets_stay_out_of_the_representation():
    shown = repr(Settings.from_environment(COMPLETE | {"DATA_KEYS_OLD": key(7)}))
    assert "secret" not in shown
    assert repr(bytes([7]) * 32) not in shown
    assert repr(bytes([1]) * 32) not in shown


def test_env_example_names_exactly_the_variables_that_are_read():
    text = (ROOT / ".env.example").read_text(encoding="utf-8")
    named = re.findall(r"^([A-Z0-9_]+)=", text, re.MULTILINE)
    assert sorted(named) == sorted(variable(known.name) for known in fields(Settings))


def test_env_example_gives_the_defaults():
    text = (ROOT / ".env.example").read_text(encoding="utf-8")
    given = dict(re.findall(r"^([A-Z0-9_]+)=(.*)$", text, re.MULTILINE))
    environ = COMPLETE | {name: value for name, value in given.items() if value}
    assert Settings.from_environment(environ) == Settings.from_environment(COMPLETE)


def test_wechat_is_off_until_it_is_set():
    settings = Settings.from_environment(COMPLETE)
    assert settings.wechat_appid == settings.wechat_secret == ""
    assert settings.wechat_api_base == "https://api.weixin.qq.com/"


@pytest.mark.parametrize(
    "given",
    [{"WECHAT_APPID": "wx" + "0" * 16}, {"WECHAT_CALLBACK_KEY": "k" * 43}],
    ids=["an id without its secret", "a key without its token"],
)
def test_what_belongs_together_is_set_together(given):
    [(names, reason)] = faults_of(**given).items()
    assert next(iter(given)) in names
    assert reason == "须一起设置，或都不设置"


def test_the_base_address_ends_with_a_slash():
    given = COMPLETE | {"WECHAT_API_BASE": "http://127.0.0.1:9/x"}
    assert Settings.from_environment(given).wechat_api_base == "http://127.0.0.1:9/x/"
    assert faults_of(WECHAT_API_BASE="api.weixin.qq.com") == {
        "WECHAT_API_BASE": "应为 http:// 或 https:// 开头的地址"
    }


def test_secrets_do_not_show():
    secret = "s" * 32
    given = {"WECHAT_APPID": "wx" + "0" * 16, "WECHAT_SECRET": secret}
    assert secret not in repr(Settings.from_environment(COMPLETE | given))
