"""Keyset pages in the API: the query of every list, and the shape of its answer."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeVar

from marshmallow import Schema, fields

from app.api.schemas.fields import Answer, Number, Query, Text
from app.domain.keyset import DEFAULT_LIMIT, LONGEST_CURSOR, MAX_LIMIT, Page

Entry = TypeVar("Entry")


class PageQuery(Query):
    """翻页; mixed into the query of every list."""

    limit = Number(
        1,
        MAX_LIMIT,
        strict=False,
        load_default=DEFAULT_LIMIT,
        metadata={"description": "每页条数"},
    )
    cursor = Text(
        1,
        LONGEST_CURSOR,
        load_default=None,
        metadata={"description": "上一页的 next_cursor；不带则从头开始"},
    )


def page_of(query: Mapping[str, Any]) -> Page:
    """The page that a loaded `PageQuery` asks for."""
    return Page(query["limit"], query["cursor"])


def page_schema(item: type[Schema], description: str) -> type[Schema]:
    """The answer of a list of `item`s, as the OpenAPI document shows it."""
    listed = fields.List(fields.Nested(item), metadata={"description": description})
    following = fields.String(
        allow_none=True, metadata={"description": "下一页的位置；没有下一页则为 null"}
    )
    members: dict[str, Any] = {"items": listed, "next_cursor": following}
    return type(f"{item.__name__}Page", (Answer,), {"__doc__": description, **members})


def page_body(
    entries: Sequence[Entry], next_cursor: str | None, shown: Callable[[Entry], Mapping[str, Any]]
) -> dict[str, Any]:
    """The body of a page, each entry as `shown` represents it."""
    return {"items": [shown(entry) for entry in entries], "next_cursor": next_cursor}
