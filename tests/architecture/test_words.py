"""Docstrings, terms and output: what a reader relies on when looking for a concept."""

import ast
import re
from collections.abc import Iterator

from tests.architecture.test_transactions import tables_by_class
from tests.architecture.tree import ROOT, Function, Source, dotted, sources

CHINESE = re.compile(r"[\u4e00-\u9fff]")


def model_classes() -> Iterator[tuple[Source, ast.ClassDef]]:
    tables = tables_by_class()
    for source in sources("app/models"):
        for node in source.tree.body:
            if isinstance(node, ast.ClassDef) and node.name in tables:
                yield source, node


def test_every_table_gives_its_chinese_term_first():
    assert list(model_classes())
    unnamed = [
        f"{source.at(model)} {model.name}"
        for source, model in model_classes()
        if not CHINESE.match(ast.get_docstring(model) or "")
    ]
    assert not unnamed, "\n".join(unnamed)


def test_every_table_is_in_the_glossary():
    glossary = (ROOT / "docs" / "glossary.md").read_text(encoding="utf-8")
    missing = sorted(table for table in tables_by_class().values() if f"`{table}`" not in glossary)
    assert not missing, f"docs/glossary.md does not explain {missing}"


def public_functions(source: Source) -> Iterator[Function]:
    for node in source.tree.body:
        owner = node.body if isinstance(node, ast.ClassDef) else [node]
        yield from (
            member
            for member in owner
            if isinstance(member, Function) and not member.name.startswith("_")
        )


def test_public_functions_say_what_they_promise():
    silent = [
        f"{source.at(function)} {function.name}"
        for source in sources("app/domain", "services")
        for function in source.tree.body
        if isinstance(function, Function)
        and not function.name.startswith("_")
        and not ast.get_docstring(function)
    ]
    assert not silent, "\n".join(silent)


def is_actor_late(function: Function) -> bool:
    positional = [each.arg for each in (*function.args.posonlyargs, *function.args.args)]
    return "actor" in [name for name in positional if name not in {"self", "cls"}][1:]


def is_time_early(function: Function) -> bool:
    named = [each.arg for each in function.args.kwonlyargs]
    positional = {each.arg for each in (*function.args.posonlyargs, *function.args.args)}
    return "at" in positional or ("at" in named and named[-1] != "at")


def test_who_acts_comes_first():
    turned = [
        f"{source.at(function)} {function.name}"
        for source in sources("app/models", "services")
        for function in public_functions(source)
        if is_actor_late(function)
    ]
    assert not turned, "\n".join(turned)


def test_the_time_is_handed_in_last_and_by_name():
    turned = [
        f"{source.at(function)} {function.name}"
        for source in sources("app/domain", "app/models", "services")
        for function in public_functions(source)
        if is_time_early(function)
    ]
    assert not turned, "\n".join(turned)


def test_only_commands_and_tools_print():
    printed = [
        source.at(call)
        for source in sources("app", "services", "jobs", "config")
        if not source.name.startswith("app/commands/")
        for call in source.calls()
        if dotted(call.func) in {"print", "sys.stdout.write", "sys.stderr.write"}
    ]
    assert not printed, "\n".join(printed)
