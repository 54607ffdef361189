"""How the emulator is started as a process: environment variables, given by the launcher.

WECHAT_APPID, WECHAT_SECRET, WECHAT_EMULATOR_PORT and WECHAT_EMULATOR_KEY are compulsory, as is
GUANJIA_HOME, under which `wechat/state.json` is kept. Events are pushed when
WECHAT_EMULATOR_TARGET (a URL), WECHAT_CALLBACK_TOKEN and WECHAT_CALLBACK_KEY are all set.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from tools.faults import Fault
from tools.wechat_emulator.emulator import Access
from tools.wechat_emulator.envelopes import Target

COMPULSORY = (
    "WECHAT_APPID",
    "WECHAT_SECRET",
    "WECHAT_EMULATOR_PORT",
    "WECHAT_EMULATOR_KEY",
    "GUANJIA_HOME",
)
FOR_PUSHES = ("WECHAT_EMULATOR_TARGET", "WECHAT_CALLBACK_TOKEN", "WECHAT_CALLBACK_KEY")


@dataclass(frozen=True, slots=True)
class Options:
    """What the process needs to know."""

    access: Access
    port: int
    state: Path
    target: Target | None


def read_options(environ: Mapping[str, str]) -> Options:
    """Read the environment; raises Fault, always in production."""
    if environ.get("APP_ENV") == "production":
        raise Fault("生产环境（APP_ENV=production）不能启动微信替身。")
    missing = [name for name in COMPULSORY if not environ.get(name)]
    if missing:
        raise Fault(f"微信替身缺少环境变量：{', '.join(missing)}。")
    appid, secret, port, key, home = (environ[name] for name in COMPULSORY)
    if not port.isdecimal() or int(port) > 65_535:
        raise Fault(f"WECHAT_EMULATOR_PORT 应为端口号：{port}")
    url, token, callback_key = (environ.get(name, "") for name in FOR_PUSHES)
    return Options(
        access=Access(appid=appid, secret=secret, key=key),
        port=int(port),
        state=Path(home) / "wechat" / "state.json",
        target=Target(url, token, callback_key) if url and token and callback_key else None,
    )
