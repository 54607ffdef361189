"""Names say what a thing is: no drawers for everything, no values called `data`."""

import ast
from collections.abc import Iterator

from tests.architecture.tree import EVERYTHING, Source, sources

BANNED_FILES = {
    "util",
    "utils",
    "common",
    "helper",
    "helpers",
    "base",
    "manager",
    "managers",
    "misc",
}
BANNED_VALUES = {"data", "info", "obj"}


def test_files_are_named_for_what_they_do():
    drawers = [
        source.name
        for source in sources(*EVERYTHING)
        for part in source.name.removesuffix(".py").split("/")
        if BANNED_FILES & set(part.split("_"))
    ]
    assert not drawers


def bound_names(source: Source) -> Iterator[tuple[ast.AST, str]]:
    for node in ast.walk(source.tree):
        if isinstance(node, ast.Name | ast.Attribute) and isinstance(node.ctx, ast.Store):
            yield node, node.id if isinstance(node, ast.Name) else node.attr
        elif isinstance(node, ast.arg):
            yield node, node.arg


def test_values_are_named_for_what_they_hold():
    vague = [
        f"{source.at(node)} {name}"
        for source in sources(*EVERYTHING)
        for node, name in bound_names(source)
        if name in BANNED_VALUES
    ]
    assert not vague, "\n".join(vague)
