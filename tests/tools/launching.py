"""The launcher as a person starts it: a process of its own, with a data folder of its own."""

import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import psutil

from tools.processes import marked, servers_on
from tools.watch import wait_until

ROOT = Path(__file__).parents[2]
# The machine may be busy with other tests.
START_SECONDS, STOP_SECONDS = 120, 30
LAUNCH = (sys.executable, "-m", "tools.run")


@contextmanager
def data_folder() -> Iterator[Path]:
    """A folder that the database's user can pass through; whatever runs on it is ended."""
    home = Path(tempfile.mkdtemp(prefix="guanjia-tests-"))
    home.chmod(0o711)
    try:
        yield home
    finally:
        kill(running_on(home))
        wait_until(lambda: not running_on(home), STOP_SECONDS)
        shutil.rmtree(home)


def launch(home: Path, **environ: object) -> subprocess.Popen[str]:
    """Start the launcher with a clean environment and these variables."""
    clean = {"PATH": os.environ["PATH"], "GUANJIA_HOME": str(home), "DEMO": "0"}
    variables = clean | {name: str(value) for name, value in environ.items()}
    return subprocess.Popen(
        LAUNCH, cwd=ROOT, env=variables, text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
    )


def wait_ready(home: Path, launcher: subprocess.Popen[str]) -> dict:
    """What run.json tells, once this launcher has written it."""

    def is_told() -> bool:
        return told(home).get("pid") == launcher.pid

    assert wait_until(lambda: is_told() or launcher.poll() is not None, START_SECONDS)
    assert is_told(), launcher.communicate()[0]
    return told(home)


def told(home: Path) -> dict:
    try:
        return json.loads((home / "run.json").read_text("utf-8"))
    except FileNotFoundError:
        return {}


def ending(launcher: subprocess.Popen[str]) -> tuple[int, str]:
    """Exit code and everything it said, once it has ended."""
    said, _ = launcher.communicate(timeout=START_SECONDS)
    return launcher.returncode, said


def running_on(home: Path) -> list[psutil.Process]:
    """Every process of the product on this folder."""
    return [*marked(home), *servers_on(home / "postgres")]


def kill(processes: list[psutil.Process]) -> None:
    """Kill them all; the death of one may already have taken others along."""
    for process in processes:
        with suppress(psutil.NoSuchProcess):
            process.kill()


def part(home: Path, module: str) -> psutil.Process:
    """The oldest process that was started as `python -m module`."""
    found = [process for process in marked(home) if module in process.cmdline()]
    return min(found, key=lambda process: process.pid)
