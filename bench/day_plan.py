"""What goes wrong on the day, and when: drawn by a seed, so that a day can be lived again."""

from collections.abc import Mapping
from dataclasses import dataclass
from random import Random
from typing import Any

from tools.wechat_emulator.endpoints import SEND
from tools.wechat_emulator.texting import PATH as TEXTS

ANSWERS: tuple[Mapping[str, Any], ...] = (
    {"kind": "errcode", "errcode": -1},
    {"kind": "errcode", "errcode": 43101},
    {"kind": "errcode", "errcode": 47003},
    {"kind": "errcode", "errcode": 43108},
    {"kind": "errcode", "errcode": 45009},
    {"kind": "errcode", "errcode": 45011},
    {"kind": "http", "status": 429},
    {"kind": "token_expire"},
    {"kind": "token_invalidate"},
    {"kind": "silent_drop"},
    {"kind": "latency", "ms": 0, "to_ms": 60},
)
"""What the platform itself may do with a message."""

WIRES: tuple[Mapping[str, Any], ...] = (
    {"kind": "http", "status": 502},
    {"kind": "html200"},
    {"kind": "empty200"},
    {"kind": "list200"},
    {"kind": "gbk"},
    {"kind": "reset_before"},
    {"kind": "reset_after"},
    {"kind": "truncate", "bytes": 5},
    {"kind": "drip", "ms": 1},
)
"""What lies between may do with a message of either kind."""

PUSHES: tuple[Mapping[str, Any], ...] = (
    {"kind": "push_drop"},
    {"kind": "push_duplicate"},
    {"kind": "push_replay"},
    {"kind": "push_wrong_signature"},
)


@dataclass(frozen=True, slots=True)
class Spell:
    """A stretch of the day: the faults that begin in it, who is killed, whether pushes wait.

    `kills`: the places of the senders that die in it; `is_deaf`: what was pushed is worked later.
    """

    faults: tuple[Mapping[str, Any], ...]
    kills: tuple[int, ...]
    is_deaf: bool


def plan(seed: int, spells: int, senders: int) -> list[Spell]:
    """The spells of the day with this seed."""
    dice = Random(seed)
    return [_spell(dice, senders) for _ in range(spells)]


def _spell(dice: Random, senders: int) -> Spell:
    faults = [_fault(dice, SEND, (*ANSWERS, *WIRES)) for _ in range(dice.randint(1, 3))]
    if dice.random() < 0.5:
        faults.append(_fault(dice, TEXTS, WIRES))
    if dice.random() < 0.6:
        faults.append({"match": {}, "effect": dict(dice.choice(PUSHES)), "times": 3})
    kills = tuple(place for place in range(senders) if dice.random() < 0.1)
    return Spell(tuple(faults), kills, is_deaf=dice.random() < 0.3)


def _fault(dice: Random, path: str, effects: tuple[Mapping[str, Any], ...]) -> Mapping[str, Any]:
    return {
        "match": {"path": path},
        "effect": dict(dice.choice(effects)),
        "times": dice.randint(1, 6),
        "after": dice.randint(0, 20),
    }
