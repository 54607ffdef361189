"""The folder of an embedded database: made once, whole or not at all; who may connect to it."""

import os
import shutil
import subprocess
import tempfile
from collections.abc import Mapping
from hashlib import sha256
from pathlib import Path

from tools.faults import Fault, tail
from tools.unprivileged import Account, credentials, own_name

DATABASE = "guanjia"
ROLE = "guanjia"
MAP = "guanjia"
# Nothing of the caller's PG… variables or language may reach the server.
ENVIRONMENT: Mapping[str, str] = {"PATH": os.defpath, "LC_ALL": "C.UTF-8"}
STATUS_LINE = 7
SOCKET_NAME = ".s.PGSQL.5432"
# sun_path of a unix socket address, without its closing zero.
LONGEST_SOCKET_PATH = 107


def kept_version(database: Path) -> int | None:
    """The PostgreSQL version that made this folder; None when there is none yet."""
    mark = database / "PG_VERSION"
    return int(mark.read_text()) if mark.exists() else None


def make(database: Path, programs: Path, account: Account | None, log: Path) -> None:
    """Make a server folder with one empty database in it."""
    partial = database.with_name(database.name + ".partial")
    shutil.rmtree(partial, ignore_errors=True)
    partial.mkdir(mode=0o700)
    give(partial, account)
    initdb = [str(programs / "initdb"), f"--pgdata={partial}", f"--username={ROLE}"]
    shape = ["--auth=peer", "--encoding=UTF8", "--locale=C.UTF-8", "--no-instructions"]
    _run([*initdb, *shape], account, log)
    alone = [str(programs / "postgres"), "--single", "-D", str(partial), "postgres"]
    _run(alone, account, log, text=f"CREATE DATABASE {DATABASE}\n")
    # The rename comes last, so that a folder that was cut short is made anew.
    partial.rename(database)


def admit(database: Path, account: Account | None) -> None:
    """Let the present user in, and the one that runs the server, by the system's word (peer)."""
    users = {own_name()} | ({account.name} if account else set())
    access = {
        "pg_hba.conf": f"local all all peer map={MAP}\n",
        "pg_ident.conf": "".join(f'{MAP} "{user}" {ROLE}\n' for user in sorted(users)),
    }
    for name, text in access.items():
        (database / name).write_text(text, encoding="utf-8")
        give(database / name, account)


def give(path: Path, account: Account | None) -> None:
    """Make an account the owner of a file or folder of ours."""
    if account:
        os.chown(path, account.user_id, account.group_id)


def server_status(database: Path) -> tuple[int, str]:
    """Process id and state (`starting`, `ready`, …) from the running server's own file."""
    try:
        lines = (database / "postmaster.pid").read_text(encoding="utf-8").splitlines()
    except FileNotFoundError:
        return 0, ""
    if len(lines) <= STATUS_LINE or not lines[0].isdigit():
        return 0, ""
    return int(lines[0]), lines[STATUS_LINE].strip()


def socket_folder(database: Path, account: Account | None) -> Path:
    """A fresh folder for the socket: beside the database, or where the path is short enough."""
    name = f"{DATABASE}-{sha256(bytes(database)).hexdigest()[:12]}"
    places = (database.with_name("postgres-socket"), Path(tempfile.gettempdir()) / name)
    for place in places:
        if len(bytes(place / SOCKET_NAME)) <= LONGEST_SOCKET_PATH:
            _require_own(place, account)
            shutil.rmtree(place, ignore_errors=True)
            place.mkdir(mode=0o700)
            give(place, account)
            return place
    raise Fault("数据文件夹和临时文件夹（TMPDIR）的路径都太长，数据库的套接字放不下。")


def _require_own(place: Path, account: Account | None) -> None:
    """Raise Fault if somebody else has put something where the socket shall be."""
    own = {os.geteuid()} | ({account.user_id} if account else set())
    if place.is_symlink() or (place.exists() and place.stat().st_uid not in own):
        raise Fault(f"{place} 属于另一个用户，请先删除它。")


def _run(argv: list[str], account: Account | None, log: Path, *, text: str = "") -> None:
    with log.open("ab") as output:
        ended = subprocess.run(
            argv,
            input=text.encode(),
            stdout=output,
            stderr=output,
            cwd="/",
            env=ENVIRONMENT,
            check=False,
            **credentials(account),
        )
    if ended.returncode:
        raise Fault(f"数据库初始化失败（{Path(argv[0]).name}）。\n{tail(log)}")
