"""What every refusal of the API looks like (RFC 9457)."""

import re
from typing import Any

from werkzeug.test import TestResponse

CHINESE = re.compile(r"[\u4e00-\u9fff]")
MEMBERS = {"type", "title", "status", "detail", "instance"}


def refused(answer: TestResponse, status: int, code: str | None = None) -> dict[str, Any]:
    """The problem in `answer`, after checking that it is a whole one of this status and code."""
    assert answer.status_code == status, answer.text
    assert answer.mimetype == "application/problem+json"
    problem = answer.json or {}
    assert problem.keys() >= MEMBERS
    assert problem["status"] == status
    assert problem["type"].endswith(f"/{problem['title']}")
    assert problem["instance"] == answer.headers["X-Request-ID"]
    assert answer.headers["Cache-Control"] == "no-store"
    assert CHINESE.search(problem["detail"])
    assert code in (None, problem["title"])
    return dict(problem)


def places(answer: TestResponse) -> dict[str, str]:
    """The wrong fields of a 422: the code of the rule by JSON pointer."""
    found = refused(answer, 422, "invalid-input")["errors"]
    assert all(CHINESE.search(error["detail"]) for error in found)
    assert "invalid" not in {error["code"] for error in found}
    return {error["pointer"]: error["code"] for error in found}
