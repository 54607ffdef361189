"""Tests that test: each says what must hold, none is silently left out, none sleeps."""

import ast

from tests.architecture.tree import Function, Source, dotted, sources

EXPECTATIONS = {"pytest.raises", "pytest.warns", "pytest.fail"}


def suites() -> list[Source]:
    return [source for source in sources("tests") if source.path.name.startswith("test_")]


def is_fixture(function: Function) -> bool:
    marks = [getattr(mark, "func", mark) for mark in function.decorator_list]
    return any(
        dotted(mark).endswith(("fixture", "composite", "rule", "invariant")) for mark in marks
    )


def expects(function: Function, checkers: set[str]) -> bool:
    """Whether something can fail here: an assert, an expected error, or a call that checks."""
    for node in ast.walk(function):
        if isinstance(node, ast.Assert):
            return True
        if isinstance(node, ast.Call):
            called = dotted(node.func)
            if called in EXPECTATIONS or called.rpartition(".")[2] in checkers:
                return True
    return False


def checking_functions() -> set[str]:
    """Names of the functions of the test tree that assert on behalf of others."""
    return {
        function.name
        for source in sources("tests")
        for function in source.functions()
        if not function.name.startswith("test_") and expects(function, set())
    }


def test_every_test_can_fail():
    checkers = checking_functions()
    hollow = [
        f"{source.at(function)} {function.name}"
        for source in suites()
        for function in source.functions()
        if function.name.startswith("test_") and not expects(function, checkers)
    ]
    assert not hollow, "\n".join(hollow)


def mentions_in(source: Source) -> set[str]:
    names = {node.id for node in ast.walk(source.tree) if isinstance(node, ast.Name)}
    return names | {node.attr for node in ast.walk(source.tree) if isinstance(node, ast.Attribute)}


def is_left_out(function: Function, mentions: set[str]) -> bool:
    """A function that asserts, is no test by its name, and that nothing in its file calls."""
    return (
        not function.name.startswith("test_")
        and not is_fixture(function)
        and expects(function, set())
        and function.name not in mentions
    )


def test_no_test_is_left_out_by_its_name():
    left_out = [
        f"{source.at(function)} {function.name}"
        for source in suites()
        for mentions in [mentions_in(source)]
        for function in source.functions()
        if is_left_out(function, mentions)
    ]
    assert not left_out, "\n".join(left_out)


def test_no_two_tests_of_a_file_share_a_name():
    shadowed = [
        f"{source.name} {name}"
        for source in suites()
        for scope in ast.walk(source.tree)
        if isinstance(scope, ast.Module | ast.ClassDef)
        for names in [[node.name for node in scope.body if isinstance(node, Function)]]
        for name in sorted({name for name in names if names.count(name) > 1})
    ]
    assert not shadowed


def test_tests_never_sleep():
    sleeping = [
        source.at(call)
        for source in sources("tests")
        for call in source.calls()
        if dotted(call.func) in {"time.sleep", "sleep"}
    ]
    assert not sleeping, f"wait for the event, or move the clock: {sleeping}"


def test_skips_give_their_reason():
    silent = [
        source.at(call)
        for source in suites()
        for call in source.calls()
        if dotted(call.func) in {"pytest.mark.skip", "pytest.mark.xfail"}
        and "reason" not in {keyword.arg for keyword in call.keywords}
    ]
    assert not silent
