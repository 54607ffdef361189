"""What the launcher prints when the product is ready."""

import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from tools.wechat import StandIn

Account = Mapping[str, object]

COLUMNS = {"role": "角色", "name": "姓名", "login": "登录名", "password": "口令"}
WIDE = frozenset("WF")


@dataclass(frozen=True, slots=True)
class Tour:
    """What there is to see once the product is ready."""

    api: str
    accounts: Sequence[Account]
    home: Path
    stand_in: StandIn | None = None

    def places(self) -> dict[str, str]:
        """Names and addresses."""
        places = {
            "接口": self.api,
            "接口文档": self.api.removesuffix("/api/v1") + "/api/docs",
            "数据": str(self.home),
        }
        if self.stand_in:
            places["微信替身"] = f"{self.stand_in.admin}?key={self.stand_in.key}"
        return places


def welcome(tour: Tour, seconds: float) -> str:
    """Addresses, the demo accounts as a table, and how to stop."""
    places = tour.places()
    column = max(map(width, places)) + 2
    parts = [
        f"就绪，用时 {seconds:.1f} 秒。",
        "\n".join(
            f"  {name}{' ' * (column - width(name))}{place}" for name, place in places.items()
        ),
    ]
    if tour.accounts:
        parts.append("演示账号：\n" + table(tour.accounts))
    parts.append(
        "按 Ctrl-C 停止。" + ("演示：另开一个终端，运行 make demo。" if tour.accounts else "")
    )
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
