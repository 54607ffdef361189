"""What an action asks for, as lines for people: read from the schema of its body."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from marshmallow import Schema, fields

from app.api.schemas.fields import MAX_ID, Choice, Day, Flag, Instant, Listed, Number, Part, Text
from app.domain import labels
from tools.manual.wording import plain

LABELS = {
    type(next(iter(names))): names
    for names in vars(labels).values()
    if isinstance(names, dict) and isinstance(next(iter(names)), StrEnum)
}
"""The names that the values of an enumeration have for people."""


@dataclass(frozen=True, slots=True)
class Line:
    """One thing to fill in: what it is, whether it must be there, what is taken."""

    name: str
    is_required: bool
    taken: str


def lines(schema: Schema, within: str = "") -> Iterator[Line]:
    """Every field of a body; those of a part, and of the parts of a list, in their turn."""
    for field in schema.fields.values():
        name = within + plain(field.metadata["description"])
        if part := part_of(field):
            yield Line(name, field.required, taken(field))
            yield from lines(part, within=f"{clause(name)}：")
        else:
            yield Line(name, field.required, taken(field))


def part_of(field: fields.Field[Any]) -> Schema | None:
    """The schema of what is inside a field."""
    inner = field.inner if isinstance(field, Listed) else field
    return inner.schema if isinstance(inner, Part) else None


def taken(field: fields.Field[Any]) -> str:
    """What may be filled in."""
    told = field.metadata
    match field:
        case Text():
            return f"{told['minLength']}–{told['maxLength']} 字"
        case Number() if told["maximum"] == MAX_ID:
            return "从名单中选"
        case Number():
            return f"{told['minimum']}–{told['maximum']}"
        case Listed():
            return f"{told['minItems']}–{told['maxItems']} 项"
        case Choice():
            return " / ".join(choices(field))
    return next((words for kind, words in KINDS.items() if isinstance(field, kind)), "")


TOLD = 2
"""A description with so many of the values has all that can be chosen."""

KINDS = {Part: "见下", Flag: "是或否", Day: "日期", Instant: "时间"}


def choices(field: Choice) -> list[str]:
    """What can be chosen, by its names; nothing where the description says it already."""
    said = [value for value in field.enum if f"（{value}）" in field.metadata["description"]]
    names = LABELS.get(field.enum, {})
    return [names[value] for value in field.enum if value in names] if len(said) < TOLD else []


def clause(description: str) -> str:
    """The first words of a description: what the field is called."""
    return re.split("[，；：、（]", description, maxsplit=1)[0]
