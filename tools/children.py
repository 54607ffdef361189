"""Child processes: each in a session of its own, none outliving the launcher, all stopped."""

import contextlib
import ctypes
import os
import signal
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from tools.faults import Fault, tail
from tools.unprivileged import Account, credentials
from tools.watch import hear_again, settle, wait_until

PR_SET_PDEATHSIG = 1
LIBC = ctypes.CDLL(None, use_errno=True)


@dataclass(frozen=True, slots=True)
class Program:
    """What to run. Its output is added to `log`, or shown when there is none."""

    name: str
    argv: Sequence[str]
    cwd: Path
    environ: Mapping[str, str]
    log: Path | None = None
    answer: Path | None = None
    account: Account | None = None
    on_orphaned: signal.Signals = signal.SIGTERM
    stops_by: Sequence[signal.Signals] = field(default=(signal.SIGTERM, signal.SIGKILL))


@dataclass(frozen=True, slots=True)
class Child:
    """A program that was started."""

    program: Program
    process: subprocess.Popen[bytes]

    def is_running(self) -> bool:
        """Whether it has not ended yet."""
        return self.process.poll() is None

    def require_running(self) -> None:
        """Raise Fault with the end of the log when the child has ended."""
        if not self.is_running():
            raise Fault(self.obituary("意外结束"))

    def obituary(self, how: str) -> str:
        """Who ended, with which exit code, and the last lines of its log."""
        log = self.program.log
        told = f"{self.program.name} {how}（退出码 {self.process.returncode}）。"
        return "\n".join([told, tail(log)]) if log else told


def die_with_parent(by: signal.Signals) -> None:
    """Let the kernel send the present process a signal when its parent dies, however it dies."""
    LIBC.prctl(PR_SET_PDEATHSIG, int(by))


def start(program: Program) -> Child:
    """Start a program in its own session; it gets a signal when the launcher dies."""
    launcher = os.getpid()

    def prepare() -> None:
        hear_again()
        die_with_parent(program.on_orphaned)
        if os.getppid() != launcher:
            os._exit(1)

    with contextlib.ExitStack() as closing:
        output = closing.enter_context(program.log.open("ab")) if program.log else None
        answer = closing.enter_context(program.answer.open("wb")) if program.answer else output
        process = subprocess.Popen(
            program.argv,
            cwd=program.cwd,
            env=program.environ,
            stdin=subprocess.DEVNULL,
            stdout=answer,
            stderr=output,
            start_new_session=True,
            # The launcher has a single thread, so running Python between fork and exec is safe.
            preexec_fn=prepare,  # noqa: PLW1509
            **credentials(program.account),
        )
    return Child(program, process)


def stop(children: Sequence[Child], *, patience: float) -> None:
    """Stop children together: each of their signals in turn, after so many seconds the next.

    What is left of their sessions (workers of a server that was killed) is killed at last.
    """
    for attempt in range(max((len(child.program.stops_by) for child in children), default=0)):
        for child in children:
            if child.is_running():
                ways = child.program.stops_by
                child.process.send_signal(ways[min(attempt, len(ways) - 1)])
        if wait_until(lambda: not any(map(Child.is_running, children)), patience, by=settle):
            break
    for child in children:
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(child.process.pid, signal.SIGKILL)
