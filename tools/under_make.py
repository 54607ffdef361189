"""`make run` is one thing to whoever started it: what happens to make happens to the product."""

import os
import signal
from pathlib import Path

from tools.children import die_with_parent
from tools.watch import STOPPING, Stopped


class Make:
    """The make that runs the launcher; there need not be one."""

    def __init__(self) -> None:
        self._id = os.getppid() if "MAKELEVEL" in os.environ else None
        self._handled = self._handles()
        if self._id:
            # A killed make takes the product along.
            die_with_parent(signal.SIGTERM)

    def require_undisturbed(self) -> None:
        """Raise Stopped when make was told to stop.

        It passes on SIGTERM, but of SIGINT and SIGHUP it supposes that the terminal has sent them
        to everybody, and waits. Its handler for the signal is gone then, by which it is noticed.
        """
        if self._handled & ~self._handles():
            raise Stopped

    def _handles(self) -> int:
        """The signals to stop that make has a handler for, as bits."""
        if self._id is None:
            return 0
        try:
            lines = Path(f"/proc/{self._id}/status").read_text(encoding="utf-8").splitlines()
        except OSError:
            return 0
        caught = next((line.split()[1] for line in lines if line.startswith("SigCgt:")), "0")
        wanted = sum(1 << (each - 1) for each in STOPPING)
        return int(caught, base=16) & wanted
