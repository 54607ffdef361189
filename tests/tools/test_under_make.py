"""Whatever make is told, the launcher under it stops."""

import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PATIENCE = 30
MAKE = shutil.which("make") or "make"
HEARING_ALL = (shutil.which("env") or "env", "--default-signal")
# What the launcher does while nothing happens.
WATCHING = """
from tools.under_make import Make
from tools.watch import Stopped, listen, pause
listen()
make = Make()
print("up", flush=True)
try:
    while True:
        make.require_undisturbed()
        pause(0.1)
except Stopped:
    print("stopped", flush=True)
"""


@pytest.mark.parametrize(
    "told",
    [signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGKILL],
    ids=lambda each: each.name,
)
def test_a_signal_to_make_alone_stops_the_launcher(tmp_path, told):
    (tmp_path / "watching.py").write_text(WATCHING, "utf-8")
    makefile = tmp_path / "Makefile"
    recipe = f"@PYTHONPATH={ROOT} exec {sys.executable} {tmp_path / 'watching.py'}"
    makefile.write_text(f"run:\n\t{recipe}\n", "utf-8")
    with subprocess.Popen(
        # Whoever runs the tests in the background has SIGINT ignored, and make would inherit that.
        [*HEARING_ALL, MAKE, "-f", makefile],
        # A make above this test run must not pass on its own flags.
        env={"PATH": os.environ["PATH"]},
        text=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    ) as make:
        assert make.stdout
        assert make.stdout.readline() == "up\n"
        make.send_signal(told)
        # The pipe is closed only when the launcher is gone as well.
        try:
            rest, _ = make.communicate(timeout=PATIENCE)
        except subprocess.TimeoutExpired:
            os.killpg(make.pid, signal.SIGKILL)
            raise
    assert rest == "stopped\n"
