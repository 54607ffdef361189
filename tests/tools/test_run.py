"""`make run` from outside: it starts, tells, refuses, stops, recovers from any kind of death."""

import os
import signal
import socket
from http.client import HTTPConnection

import pytest

from tests.tools.launching import (
    STOP_SECONDS,
    data_folder,
    ending,
    kill,
    launch,
    part,
    running_on,
    told,
    wait_ready,
)
from tools.ports import HOST, free_port
from tools.watch import wait_until
from tools.wechat import StandIn

SMALL = {"WEB_WORKERS": 1}
"""Each process that serves takes seconds to begin, and one is enough to be missed."""

KEYS = {
    "DATA_KEY": "A" * 43 + "=",
    "LOOKUP_KEY": "E" * 43 + "=",
    "LINK_KEY": "I" * 43 + "=",
    "CASE_FILE_KEY": "M" * 43 + "=",
}


@pytest.fixture
def home():
    with data_folder() as folder:
        yield folder


def status(port: int) -> int:
    connection = HTTPConnection(HOST, port)
    connection.request("GET", "/readyz")
    code = connection.getresponse().status
    connection.close()
    return code


def nothing_is_left(home) -> bool:
    return wait_until(lambda: not running_on(home), STOP_SECONDS) and not told(home)


def test_it_starts_once_tells_where_it_is_and_stops_without_a_trace(home):
    port = free_port()
    with launch(home, PORT=port, **SMALL) as launcher:
        kept = wait_ready(home, launcher)
        assert kept["api"] == f"http://127.0.0.1:{port}/api/v1"
        assert kept["accounts"] == []
        assert StandIn(kept["wechat"]["base"], kept["wechat"]["key"]).is_ready()
        assert status(port) == 200
        with launch(home, PORT=free_port()) as second:
            code, said = ending(second)
        assert code == 1
        assert f"已经在运行：进程 {launcher.pid}，地址 {kept['api']}" in said
        assert status(port) == 200
        launcher.send_signal(signal.SIGTERM)
        code, said = ending(launcher)
    assert code == 0, said
    assert nothing_is_left(home)
    left = {each.name for each in home.iterdir()} - {"postgres-programs"}
    assert left == {"logs", "postgres", "secrets.json", "wechat"}


def test_it_recovers_after_everything_was_killed_and_ends_when_a_part_dies(home):
    port = free_port()
    with launch(home, PORT=port, **SMALL) as launcher:
        wait_ready(home, launcher)
        secrets = (home / "secrets.json").read_text()
        launcher.kill()
    assert wait_until(lambda: not running_on(home), STOP_SECONDS), "children outlive the launcher"
    with launch(home, PORT=port, **SMALL) as launcher:
        wait_ready(home, launcher)
        kill(running_on(home))
        launcher.kill()
    with launch(home, PORT=port, **SMALL) as launcher:
        wait_ready(home, launcher)
        assert (home / "secrets.json").read_text() == secrets
        part(home, "jobs.scheduler").kill()
        code, said = ending(launcher)
    assert code == 1
    assert "定时任务" in said
    assert "退出码 -9" in said
    assert nothing_is_left(home)


def test_a_signal_during_the_start_stops_it_as_well(home):
    with launch(home, PORT=free_port()) as launcher:
        assert wait_until(lambda: bool(running_on(home)), STOP_SECONDS)
        launcher.send_signal(signal.SIGINT)
        code, said = ending(launcher)
    assert (code, "已停止" in said) == (0, True)
    assert nothing_is_left(home)


def test_a_taken_port_is_refused_before_anything_starts(home):
    with socket.create_server((HOST, 0)) as listener:
        port = listener.getsockname()[1]
        code, said = ending(launch(home, PORT=port))
    assert code == 1
    assert f"端口 {port} 已被占用：进程 {os.getpid()}" in said
    assert not (home / "postgres").exists()


def test_bad_settings_are_all_named_before_anything_starts(home):
    code, said = ending(launch(home, PORT="http", LOG_LEVEL="loud", WEB_WORKERS=0))
    assert code == 1
    for name in ("PORT", "LOG_LEVEL", "WEB_WORKERS"):
        assert f"{name}：应为" in said
    assert not (home / "postgres").exists()


def test_production_needs_a_database_and_keys_of_its_own(home):
    code, said = ending(launch(home, APP_ENV="production", DEMO=""))
    assert code == 1
    for name in ("DATABASE_URL", *KEYS):
        assert f"{name}：没有设置" in said


def test_production_refuses_the_demo(home):
    production = {"APP_ENV": "production", "DATABASE_URL": "postgresql://nobody@127.0.0.1/x"}
    code, said = ending(launch(home, DEMO=1, **production, **KEYS))
    assert code == 1
    assert "DEMO：生产环境" in said


def test_a_database_that_does_not_answer_is_named(home):
    address = f"postgresql://nobody@127.0.0.1:{free_port()}/none"
    code, said = ending(launch(home, DATABASE_URL=address, PORT=free_port()))
    assert code == 1
    assert "数据库连接不上" in said
    assert "Traceback" not in said
