"""Child processes: none outlives the launcher, all stop, the end of one is told."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import psutil
import pytest

from tools.children import Child, Program, start, stop
from tools.faults import Fault
from tools.watch import wait_until

PATIENCE = 10
WAIT_FOREVER = "import signal; print('up', flush=True); signal.pause()"
IGNORE_TERM = f"import signal; signal.signal(15, signal.SIG_IGN); {WAIT_FOREVER}"
FORK = f"import os; os.fork(); {WAIT_FOREVER}"
# A launcher of one child, which then waits; its child's process id is its only output.
LAUNCHER = """
import os, signal, sys
from pathlib import Path
from tools.children import Program, start
code, log = sys.argv[1:]
child = start(Program("child", [sys.executable, "-c", code], Path("/"), os.environ, Path(log)))
print(child.process.pid, flush=True)
signal.pause()
"""


def python(code: str, log: Path) -> Child:
    """A child that has said that it is up."""
    child = start(Program("孩子", [sys.executable, "-c", code], Path("/"), os.environ, log))
    assert wait_until(lambda: not child.is_running() or "up" in log.read_text(), PATIENCE)
    return child


@pytest.fixture
def log(tmp_path) -> Path:
    return tmp_path / "log"


def test_a_child_has_its_own_session_and_stops_when_asked(log):
    child = python(WAIT_FOREVER, log)
    assert os.getsid(child.process.pid) == child.process.pid != os.getsid(0)
    stop([child], patience=PATIENCE)
    assert child.process.returncode == -signal.SIGTERM


def test_one_that_does_not_listen_is_killed(log):
    child = python(IGNORE_TERM, log)
    stop([child], patience=0.2)
    assert child.process.returncode == -signal.SIGKILL


def test_what_a_killed_child_leaves_in_its_session_is_killed(log):
    child = python(FORK, log)
    rest = psutil.Process(child.process.pid).children()
    assert len(rest) == 1
    child.process.kill()
    stop([child], patience=PATIENCE)
    assert wait_until(lambda: not alive(rest[0].pid), PATIENCE)


def test_the_end_of_a_child_is_told_with_its_log(log):
    child = python("import sys; print('up'); sys.exit('磁盘已满')", log)
    assert wait_until(lambda: not child.is_running(), PATIENCE)
    with pytest.raises(Fault) as caught:
        child.require_running()
    for part in ("孩子", "退出码 1", str(log), "磁盘已满"):
        assert part in str(caught.value)


def test_a_killed_launcher_takes_its_children_along(log):
    with subprocess.Popen(
        [sys.executable, "-c", LAUNCHER, WAIT_FOREVER, str(log)], stdout=subprocess.PIPE
    ) as launcher:
        assert launcher.stdout
        child = int(launcher.stdout.readline())
        assert alive(child)
        launcher.kill()
    assert wait_until(lambda: not alive(child), PATIENCE)


def test_an_inherited_deafness_to_signals_is_undone(log):
    """A script's `make run &` starts everything with SIGINT ignored."""
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        child = python(WAIT_FOREVER, log)
    finally:
        signal.signal(signal.SIGINT, before)
    child.process.send_signal(signal.SIGINT)
    assert wait_until(lambda: not child.is_running(), PATIENCE)


def alive(process_id: int) -> bool:
    try:
        return psutil.Process(process_id).status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False
