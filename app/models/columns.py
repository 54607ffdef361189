"""The column shapes that tables share."""

from collections.abc import Iterable
from datetime import datetime
from typing import Annotated, Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import mapped_column


class SealedText(sa.LargeBinary):
    """What `app.sealing` makes of a text. By this type `services.rotation` finds every column."""


Id = Annotated[int, mapped_column(sa.BigInteger, sa.Identity(), primary_key=True)]
Instant = Annotated[datetime, mapped_column(sa.TIMESTAMP(timezone=True))]
Recorded = Annotated[
    datetime, mapped_column(sa.TIMESTAMP(timezone=True), server_default=sa.func.now())
]
Sealed = Annotated[bytes, mapped_column(SealedText)]
Hash = Annotated[bytes, mapped_column(sa.LargeBinary)]
Json = Annotated[dict[str, Any], mapped_column(JSONB)]
JsonList = Annotated[list[Any], mapped_column(JSONB, server_default=sa.text("'[]'::jsonb"))]


def one_of(column: str, values: Iterable[str]) -> sa.CheckConstraint:
    """Only `values` (or NULL) may stand in `column`: text with a CHECK instead of an enum type."""
    return sa.CheckConstraint(is_one_of(column, values), name=column)


def is_one_of(column: str, values: Iterable[str]) -> str:
    """The condition that one of `values` stands in `column`, as constraints and indexes have it."""
    listed = ", ".join(f"'{value}'" for value in values)
    return f"{column} IN ({listed})"
