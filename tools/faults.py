"""What the tools of this folder say when they cannot go on."""

from pathlib import Path

TAIL_LINES = 15


class Fault(Exception):
    """A sentence for the person at the terminal; the tool ends with exit code 1."""


def tail(log: Path) -> str:
    """Where the log is and its last lines, to be put under a fault."""
    text = log.read_text(encoding="utf-8", errors="replace") if log.exists() else ""
    lines = [f"    {line}" for line in text.splitlines()[-TAIL_LINES:]]
    return "\n".join([f"  日志：{log}", *lines])
