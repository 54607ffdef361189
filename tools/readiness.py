"""Waiting until the product answers that it is ready."""

import http.client
import time
from collections.abc import Callable, Sequence

from tools.children import Child
from tools.faults import Fault, tail
from tools.ports import HOST
from tools.watch import pause

LONGEST_SECONDS = 120
REPORT_SECONDS = 10
ASK_SECONDS = 3


def wait_until_ready(port: int, children: Sequence[Child], tell: Callable[[str], None]) -> None:
    """Ask /readyz until it says 200; raises Fault when a child ends or it takes too long."""
    began = reported = time.monotonic()
    while (answer := _ask(port)) != "":
        for child in children:
            child.require_running()
        if time.monotonic() - began > LONGEST_SECONDS:
            logs = [tail(child.program.log) for child in children if child.program.log]
            raise Fault("\n".join([f"等了 {LONGEST_SECONDS} 秒仍未就绪：{answer}", *logs]))
        if time.monotonic() - reported > REPORT_SECONDS:
            tell(f"仍在等待就绪：{answer}")
            reported = time.monotonic()
        pause()


def _ask(port: int) -> str:
    """Nothing when ready, else what is in the way."""
    connection = http.client.HTTPConnection(HOST, port, timeout=ASK_SECONDS)
    try:
        connection.request("GET", "/readyz")
        response = connection.getresponse()
        body = response.read(500).decode("utf-8", "replace")
    except (OSError, http.client.HTTPException) as fault:
        return str(fault)
    finally:
        connection.close()
    return "" if response.status == http.client.OK else body or str(response.status)
