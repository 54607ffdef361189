"""Processes of an earlier start that were left behind, for instance by a `kill -9`."""

import contextlib
import os
import signal
from collections.abc import Iterator, Sequence
from pathlib import Path

import psutil

from tools.watch import settle, wait_until

# Every child of the launcher carries this variable; its value is the data folder.
MARK = "GUANJIA_RUN"
GONE = (psutil.NoSuchProcess, psutil.AccessDenied, psutil.ZombieProcess)


def marked(home: Path) -> list[psutil.Process]:
    """The processes of the product on this data folder, the present one not among them."""
    found = []
    for process in psutil.process_iter():
        with contextlib.suppress(*GONE, OSError):
            if process.pid != os.getpid() and process.environ().get(MARK) == str(home):
                found.append(process)
    return found


def servers_on(database: Path) -> list[psutil.Process]:
    """The postgres processes that work in this database folder: it is their current folder."""
    found = []
    for process in psutil.process_iter(["name"]):
        with contextlib.suppress(*GONE, OSError):
            if process.name() == "postgres" and Path(process.cwd()) == database:
                found.append(process)
    return found


def postmasters(servers: Sequence[psutil.Process]) -> list[psutil.Process]:
    """The heads of server processes: those that are no child of another one."""
    ids = {process.pid for process in servers}
    return [process for process in servers if _parent_id(process) not in ids]


def end(processes: Sequence[psutil.Process], *by: signal.Signals, patience: float) -> None:
    """Send each signal in turn to those that still live, waiting so long after each."""
    for each in by:
        for process in processes:
            with contextlib.suppress(*GONE):
                process.send_signal(each)
        if wait_until(lambda: not any(_living(processes)), patience, by=settle):
            return


def _living(processes: Sequence[psutil.Process]) -> Iterator[bool]:
    for process in processes:
        try:
            yield process.is_running() and process.status() != psutil.STATUS_ZOMBIE
        except GONE:
            yield False


def _parent_id(process: psutil.Process) -> int:
    with contextlib.suppress(*GONE):
        return process.ppid()
    return 0
