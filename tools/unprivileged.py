"""PostgreSQL refuses to run as root; as root it gets the identity of an unprivileged user."""

import os
import pwd
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import TypedDict

from tools.faults import Fault

PREFERRED = ("postgres", "nobody")
ROOT_ID = 0


class Credentials(TypedDict, total=False):
    """The arguments by which subprocess changes the user."""

    user: int
    group: int
    extra_groups: list[int]


@dataclass(frozen=True, slots=True)
class Account:
    """A user of the operating system."""

    name: str
    user_id: int
    group_id: int

    def may(self, test: str, path: Path) -> bool:
        """Whether this user may read (`-r`) or enter and run (`-x`) a path."""
        question = ["/bin/sh", "-c", f'test {test} "$1"', "sh", str(path)]
        answer = subprocess.run(question, cwd="/", check=False, **credentials(self))
        return answer.returncode == 0


def credentials(account: Account | None) -> Credentials:
    """What makes a child process run as this user; None stands for the present one."""
    if account is None:
        return {}
    return {"user": account.user_id, "group": account.group_id, "extra_groups": []}


def own_name() -> str:
    """The name of the user that runs this process."""
    try:
        return pwd.getpwuid(os.geteuid()).pw_name
    except KeyError as fault:
        raise Fault(
            f"当前用户（uid {os.geteuid()}）没有用户名，PostgreSQL 无法以它运行。"
        ) from fault


def database_account(database: Path) -> Account | None:
    """Who shall run the database in this folder; None for the present user.

    Raises Fault when the folder belongs to somebody else, or no unprivileged user exists.
    """
    owner = database.stat().st_uid if database.exists() else None
    if os.geteuid() != ROOT_ID:
        if owner not in {None, os.geteuid()}:
            raise Fault(
                f"数据库文件夹 {database} 属于另一个用户（uid {owner}），请用那个用户启动。"
            )
        return None
    if owner == ROOT_ID:
        raise Fault(f"数据库文件夹 {database} 属于 root，PostgreSQL 不能以 root 运行。")
    return _account(owner) if owner is not None else _first_known()


def _first_known() -> Account:
    for name in PREFERRED:
        try:
            found = pwd.getpwnam(name)
        except KeyError:
            continue
        return Account(name, found.pw_uid, found.pw_gid)
    raise Fault("以 root 运行时需要 postgres 或 nobody 用户来运行数据库，系统里都没有。")


def _account(user_id: int) -> Account:
    try:
        found = pwd.getpwuid(user_id)
    except KeyError as fault:
        raise Fault(f"数据库文件夹的主人（uid {user_id}）在系统里没有用户名。") from fault
    return Account(found.pw_name, found.pw_uid, found.pw_gid)
