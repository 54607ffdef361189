"""How the emulator is started as a process: environment variables, given by the launcher.

WECHAT_APPID, WECHAT_SECRET, WECHAT_EMULATOR_PORT and WECHAT_EMULATOR_KEY are compulsory, as is
GUANJIA_HOME, under which `wechat/state.json` is kept. Events are pushed when
WECHAT_EMULATOR_TARGET (a URL), WECHAT_CALLBACK_TOKEN and WECHAT_CALLBACK_KEY are all set. The
mini-programs in the file WECHAT_PROGRAMS, if there is one, are served too, and told of their events
at the callbacks beside that URL.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from config.programs import Program, programs_file
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
    targets: Mapping[str, Target]


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
    others = _others(environ.get("WECHAT_PROGRAMS", ""))
    secrets = {one.appid: one.secret for one in others}
    return Options(
        access=Access(appid=appid, secret=secret, key=key, others=secrets),
        port=int(port),
        state=Path(home) / "wechat" / "state.json",
        targets=_targets(appid, environ, others),
    )


def _others(path: str) -> tuple[Program, ...]:
    try:
        return programs_file(path) if path else ()
    except ValueError as fault:
        raise Fault(f"WECHAT_PROGRAMS：{fault}。") from None


def _targets(
    appid: str, environ: Mapping[str, str], others: Iterable[Program]
) -> dict[str, Target]:
    """Where each mini-program's server hears of it, as far as it does."""
    url, token, key = (environ.get(name, "") for name in FOR_PUSHES)
    if not (url and token and key):
        return {}
    told = {
        one.appid: Target(f"{url}s/{one.appid}", one.callback_token, one.callback_key)
        for one in others
        if one.callback_token
    }
    return {appid: Target(url, token, key), **told}
