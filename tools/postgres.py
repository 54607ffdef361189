"""An embedded PostgreSQL: the real programs on a folder of ours, as a child of this process."""

import shutil
import signal
import time
from collections.abc import Callable, Mapping
from pathlib import Path

from tools.children import Child, Program, start, stop
from tools.faults import Fault
from tools.postgres_binaries import DEFAULT_VERSION, WAYS_OUT, programs_for
from tools.postgres_folder import (
    DATABASE,
    ENVIRONMENT,
    ROLE,
    admit,
    kept_version,
    make,
    server_status,
    socket_folder,
)
from tools.processes import end, postmasters, servers_on
from tools.unprivileged import Account, database_account
from tools.watch import pause

REPORT_SECONDS = 5
FAST_STOP_SECONDS = 20

DURABLE: Mapping[str, str] = {
    "shared_buffers": "64MB",
    "max_connections": "100",
    "max_wal_size": "512MB",
    "max_logical_replication_workers": "0",
    "timezone": "Asia/Shanghai",
    "log_timezone": "Asia/Shanghai",
    # The DETAIL of an error repeats the values of rows.
    "log_error_verbosity": "terse",
}
# For a server whose content nobody needs after the run.
FORGETFUL: Mapping[str, str] = {
    **DURABLE,
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "wal_level": "minimal",
    "max_wal_senders": "0",
    "shared_buffers": "128MB",
    # Tests do what are hundreds of transactions elsewhere in one that is undone.
    "max_locks_per_transaction": "512",
}


class EmbeddedPostgres:
    """A server on one folder; whoever starts it holds the only right to that folder (a lock)."""

    def __init__(
        self,
        database: Path,
        log: Path,
        *,
        version: int = DEFAULT_VERSION,
        options: Mapping[str, str] = DURABLE,
    ) -> None:
        self._database, self._log = database, log
        self._version, self._options = version, options
        self._socket_folder: Path | None = None
        self._child: Child | None = None

    def start(self, tell: Callable[[str], None]) -> Child:
        """Make the folder when there is none, start the server, wait until it answers.

        However long recovery takes, it is waited for; `tell` hears of it now and then.
        """
        account = database_account(self._database)
        self._require_reachable(account)
        version = kept_version(self._database) or self._version
        spare = self._database.with_name("postgres-programs")
        programs = programs_for(account, version, spare)
        if not self._database.exists():
            make(self._database, programs, account, self._log)
        self._clear()
        admit(self._database, account)
        self._socket_folder = socket_folder(self._database, account)
        self._child = start(self._program(programs, account))
        _wait_until_ready(self._child, self._database, tell)
        return self._child

    def url(self, database: str = DATABASE) -> str:
        """The SQLAlchemy address of one of its databases."""
        return f"postgresql+psycopg://{ROLE}@/{database}?host={self._socket_folder}"

    def stop(self) -> None:
        """Fast shutdown, then the immediate one; does nothing when it does not run."""
        if self._child:
            stop([self._child], patience=FAST_STOP_SECONDS)
        if self._socket_folder:
            shutil.rmtree(self._socket_folder, ignore_errors=True)

    def _require_reachable(self, account: Account | None) -> None:
        parent = self._database.parent
        if account and not account.may("-x", parent):
            raise Fault(
                f"当前是 root，而 PostgreSQL 不能以 root 运行，要由用户 {account.name} 运行；"
                f"但它进不了数据文件夹 {parent}。{WAYS_OUT}"
            )

    def _clear(self) -> None:
        """End what an earlier start left running on this folder."""
        servers = servers_on(self._database)
        fast, immediate = signal.SIGINT, signal.SIGQUIT
        end(postmasters(servers), fast, immediate, patience=FAST_STOP_SECONDS)
        end(servers_on(self._database), signal.SIGQUIT, signal.SIGKILL, patience=FAST_STOP_SECONDS)
        (self._database / "postmaster.pid").unlink(missing_ok=True)

    def _program(self, programs: Path, account: Account | None) -> Program:
        options = {
            **self._options,
            "listen_addresses": "",
            "unix_socket_directories": f'"{self._socket_folder}"',
        }
        settings = [f"--{name}={value}" for name, value in options.items()]
        return Program(
            name="数据库（PostgreSQL）",
            argv=[str(programs / "postgres"), "-D", str(self._database), *settings],
            cwd=Path("/"),
            environ=ENVIRONMENT,
            log=self._log,
            account=account,
            on_orphaned=signal.SIGINT,
            stops_by=(signal.SIGINT, signal.SIGQUIT, signal.SIGKILL),
        )


def _wait_until_ready(child: Child, database: Path, tell: Callable[[str], None]) -> None:
    reported = time.monotonic()
    while server_status(database) != (child.process.pid, "ready"):
        child.require_running()
        if time.monotonic() - reported > REPORT_SECONDS:
            tell("数据库还在启动（上次未正常停止时，恢复数据需要一些时间）……")
            reported = time.monotonic()
        pause()
