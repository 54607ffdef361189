"""What is shipped stands on its own: no path of somebody's machine, no unseen tracker."""

import os
import re
from collections.abc import Iterator
from pathlib import Path

from tests.architecture.tree import ROOT, dotted, sources

NOT_SHIPPED = re.compile(
    r"^(\.venv|\.git|var|__pycache__|\..*_cache|\.hypothesis|htmlcov|\.idea|\.vscode)$"
)
MACHINE = r"(?<![\w.])/(?:work|root|Users|mnt)/\w|/home/(?!guanjia\b)\w+/"
TRACKER = r"\bissues? #?\d+\b"
FOREIGN = re.compile(f"{MACHINE}|{TRACKER}", re.IGNORECASE)


def shipped_files() -> Iterator[Path]:
    for folder, folders, files in os.walk(ROOT):
        folders[:] = [name for name in folders if not NOT_SHIPPED.match(name)]
        yield from (Path(folder, name) for name in files if not name.startswith(".coverage"))


def readable_lines(path: Path) -> list[str]:
    try:
        return path.read_text(encoding="utf-8").splitlines()
    except UnicodeDecodeError:
        return []


def test_nothing_points_to_somebodys_machine():
    pointing = [
        f"{path.relative_to(ROOT)}:{number} {line.strip()}"
        for path in shipped_files()
        if path.resolve() != Path(__file__).resolve()
        for number, line in enumerate(readable_lines(path), start=1)
        if FOREIGN.search(line)
    ]
    assert not pointing, "\n".join(pointing)


def test_relative_links_of_the_documents_lead_somewhere():
    dead = [
        f"{path.relative_to(ROOT)} → {target}"
        for path in shipped_files()
        if path.suffix == ".md"
        for target in re.findall(r"\]\((?!https?:|#|mailto:)([^)#\s]+)", path.read_text("utf-8"))
        if not (path.parent / target).exists()
    ]
    assert not dead, "\n".join(dead)


def test_documents_that_are_named_exist():
    files = list(shipped_files())
    documents = {path.name for path in files if path.suffix == ".md"}
    named = [
        f"{path.relative_to(ROOT)}:{number} {name}"
        for path in files
        if path.suffix in {".py", ".md", ".toml"} and path.resolve() != Path(__file__).resolve()
        for number, line in enumerate(readable_lines(path), start=1)
        for name in re.findall(r"(?<![\w{}.-])[\w.-]+\.md\b", line)
        if name not in documents
    ]
    assert not named, "a reader cannot find:\n" + "\n".join(named)


def test_every_requirement_is_pinned():
    loose = [
        f"{name}: {line}"
        for name in ("requirements.txt", "requirements-dev.txt")
        for line in (ROOT / name).read_text("utf-8").splitlines()
        if line.strip() and not re.match(r"#|-r requirements\.txt$|[\w.\[\]-]+==[\w.]+$", line)
    ]
    assert not loose


def test_settings_come_from_one_place():
    readers = [
        source.at(node)
        for source in sources("app", "services", "jobs")
        for node in source.calls()
        if dotted(node.func) in {"os.getenv", "os.environ.get"}
    ]
    assert not readers, f"config/settings.py reads the environment: {readers}"
