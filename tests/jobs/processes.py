"""Processes of their own on the database of the application under test: the scheduler, one job."""

import base64
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

from flask import Flask

from tests.architecture.tree import ROOT
from tools.watch import settle, wait_until

SECRETS = ("data_key", "lookup_key", "link_key", "case_file_key")
TEXTS = (
    *("database_url", "home", "wechat_appid", "wechat_secret", "wechat_api_base"),
    *("sms_api_base", "sms_secret_id", "sms_secret_key", "sms_app_id", "sms_sign_name"),
    *("sms_template_supplement", "sms_template_result"),
    *("sms_template_overdue", "sms_template_todo"),
    *("wecom_corp_id", "wecom_agent_id", "wecom_secret", "wecom_api_base", "wecom_link"),
)
PATIENCE = 120.0
"""A crowded machine may take that long to begin a process."""

VARIABLES = {"home": "GUANJIA_HOME"}
Process = subprocess.Popen[bytes]


def environment(app: Flask) -> dict[str, str]:
    """The settings of the application under test, for a process of its own."""
    settings = app.config["SETTINGS"]
    texts = {VARIABLES.get(name, name.upper()): str(getattr(settings, name)) for name in TEXTS}
    keys = {name.upper(): base64.b64encode(getattr(settings, name)).decode() for name in SECRETS}
    return {**os.environ, "APP_ENV": "testing", **texts, **keys}


def scheduler(app: Flask, log: Path) -> AbstractContextManager[Process]:
    """A scheduler that has started, its log there; what is left of it at the end is killed."""
    return _running(app, log, ["-m", "jobs.scheduler"], b"scheduler started")


def one_job(app: Flask, log: Path, name: str) -> AbstractContextManager[Process]:
    """The same of a process that does nothing but the job of that name."""
    return _running(app, log, ["-m", "tests.jobs.one_job", name], f"{name} started".encode())


@contextmanager
def _running(app: Flask, log: Path, command: list[str], started: bytes) -> Iterator[Process]:
    with log.open("ab") as lines:
        process = subprocess.Popen(
            [sys.executable, *command], cwd=ROOT, env=environment(app), stderr=lines
        )
    try:
        assert wait_until(lambda: started in log.read_bytes(), PATIENCE, by=settle)
        yield process
    finally:
        kill(process)


def kill(process: Process) -> None:
    """SIGKILL: no handler runs, no transaction ends, nothing is said to anybody."""
    process.kill()
    process.wait()
