"""The senders of the day: processes that are killed without a word, and replaced."""

import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from bench.worker import STARTED
from tools.children import Child, Program, start
from tools.programs import ROOT
from tools.watch import settle, wait_until

JOBS = "deliver_notifications,fall_back,deliver_texts"
START_SECONDS = 120.0


@dataclass
class Senders:
    """So many at work at any time. `killed` have died."""

    environ: Mapping[str, str]
    logs: Path
    count: int
    killed: int = 0
    at_work: list[Child] = field(default_factory=list)

    def begin(self) -> None:
        """All of them, ready."""
        self.at_work = [self._start() for _ in range(self.count)]
        wait_until(self._are_ready, START_SECONDS, by=settle)

    def replace(self, place: int) -> None:
        """SIGKILL for one: no transaction ends, nothing is said. Another begins meanwhile."""
        following = self._start()
        _kill(self.at_work[place])
        self.killed += 1
        self.at_work[place] = following

    def end(self) -> None:
        """Kill them all."""
        for child in self.at_work:
            _kill(child)

    def told(self) -> str:
        """What they wrote that they should not have."""
        lines = self._log().read_text(encoding="utf-8").splitlines()
        return "\n".join(line for line in lines if '"traceback"' in line)

    def _are_ready(self) -> bool:
        return self._log().read_text(encoding="utf-8").count(STARTED) >= self.count

    def _start(self) -> Child:
        argv = [sys.executable, "-m", "bench.worker", JOBS]
        return start(Program("消息投递", argv, ROOT, self.environ, self._log()))

    def _log(self) -> Path:
        return self.logs / "senders.log"


def _kill(child: Child) -> None:
    child.process.kill()
    child.process.wait()
