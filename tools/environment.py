"""The environment of the product on one machine: the caller's, `.env`, defaults, generated keys."""

import json
import os
import secrets
from base64 import b64encode
from collections.abc import Mapping
from pathlib import Path

from config.settings import KEYS, variable
from tools.faults import Fault

DEVELOPMENT_DEFAULTS = {"APP_ENV": "development", "DEMO": "1"}


def read_dotenv(path: Path) -> dict[str, str]:
    """`NAME=value` lines; quotes around a value are dropped, empty values and comments skipped."""
    if not path.exists():
        return {}
    values = {}
    for number, raw in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
        line = raw.strip().removeprefix("export ")
        if not line or line.startswith("#"):
            continue
        name, equals, value = line.partition("=")
        if not equals:
            raise Fault(f"{path} 第 {number} 行应写成 名称=值：{raw}")
        values[name.strip()] = value.strip().strip("\"'")
    return {name: value for name, value in values.items() if value}


def launch_environment(root: Path, environ: Mapping[str, str]) -> dict[str, str]:
    """What the product's processes shall see; keys are still missing outside production."""
    given = read_dotenv(root / ".env") | {name: text for name, text in environ.items() if text}
    if given.get("APP_ENV", "development") == "development":
        given = DEVELOPMENT_DEFAULTS | given
    given["GUANJIA_HOME"] = str(
        (root / Path(given.get("GUANJIA_HOME", "var")).expanduser()).resolve()
    )
    # The launcher has read `.env`; a second reader with other rules would only confuse.
    given["FLASK_SKIP_DOTENV"] = "1"
    return given


def with_keys(environ: Mapping[str, str], home: Path) -> dict[str, str]:
    """The environment with the keys that this data folder was begun with; made when missing."""
    names = [variable(name) for name in KEYS]
    if all(environ.get(name) for name in names):
        return dict(environ)
    kept_in = home / "secrets.json"
    kept = json.loads(kept_in.read_text(encoding="utf-8")) if kept_in.exists() else {}
    missing = [name for name in names if name not in kept]
    if missing:
        kept |= {name: b64encode(secrets.token_bytes(32)).decode() for name in missing}
        write_private(kept_in, kept)
    return {**kept, **environ}


def write_private(path: Path, content: object) -> None:
    """Write JSON so that it is whole or absent, and readable for the owner only."""
    partial = path.with_name(path.name + ".partial")
    partial.unlink(missing_ok=True)
    partial.touch(mode=0o600, exist_ok=False)
    with partial.open("w", encoding="utf-8") as file:
        json.dump(content, file, ensure_ascii=False, indent=2)
        file.write("\n")
        file.flush()
        os.fsync(file.fileno())
    partial.replace(path)
