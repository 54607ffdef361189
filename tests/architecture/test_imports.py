"""Who imports whom: the contracts of `.importlinter`, and what they cannot say."""

import ast
import subprocess
import sys
from pathlib import Path

from tests.architecture.tree import EVERYTHING, ROOT, imported_modules, parse, sources


def test_import_contracts_hold():
    command = Path(sys.executable).with_name("lint-imports")
    run = subprocess.run(
        [command, "--no-logo", "--no-cache"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert run.returncode == 0, run.stdout + run.stderr


def test_imports_stand_at_the_top():
    hidden = [
        source.at(statement)
        for source in sources(*EVERYTHING)
        for function in source.functions()
        for statement, _ in imported_modules(function)
    ]
    assert not hidden, f"an import inside a function hides a cycle: {hidden}"


def test_rules_import_the_standard_library_only():
    foreign = [
        f"{source.at(statement)} {module}"
        for source in sources("app/domain")
        for statement, module in imported_modules(source.tree)
        if module.partition(".")[0] not in sys.stdlib_module_names
        and not f"{module}.".startswith("app.domain.")
    ]
    assert not foreign


def test_importing_a_leaf_never_builds_the_application():
    package = parse(ROOT / "app" / "__init__.py").tree
    assert [type(statement) for statement in package.body] == [ast.Expr]
    assert ast.get_docstring(package)


def test_nothing_imports_the_tools():
    outside = {"tools", "bench", "tests"}
    borrowed = [
        f"{source.at(statement)} {module}"
        for source in sources("app", "services", "jobs", "config", "migrations", "wsgi.py")
        for statement, module in imported_modules(source.tree)
        if module.partition(".")[0] in outside
    ]
    assert not borrowed
