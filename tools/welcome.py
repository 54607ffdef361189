"""What the launcher prints when the product is ready."""

import unicodedata
from collections.abc import Mapping, Sequence
from pathlib import Path

Account = Mapping[str, object]

COLUMNS = {"role": "角色", "name": "姓名", "login": "登录名", "password": "口令"}
WIDE = frozenset("WF")


def welcome(api: str, accounts: Sequence[Account], home: Path, seconds: float) -> str:
    """Addresses, the demo accounts as a table, and how to stop."""
    site = api.removesuffix("/api/v1")
    parts = [
        f"就绪，用时 {seconds:.1f} 秒。",
        f"  接口      {api}\n  接口文档  {site}/api/docs\n  数据      {home}",
    ]
    if accounts:
        parts.append("演示账号：\n" + table(accounts))
    parts.append("按 Ctrl-C 停止。" + ("演示：另开一个终端，运行 make demo。" if accounts else ""))
    return "\n\n".join(parts)


def table(accounts: Sequence[Account]) -> str:
    """The accounts in columns that line up, Chinese characters being two columns wide."""
    rows = [list(COLUMNS.values())]
    rows += [[str(account.get(key) or "") for key in COLUMNS] for account in accounts]
    widths = [max(map(width, column)) for column in zip(*rows, strict=True)]
    lines = [
        "  ".join(cell + " " * (size - width(cell)) for cell, size in zip(row, widths, strict=True))
        for row in rows
    ]
    return "\n".join(f"  {line.rstrip()}" for line in lines)


def width(text: str) -> int:
    """How many columns of a terminal a text takes."""
    return sum(2 if unicodedata.east_asian_width(letter) in WIDE else 1 for letter in text)
