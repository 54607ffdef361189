"""Doors by which somebody might learn of a ticket."""

from tests.callers import Caller

REPORT = "/reports/closure?from=2026-01-01&to=2026-12-31&group_by=organisation"
REASON = {"reason": "核实诉求内容"}


def searched(caller: Caller, q: str) -> str:
    """What the search of tickets answers; some roles may not search them at all."""
    answer = caller.get("/tickets", query_string={"q": q})
    assert answer.status_code in {200, 403}, answer.text
    return answer.text
