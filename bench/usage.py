"""What processes have used: processor seconds from /proc, which no other load distorts much."""

import os
from collections.abc import Mapping
from pathlib import Path

import psutil

TICKS = os.sysconf("SC_CLK_TCK")
USER, CHILDREN_SYSTEM = 11, 15
"""In /proc/<pid>/stat, counted from behind the name: utime, stime, cutime, cstime."""


def seconds_of(heads: Mapping[str, int]) -> dict[str, float]:
    """Processor seconds of each head process with all below it, ended children among them."""
    return {name: sum(map(_seconds, _tree(head))) for name, head in heads.items()}


def _tree(head: int) -> list[int]:
    process = psutil.Process(head)
    return [head, *(child.pid for child in process.children(recursive=True))]


def _seconds(process: int) -> float:
    try:
        line = Path(f"/proc/{process}/stat").read_text(encoding="utf-8")
    except FileNotFoundError:
        return 0.0
    numbers = line.rpartition(")")[2].split()
    return sum(map(int, numbers[USER:CHILDREN_SYSTEM])) / TICKS
