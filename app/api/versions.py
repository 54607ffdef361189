"""If-Match: the version of a ticket that the caller has seen."""

import re
from collections.abc import Callable
from functools import wraps
from typing import Any

from flask import request
from werkzeug.exceptions import PreconditionRequired

from app.api.marks import mark

ETAG = re.compile(r'"([0-9]{1,9})"')
NEVER = -1


def versioned(view: Callable[..., Any]) -> Callable[..., Any]:
    """Demand If-Match; the view takes what it says as `expected_version`.

    Raises `PreconditionRequired` (428) without the header.
    """

    @wraps(view)
    def checked(*args: Any, **values: Any) -> Any:
        return view(*args, expected_version=_expected_version(), **values)

    return mark(checked, needs_version=True)


def _expected_version() -> int:
    """The version in If-Match; one that never matches when the tag is none of ours."""
    sent = request.headers.get("If-Match")
    if sent is None:
        raise PreconditionRequired
    tag = ETAG.fullmatch(sent.strip())
    return int(tag[1]) if tag else NEVER
