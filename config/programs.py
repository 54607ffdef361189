"""小程序 beyond the first: a TOML file, so that each has its secrets beside its appid.

[[program]]
appid = "wx0123456789abcdef"
secret = "…"
callback_token = "…"      # both of the callback, or none
callback_key = "…"
state = "formal"          # formal (default), trial, developer
audience = "officials"    # both (default), enterprises, officials
"""

import re
import stat
import tomllib
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from config.parsing import matching, one_of

STATES = ("formal", "trial", "developer")
AUDIENCES = ("both", "enterprises", "officials")

APPID = matching(r"wx[0-9a-f]{16}", "wx 加 16 位十六进制数")
SECRET = matching(r"[!-~]{16,64}", "小程序的 AppSecret")
CALLBACK_TOKEN = matching(r"\w{3,32}", "3–32 个字母或数字")
CALLBACK_KEY = matching(r"[A-Za-z0-9]{43}", "43 个字母或数字")
STATE = one_of(*STATES)
AUDIENCE = one_of(*AUDIENCES)

PARSERS = {
    "appid": APPID,
    "secret": SECRET,
    "callback_token": CALLBACK_TOKEN,
    "callback_key": CALLBACK_KEY,
    "state": STATE,
    "audience": AUDIENCE,
}
COMPULSORY = ("appid", "secret")
TOGETHER = ("callback_token", "callback_key")


@dataclass(frozen=True, slots=True, kw_only=True)
class Program:
    """One mini-program as it is configured. `audience`: whom it is for."""

    appid: str
    secret: str = field(repr=False)
    callback_token: str = field(default="", repr=False)
    callback_key: str = field(default="", repr=False)
    state: str = STATES[0]
    audience: str = AUDIENCES[0]


def programs_file(text: str) -> tuple[Program, ...]:
    """The programs in the file at this path. Raises ValueError with every fault in it."""
    path = Path(text).expanduser()
    try:
        if path.stat().st_mode & stat.S_IRWXO:
            raise ValueError(f"{path} 中有密钥，不能让所有人读写（chmod 600 或 640）")
        content = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError:
        raise ValueError(f"读不到文件 {path}") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError):
        # What does not parse may be a secret, so nothing of it is shown.
        raise ValueError(f"{path} 不是 TOML 文件") from None
    return _programs(content)


def _programs(content: Mapping[str, Any]) -> tuple[Program, ...]:
    rows: list[dict[str, Any]] = content.get("program") or []
    if set(content) != {"program"} or not _is_table_list(rows):
        raise ValueError("应只有 [[program]] 各节，每个小程序一节")
    faults = [f"第 {place} 节 {said}" for place, row in enumerate(rows, 1) for said in _faults(row)]
    appids = Counter(str(row.get("appid")) for row in rows)
    faults += [f"appid {appid} 不止一节" for appid, times in appids.items() if times > 1]
    if faults:
        raise ValueError("；".join(faults))
    return tuple(Program(**row) for row in rows)


def _is_table_list(rows: object) -> bool:
    return isinstance(rows, list) and bool(rows) and all(isinstance(one, dict) for one in rows)


def _faults(row: Mapping[str, Any]) -> Iterator[str]:
    """Each fault of one program, by the name of what is wrong; never a value."""
    for name in sorted(row.keys() - PARSERS.keys()):
        shown = name if re.fullmatch(r"\w{1,30}", name) else "一个名称"
        yield f"{shown}：没有这一项"
    for name, parse in PARSERS.items():
        if name not in row:
            if name in COMPULSORY:
                yield f"{name}：没有设置"
            continue
        try:
            parse(row[name] if isinstance(row[name], str) else "")
        except ValueError as fault:
            yield f"{name}：{fault}"
    if len(row.keys() & set(TOGETHER)) == 1:
        yield f"{'、'.join(TOGETHER)}：须一起设置，或都不设置"
