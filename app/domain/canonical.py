"""The one way to write a value down so that its hash means something."""

import json
from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Any


def canonical(body: Any) -> str:
    """JSON with sorted keys, no spaces, instants in UTC, days as ISO text, bytes as hex digits."""
    return json.dumps(
        body, ensure_ascii=False, sort_keys=True, separators=(",", ":"), default=_canonical
    )


def _canonical(value: object) -> Any:
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, bytes):
        return value.hex()
    if isinstance(value, Mapping):
        return dict(value)
    raise TypeError(f"{type(value).__name__} has no canonical form")
