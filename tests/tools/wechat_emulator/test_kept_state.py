"""The emulator as a process: what it keeps, how it starts, how it ends."""

import json
import os
import signal
import stat
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.tools.wechat_emulator.caller import Caller
from tests.wechat import APPID, KEY, PATIENCE, SECRET, Phones
from tools.faults import Fault
from tools.ports import free_port
from tools.watch import wait_until
from tools.wechat_emulator.emulator import Access, Emulator
from tools.wechat_emulator.keeping import take_up
from tools.wechat_emulator.options import read_options

ROOT = Path(__file__).parents[3]
GIVEN = {"WECHAT_APPID": APPID, "WECHAT_SECRET": SECRET, "WECHAT_EMULATOR_KEY": KEY}
COMPLETE = GIVEN | {"WECHAT_EMULATOR_PORT": "1", "GUANJIA_HOME": "/h"}


def start(home: Path, **changes: str) -> subprocess.Popen[str]:
    """The process, with a clean environment."""
    port = str(free_port())
    given = {"PATH": os.environ["PATH"], "GUANJIA_HOME": str(home), "WECHAT_EMULATOR_PORT": port}
    return subprocess.Popen(
        [sys.executable, "-m", "tools.wechat_emulator"],
        cwd=ROOT,
        env=given | GIVEN | changes,
        text=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    )


@contextmanager
def running(home: Path) -> Iterator[tuple[subprocess.Popen[str], Phones]]:
    """A process that says where it listens."""
    with start(home) as process:
        try:
            assert process.stdout
            said = process.stdout.readline()
            assert "http://" in said, said + process.stdout.read()
            yield process, Phones(said.partition("：")[2].strip().removesuffix("__emu/"))
        finally:
            process.kill()


def kept(home: Path) -> dict:
    """What is written down, {} before anything is."""
    path = home / "wechat" / "state.json"
    return json.loads(path.read_text("utf-8")) if path.exists() else {}


@pytest.mark.parametrize("ending", [signal.SIGTERM, signal.SIGINT, signal.SIGKILL])
def test_everything_that_matters_survives_any_end(tmp_path, ending):
    with running(tmp_path) as (process, wechat):
        caller = Caller(wechat)
        openid = wechat.make_user("13800000001", name="张三")
        wechat.accept(openid, "即将到期", times=2)
        token, code = caller.token(), wechat.login_code(openid)
        wechat.advance(60)
        wechat.refuse(openid, "已超期")
        caller.send(openid, token=token)
        messages = wechat.messages()
        state = wechat.get("state")
        if ending is signal.SIGKILL:
            assert wait_until(lambda: bool(kept(tmp_path).get("messages")), PATIENCE)
        process.send_signal(ending)
        assert process.wait(PATIENCE) == (-ending if ending is signal.SIGKILL else 0)
    with running(tmp_path) as (_, wechat):
        caller = Caller(wechat)
        again = wechat.get("state")
        for name in ("users", "tokens", "codes", "templates", "quota", "refused", "offset"):
            assert again[name] == state[name]
        assert wechat.messages() == messages
        assert caller.token() == token
        assert caller.session(code)["openid"] == openid
        assert caller.send(openid, token=token)["msgid"] == messages[0]["msgid"] + 1
        assert caller.send(openid, token=token)["errcode"] == 43101


def test_the_file_is_for_its_owner_only_and_reading_does_not_write_it(tmp_path):
    with running(tmp_path) as (_, wechat):
        openid = wechat.make_user()
        path = tmp_path / "wechat" / "state.json"
        assert wait_until(lambda: openid in str(kept(tmp_path)), PATIENCE)
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
        written = path.stat().st_mtime_ns
        for _ in range(5):
            wechat.messages()
            wechat.get("state")
        wechat.ask("POST", "users", {"openid": "o-last"})
        assert wait_until(lambda: "o-last" in str(kept(tmp_path)), PATIENCE)
        assert path.stat().st_mtime_ns > written
        assert [it.name for it in path.parent.iterdir()] == ["state.json"]


def test_the_memory_of_another_mini_program_is_not_taken_up(tmp_path):
    with running(tmp_path) as (process, wechat):
        wechat.make_user()
        process.terminate()
        process.wait(PATIENCE)
    path = tmp_path / "wechat" / "state.json"
    path.write_text(path.read_text("utf-8").replace(APPID, "wxffffffffffffffff"), "utf-8")
    with running(tmp_path) as (_, wechat):
        assert wechat.get("state")["users"] == []


@pytest.mark.parametrize("content", ["", "[]", '{"form": 0}', '{"form": 1}'])
def test_a_broken_file_is_told_and_left_alone(tmp_path, content):
    path = tmp_path / "state.json"
    path.write_text(content, "utf-8")
    emulator = Emulator(Access(appid=APPID, secret=SECRET, key=KEY))
    with pytest.raises(Fault, match=str(path)):
        take_up(emulator, path)
    assert path.read_text("utf-8") == content


@pytest.mark.parametrize(
    ("changes", "named"),
    [
        ({"APP_ENV": "production"}, "APP_ENV=production"),
        ({"WECHAT_SECRET": ""}, "WECHAT_SECRET"),
        ({"WECHAT_EMULATOR_PORT": "70000"}, "WECHAT_EMULATOR_PORT"),
        ({"WECHAT_EMULATOR_KEY": ""}, "WECHAT_EMULATOR_KEY"),
    ],
)
def test_wrong_variables_are_named(changes, named):
    with pytest.raises(Fault, match=named) as refused:
        read_options(COMPLETE | changes)
    assert SECRET not in str(refused.value)


def test_it_refuses_to_start_in_production(tmp_path):
    with start(tmp_path, APP_ENV="production") as process:
        said = process.communicate(timeout=PATIENCE)[0]
    assert process.returncode == 1
    assert "APP_ENV=production" in said
    assert "Traceback" not in said
    assert not list(tmp_path.iterdir())


def test_a_taken_port_is_told(tmp_path):
    with running(tmp_path / "one") as (_, wechat):
        port = wechat.base.rsplit(":", 1)[1].rstrip("/")
        with start(tmp_path / "two", WECHAT_EMULATOR_PORT=port) as process:
            said = process.communicate(timeout=PATIENCE)[0]
    assert process.returncode == 1
    assert port in said


def test_events_are_pushed_when_all_three_variables_are_set():
    pushes = {
        "WECHAT_EMULATOR_TARGET": "http://127.0.0.1/callback",
        "WECHAT_CALLBACK_TOKEN": "token",
        "WECHAT_CALLBACK_KEY": "k" * 43,
    }
    [target] = read_options(COMPLETE | pushes).targets.values()
    assert (target.url, target.timeout) == ("http://127.0.0.1/callback", 5)
    for name in pushes:
        assert read_options(COMPLETE | pushes | {name: ""}).targets == {}
