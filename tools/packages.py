"""Make `.venv` and install the pinned packages when something is missing or has changed.

Run by the system's Python before anything is installed, so it imports nothing of ours, and its
syntax is old enough for a Python that is too old to be told so.
"""

from __future__ import annotations

import fcntl
import hashlib
import json
import shutil
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

OLDEST = (3, 11)
ROOT = Path(__file__).resolve().parents[1]
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
STAMP = VENV / "installed.json"
# Scripts in a virtual environment carry its path, so a moved one has to be made anew.
PLACE = "place"


def main(requirements: str) -> None:
    """Bring `.venv` in line with a requirements file."""
    require_python()
    with (ROOT / requirements).open() as turn:
        # Two commands in a fresh clone take turns.
        fcntl.flock(turn, fcntl.LOCK_EX)
        wanted = fingerprints(requirements)
        installed = read_stamp()
        if installed.get(PLACE, str(VENV)) != str(VENV) or not is_usable():
            make_venv()
            installed = {}
        if any(installed.get(name) != digest for name, digest in wanted.items()):
            install(requirements)
            stamp = {PLACE: str(VENV), **installed, **wanted}
            STAMP.write_text(json.dumps(stamp, indent=2), encoding="utf-8")


def require_python() -> None:
    """Stop with a plain sentence when this Python is too old or incomplete."""
    present = sys.version.split()[0]
    if sys.version_info < OLDEST:
        stop(
            f"需要 Python 3.11 或更新，当前的 {sys.executable} 是 {present}。"
            "可用 PYTHON= 指定，例如 make run PYTHON=python3.11"
        )
    if not (find_spec("venv") and find_spec("ensurepip")):
        package = "python{}.{}-venv".format(*sys.version_info[:2])
        stop(f"当前的 Python 缺少 venv 组件。Debian/Ubuntu 上请运行：apt-get install {package}")


def fingerprints(requirements: str) -> dict[str, str]:
    """The hash of a requirements file and of those that it includes, by name."""
    text = (ROOT / requirements).read_text(encoding="utf-8")
    found = {requirements: hashlib.sha256(text.encode()).hexdigest()}
    for line in text.splitlines():
        if line.startswith("-r "):
            found.update(fingerprints(line[3:].strip()))
    return found


def read_stamp() -> dict[str, str]:
    """What was installed last; nothing when that cannot be known."""
    try:
        return dict(json.loads(STAMP.read_text(encoding="utf-8")))
    except (OSError, ValueError):
        return {}


def is_usable() -> bool:
    """Whether the Python of `.venv` runs, is new enough and has pip."""
    question = f"import sys, pip; sys.exit(sys.version_info < {OLDEST})"
    try:
        argv = [str(PYTHON), "-c", question]
        return subprocess.run(argv, check=False, stderr=subprocess.DEVNULL).returncode == 0
    except OSError:
        return False


def make_venv() -> None:
    """A new `.venv` in place of whatever is there."""
    print("建立 .venv ……", flush=True)
    if VENV.is_dir():
        shutil.rmtree(str(VENV))
    run([sys.executable, "-m", "venv", str(VENV)], "建立 .venv 失败。")


def install(requirements: str) -> None:
    """Install what a requirements file pins; pip shows how far it is."""
    print(f"安装 {requirements} 中的软件包（第一次约需一分钟）……", flush=True)
    pip = [str(PYTHON), "-m", "pip", "install", "--disable-pip-version-check"]
    quiet = ["--root-user-action=ignore", "--requirement", str(ROOT / requirements)]
    run(pip + quiet, "安装软件包失败，请检查网络后再试；已装好的部分不会重装。")


def run(argv: list[str], failure: str) -> None:
    """Run a command to its end, or stop with a sentence."""
    if subprocess.run(argv, check=False).returncode:
        stop(failure)


def stop(sentence: str) -> None:
    """End with exit code 1."""
    sys.exit(sentence)


if __name__ == "__main__":
    main(sys.argv[1])
