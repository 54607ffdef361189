"""Sentences of validation with the code of the rule they speak for."""

from typing import Any, Self


class Message(str):
    """A Chinese sentence that remembers its rule's code through marshmallow's formatting."""

    __slots__ = ("code",)
    code: str

    def __new__(cls, code: str, text: str) -> Self:
        message = super().__new__(cls, text)
        message.code = code
        return message

    def format(self, *args: Any, **values: Any) -> "Message":
        return Message(self.code, str(self).format(*args, **values))
