"""The product's own programs: what prepares the database, the web server, the scheduler."""

import json
import sys
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from config.settings import Settings
from tools.children import Child, Program, start, stop
from tools.faults import Fault
from tools.ports import HOST
from tools.watch import pause

ROOT = Path(__file__).resolve().parents[1]
# As many as the pool of app.db keeps connections.
THREADS = 8
SWITCHES = ("--no-ws", "--respawn-failed-workers")
PREPARE_STOP_SECONDS = 5


def web_server(settings: Settings, environ: Mapping[str, str]) -> Program:
    """granian with the application in it; told to stop, it finishes the requests at work.

    A process of it that dies is replaced, and the others serve on meanwhile.
    """
    options = {
        "--interface": "wsgi",
        "--host": HOST,
        "--port": str(settings.port),
        "--workers": str(settings.web_workers),
        "--blocking-threads": str(THREADS),
        "--workers-kill-timeout": str(settings.web_stop_seconds),
    }
    flat = [part for option in options.items() for part in option]
    argv = [sys.executable, "-m", "granian", *flat, *SWITCHES, "wsgi:app"]
    return Program("接口服务（granian）", argv, ROOT, environ, settings.home / "logs" / "web.log")


def scheduler(settings: Settings, environ: Mapping[str, str]) -> Program:
    """The process that runs the jobs."""
    argv = [sys.executable, "-m", "jobs.scheduler"]
    return Program(
        "定时任务（scheduler）", argv, ROOT, environ, settings.home / "logs" / "jobs.log"
    )


def prepare(
    settings: Settings, environ: Mapping[str, str], watched: Sequence[Child]
) -> list[dict[str, Any]]:
    """Migrate and load; the demo accounts, none outside demo. Its progress goes to the terminal.

    Raises Fault when it fails, or when one of the watched children ends meanwhile.
    """
    wanted = ["--demo"] if settings.is_demo else []
    argv = [sys.executable, "-m", "flask", "--app", "wsgi", "prepare", "--json", *wanted]
    with tempfile.TemporaryDirectory() as folder:
        answer = Path(folder) / "accounts.json"
        child = start(Program("数据准备", argv, ROOT, environ, answer=answer))
        try:
            while child.is_running():
                for other in watched:
                    other.require_running()
                pause()
        finally:
            stop([child], patience=PREPARE_STOP_SECONDS)
        if child.process.returncode:
            raise Fault(child.obituary("没有完成，原因见上"))
        accounts: list[dict[str, Any]] = json.loads(answer.read_text().splitlines()[-1])
        return accounts
