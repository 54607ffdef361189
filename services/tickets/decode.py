"""Rows and JSON back into the frozen dataclasses of the domain."""

from collections.abc import Callable, Mapping
from dataclasses import fields
from datetime import datetime
from enum import Enum
from functools import cache
from types import UnionType
from typing import Any, get_args, get_origin, get_type_hints

Converter = Callable[[Any], Any]


def decode(kind: Any, row: Mapping[Any, Any]) -> Any:
    """A `kind` from a row whose instants may be ISO text and whose enums are text."""
    values = {
        name: None if row[name] is None else convert(row[name])
        for name, convert in _converters(kind).items()
        if name in row
    }
    return kind(**values)


@cache
def _converters(kind: Any) -> Mapping[str, Converter]:
    hints = get_type_hints(kind)
    return {field.name: _converter(hints[field.name]) for field in fields(kind)}


def _converter(hint: Any) -> Converter:
    if get_origin(hint) is UnionType:
        hint = next(part for part in get_args(hint) if part is not type(None))
    if get_origin(hint) is tuple:
        inner = _converter(get_args(hint)[0])
        return lambda values: tuple(inner(value) for value in values)
    if isinstance(hint, type) and issubclass(hint, datetime):
        return _instant
    if isinstance(hint, type) and issubclass(hint, Enum):
        return hint
    return _as_it_is


def _instant(value: Any) -> datetime:
    return datetime.fromisoformat(value) if isinstance(value, str) else value


def _as_it_is(value: Any) -> Any:
    return value
