"""The scheduler as a process of its own, on the database of the application under test."""

import base64
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from flask import Flask

from tests.architecture.tree import ROOT
from tools.watch import settle, wait_until

SECRETS = ("data_key", "lookup_key", "link_key", "case_file_key")
TEXTS = (
    *("database_url", "home", "wechat_appid", "wechat_secret", "wechat_api_base"),
    *("wecom_corp_id", "wecom_agent_id", "wecom_secret", "wecom_api_base", "wecom_link"),
)
STARTED = b"scheduler started"
PATIENCE = 120.0
"""A crowded machine may take that long to begin a process."""

VARIABLES = {"home": "GUANJIA_HOME"}


def environment(app: Flask) -> dict[str, str]:
    """The settings of the application under test, for a process of its own."""
    settings = app.config["SETTINGS"]
    texts = {VARIABLES.get(name, name.upper()): str(getattr(settings, name)) for name in TEXTS}
    keys = {name.upper(): base64.b64encode(getattr(settings, name)).decode() for name in SECRETS}
    return {**os.environ, "APP_ENV": "testing", **texts, **keys}


@contextmanager
def scheduler(app: Flask, log: Path) -> Iterator[subprocess.Popen[bytes]]:
    """A scheduler that has started, its log there; what is left of it at the end is killed."""
    command = [sys.executable, "-m", "jobs.scheduler"]
    with log.open("ab") as lines:
        process = subprocess.Popen(command, cwd=ROOT, env=environment(app), stderr=lines)
    try:
        assert wait_until(lambda: STARTED in log.read_bytes(), PATIENCE, by=settle)
        yield process
    finally:
        kill(process)


def kill(process: subprocess.Popen[bytes]) -> None:
    """SIGKILL: no handler runs, no transaction ends, nothing is said to anybody."""
    process.kill()
    process.wait()
