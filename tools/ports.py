"""Is a port free? The web server shares a taken one silently, so it is asked beforehand."""

import contextlib
import errno
import socket

import psutil

from tools.faults import Fault
from tools.processes import GONE

HOST = "127.0.0.1"


def require_free(port: int) -> None:
    """Raise Fault, naming the owner when that can be known, if the port cannot be listened on."""
    with socket.socket() as probe:
        # Connections of an earlier server that still linger are no hindrance; listeners are.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except PermissionError as fault:
            raise Fault(f"没有使用端口 {port} 的权限。{_another()}") from fault
        except OSError as fault:
            if fault.errno != errno.EADDRINUSE:
                raise
            raise Fault(f"端口 {port} 已被占用{_owner(port)}。{_another()}") from fault


def free_port() -> int:
    """A port that nobody listens on just now."""
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        port: int = probe.getsockname()[1]
        return port


def _another() -> str:
    return f"请换一个端口，例如 PORT={free_port()} make run"


def _owner(port: int) -> str:
    with contextlib.suppress(*GONE, OSError):
        for connection in psutil.net_connections("tcp"):
            listens = connection.status == psutil.CONN_LISTEN and connection.laddr.port == port
            if listens and connection.pid:
                command = " ".join(psutil.Process(connection.pid).cmdline())[:80]
                return f"：进程 {connection.pid}（{command}）"
    return ""
