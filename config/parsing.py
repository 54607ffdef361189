"""How the text of one environment variable becomes a value; each parser raises ValueError."""

import base64
import binascii
import re
from collections.abc import Callable
from pathlib import Path

KEY_BYTES = 32
POSTGRES_SCHEMES = frozenset({"postgresql", "postgres", "postgresql+psycopg"})


def matching(pattern: str, description: str) -> Callable[[str], str]:
    """Text that fits a pattern as a whole."""

    def parse(text: str) -> str:
        if not re.fullmatch(pattern, text, re.ASCII):
            raise ValueError(f"应为{description}")
        return text

    return parse


def one_of(*allowed: str) -> Callable[[str], str]:
    """One of a few words."""
    return matching("|".join(allowed), "、".join(allowed) + " 之一")


def whole(lowest: int, highest: int) -> Callable[[str], int]:
    """A whole number, both bounds allowed."""

    def parse(text: str) -> int:
        if not re.fullmatch(r"\d{1,12}", text, re.ASCII) or not lowest <= int(text) <= highest:
            raise ValueError(f"应为 {lowest}–{highest} 之间的整数")
        return int(text)

    return parse


def switch(text: str) -> bool:
    """1 or 0."""
    if text not in {"0", "1"}:
        raise ValueError("应为 1（开）或 0（关）")
    return text == "1"


def folder(text: str) -> Path:
    """The absolute path of a folder, which need not exist yet."""
    path = Path(text).expanduser().resolve()
    if path.exists() and not path.is_dir():
        raise ValueError("应为文件夹的路径，但那里是一个文件")
    return path


def base_url(text: str) -> str:
    """The root of an HTTP service, with its closing slash."""
    if not re.fullmatch(r"https?://[\w.:-]+(/[\w./-]*)?", text, re.ASCII):
        raise ValueError("应为 http:// 或 https:// 开头的地址")
    return text.rstrip("/") + "/"


def secret_key(text: str) -> bytes:
    """32 random bytes, written as base64."""
    try:
        key = base64.b64decode(text, validate=True)
    except binascii.Error:
        key = b""
    if len(key) != KEY_BYTES:
        raise ValueError(f"应为 {KEY_BYTES} 字节随机数的 base64，可用 openssl rand -base64 32 生成")
    return key


def secret_keys(text: str) -> tuple[bytes, ...]:
    """Several such keys, with commas between them."""
    return tuple(secret_key(one.strip()) for one in text.split(","))


def postgres_url(text: str) -> str:
    """The address with the driver that the product uses, whichever way it was written."""
    scheme, _, rest = text.partition("://")
    if scheme not in POSTGRES_SCHEMES or not rest:
        raise ValueError("应为 postgresql://用户:口令@主机:端口/库名")
    return f"postgresql+psycopg://{rest}"
