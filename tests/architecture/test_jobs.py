"""What happens by itself stands in one table: `jobs/schedule.py`."""

import ast

from tests.architecture.tree import Source, sources

MACHINERY = {"__init__", "schedule", "runner", "scheduler", "heartbeat"}


def names_imported_from_jobs(source: Source) -> set[str]:
    """Modules of `jobs` that a file imports, by their bare names."""
    whole = {
        alias.name
        for node in ast.walk(source.tree)
        if isinstance(node, ast.ImportFrom) and node.module == "jobs"
        for alias in node.names
    }
    parts = {
        (node.module or "").removeprefix("jobs.")
        for node in ast.walk(source.tree)
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("jobs.")
    }
    return whole | parts


def test_every_job_is_in_the_schedule():
    [schedule] = sources("jobs/schedule.py")
    jobs = {source.path.stem for source in sources("jobs")} - MACHINERY
    missing = jobs - names_imported_from_jobs(schedule)
    assert jobs, "no job was seen"
    assert not missing, f"jobs/schedule.py does not know {sorted(missing)}"
