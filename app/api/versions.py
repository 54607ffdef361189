"""If-Match: the version of a ticket that the caller has seen."""

import re

from flask import request
from werkzeug.exceptions import PreconditionRequired

ETAG = re.compile(r'"([0-9]{1,9})"')
NEVER = -1


def expected_version() -> int:
    """The version in If-Match; one that never matches when the tag is none of ours.

    Raises `PreconditionRequired` (428) without the header.
    """
    sent = request.headers.get("If-Match")
    if sent is None:
        raise PreconditionRequired
    tag = ETAG.fullmatch(sent.strip())
    return int(tag[1]) if tag else NEVER
