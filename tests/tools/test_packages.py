"""`.venv` is made when it is missing, filled when the pins change, and otherwise left alone."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tools import packages

SCRIPT = Path(packages.__file__)


def bring_up(checkout: Path) -> str:
    argv = [sys.executable, str(checkout / "tools" / SCRIPT.name), "requirements-dev.txt"]
    ended = subprocess.run(argv, check=True, text=True, capture_output=True)
    return ended.stdout


@pytest.fixture
def checkout(tmp_path) -> Path:
    """A checkout that pins nothing, so that no package is fetched."""
    (tmp_path / "tools").mkdir()
    shutil.copy(SCRIPT, tmp_path / "tools")
    (tmp_path / "requirements.txt").write_text("# none\n", "utf-8")
    (tmp_path / "requirements-dev.txt").write_text("-r requirements.txt\n", "utf-8")
    return tmp_path


def test_it_is_made_once_and_follows_the_pins(checkout):
    assert "建立 .venv" in bring_up(checkout)
    assert (checkout / ".venv" / "bin" / "python").exists()
    assert bring_up(checkout) == ""
    (checkout / "requirements.txt").write_text("# none yet\n", "utf-8")
    changed = bring_up(checkout)
    assert "安装 requirements-dev.txt" in changed
    assert "建立 .venv" not in changed


def test_a_python_that_is_too_old_is_told_so(monkeypatch):
    monkeypatch.setattr(packages, "OLDEST", (99, 0))
    with pytest.raises(SystemExit) as caught:
        packages.require_python()
    assert sys.executable in str(caught.value)
    assert "PYTHON=" in str(caught.value)


def test_a_python_without_venv_names_the_package(monkeypatch):
    monkeypatch.setattr(packages, "find_spec", {"venv": object()}.get)
    with pytest.raises(SystemExit, match=r"apt-get install python3\.\d+-venv"):
        packages.require_python()
