"""企业微信消息: the words of a message, always the same for the same message.

The number at the end makes two messages of equal words two, for the platform takes what is equal to
the letter for a repetition.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from app.domain.phone_forms import FIELDS, Field, Template

TITLE_BYTES, DESCRIPTION_BYTES = 128, 512
"""The most that the platform takes of a card."""


@dataclass(frozen=True, slots=True)
class Letter:
    """应用消息: a card where there is an address to open, else plain text."""

    title: str
    description: str = field(repr=False)
    url: str | None = None


def letter_of(
    template: Template, fields: Mapping[str, str], message_id: int, url: str | None
) -> Letter:
    """The letter of a message; `fields` are label → text, as they were written with the change.

    One that stands for several begins with how many, and says then which matters most.
    """
    labels = [one.label for one in _in_order(template) if one.label in fields]
    lines = [f"{label}：{fields[label]}" for label in labels]
    return Letter(template.value, "\n".join([*lines, f"消息编号：{message_id}"]), url)


def _in_order(template: Template) -> tuple[Field, ...]:
    number, *between, hint = FIELDS[template]
    return (*between, number, hint) if template is Template.DIGEST else FIELDS[template]
