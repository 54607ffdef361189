"""The descriptions of the interface as a reader without it would have them."""

import re

CODE = re.compile(r"（[a-z_A-Z/]+）")
"""Values of the interface stand in brackets behind their names."""

SPOKEN = (
    (re.compile(r"\btrue 的"), "“是”的"),
    (re.compile(r"\bfalse 的"), "“否”的"),
    (re.compile(r"\btrue\s?"), "“是”"),
    (re.compile(r"\bfalse\s?"), "“否”"),
)


def plain(text: str) -> str:
    """A description without the values of the interface."""
    text = CODE.sub("", text)
    for pattern, words in SPOKEN:
        text = pattern.sub(words, text)
    return text


def sentence(text: str) -> str:
    """With its full stop."""
    return plain(text).rstrip("。") + "。"
