"""Files below 300 lines, functions below 30. There is no list of exemptions; split by verb."""

from tests.architecture.tree import EVERYTHING, sources

FILE_LINES = 300
FUNCTION_LINES = 30


def test_files_stay_short():
    lengths = {source.name: len(source.text.splitlines()) for source in sources(*EVERYTHING)}
    too_long = {name: length for name, length in lengths.items() if length >= FILE_LINES}
    assert not too_long, f"split these by verb: {too_long}"


def test_functions_stay_short():
    too_long = [
        f"{source.at(function)} {function.name}: {length} lines"
        for source in sources(*EVERYTHING)
        for function in source.functions()
        if (length := (function.end_lineno or 0) - function.lineno + 1) >= FUNCTION_LINES
    ]
    assert not too_long, "\n".join(too_long)
