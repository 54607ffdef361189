"""The data folder ($GUANJIA_HOME): made with care, held by one launcher at a time."""

import fcntl
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TextIO

from tools.environment import write_private
from tools.faults import Fault

# As root, the database's user must be able to pass through; nobody can list the folder.
MODE_FOR_ROOT, MODE = 0o711, 0o700
ELSEWHERE = "请换用它的主人来启动，或用 GUANJIA_HOME 指定另一个文件夹。"


def make_home(home: Path) -> None:
    """Make the folder and those of the logs; raises Fault when it is somebody else's."""
    try:
        if not home.exists():
            home.parent.mkdir(parents=True, exist_ok=True)
            home.mkdir()
            home.chmod(MODE_FOR_ROOT if os.geteuid() == 0 else MODE)
        (home / "logs").mkdir(exist_ok=True)
    except OSError as fault:
        raise Fault(
            f"数据文件夹 {home} 无法使用：{fault.strerror}。可用 GUANJIA_HOME 另外指定。"
        ) from fault


@contextmanager
def hold(home: Path) -> Iterator[TextIO]:
    """Hold the folder; raises Fault when another launcher does. The kernel frees it at any end."""
    lock = home / "lock"
    while True:
        with _opened(lock) as file:
            if not _is_still(lock, file):
                # Its holder left, and took the file away, between the opening and the locking.
                continue
            file.truncate(0)
            try:
                yield file
            finally:
                lock.unlink()
            return


def sign(lock: TextIO, api: str) -> None:
    """Leave process id and address in the lock, for who comes second."""
    json.dump({"pid": os.getpid(), "api": api}, lock)
    lock.flush()


@contextmanager
def run_file(home: Path, content: dict[str, object]) -> Iterator[None]:
    """`run.json` while the product is ready: by it, outside checks find address and accounts."""
    path = home / "run.json"
    write_private(path, content)
    try:
        yield
    finally:
        path.unlink(missing_ok=True)


def forget_run_file(home: Path) -> None:
    """Remove the one that a killed launcher left."""
    (home / "run.json").unlink(missing_ok=True)


def _opened(lock: Path) -> TextIO:
    try:
        file = lock.open("a+", encoding="utf-8")
    except PermissionError as fault:
        raise Fault(f"数据文件夹 {lock.parent} 属于另一个用户，{ELSEWHERE}") from fault
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as fault:
        file.close()
        raise Fault(_already_running(lock.parent)) from fault
    return file


def _is_still(lock: Path, file: TextIO) -> bool:
    try:
        return os.path.samestat(lock.stat(), os.fstat(file.fileno()))
    except FileNotFoundError:
        return False


def _already_running(home: Path) -> str:
    try:
        holder = json.loads((home / "lock").read_text(encoding="utf-8"))
    except ValueError:
        return f"数据文件夹 {home} 正被另一个进程使用，它正在启动或停止，请稍后再试。"
    return (
        f"已经在运行：进程 {holder['pid']}，地址 {holder['api']}（数据文件夹 {home}）。\n"
        f"要停止它：kill {holder['pid']}；"
        "要再开一套：GUANJIA_HOME=另一个文件夹 PORT=另一个端口 make run"
    )
