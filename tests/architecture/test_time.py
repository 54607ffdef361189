"""Two clocks, and `app/clock.py` is the only reader of wall time."""

import ast

from tests.architecture.tree import EVERYTHING, dotted, sources

WALL_TIME = {
    "date.today",
    "datetime.now",
    "datetime.today",
    "datetime.utcnow",
    "datetime.date.today",
    "datetime.datetime.now",
    "datetime.datetime.today",
    "datetime.datetime.utcnow",
    "time.ctime",
    "time.gmtime",
    "time.localtime",
    "time.time",
    "time.time_ns",
}


def test_only_the_clock_reads_wall_time():
    readers = {
        source.at(call)
        for source in sources(*EVERYTHING)
        for call in source.calls()
        if dotted(call.func) in WALL_TIME
    }
    elsewhere = {place for place in readers if not place.startswith("app/clock.py:")}
    assert readers, "app/clock.py itself was not seen"
    assert not elsewhere, f"ask app.clock for the time: {sorted(elsewhere)}"


def test_wall_time_is_not_imported_by_its_bare_name():
    bare = {
        source.at(statement)
        for source in sources(*EVERYTHING)
        for statement in source.tree.body
        if isinstance(statement, ast.ImportFrom)
        and statement.module == "time"
        and {alias.name for alias in statement.names} & {"time", "time_ns"}
    }
    assert not bare
