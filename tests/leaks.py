"""What must never stand in a log: who somebody is, what they wrote, what lets them in.

Names and texts are known by what the factories give to everybody.
"""

import logging
import re

from app.domain.permissions import Permission
from config.logging import LIBRARIES, JsonLines
from tests.domain.story import USUAL
from tests.factories.people import PASSWORD
from tests.factories.register import CONTACT
from tests.wechat import SECRET

SUBMITTED = USUAL[Permission.SUBMIT]

PRIVATE = {
    "openid": re.compile(r"(?<![\w-])o(?=[a-z0-9_-]*[A-Z])[\w-]{27}(?![\w-])", re.ASCII),
    # Not a stretch of a request's id, which is hexadecimal.
    "phone": re.compile(r"(?<![\da-f])1[3-9]\d{9}(?![\da-f])", re.ASCII),
    "identity": re.compile(
        r"(?<![0-9A-Za-z])[1-9]\d{5}(19|20)\d\d(0[1-9]|1[0-2])([0-2]\d|3[01])\d{3}[\dXx](?![0-9A-Za-z])",
        re.ASCII,
    ),
    "mail": re.compile(r"[\w.+-]+@[\w-]+\.[a-z]{2,}", re.ASCII),
    "token": re.compile(r"(?<![\w-])[\w-]{100,}(?![\w-])", re.ASCII),
    "secret": re.compile(SECRET),
    "password": re.compile(re.escape(PASSWORD)),
    "name": re.compile(rf"{CONTACT}|(企业|用户|管家)\d+"),
    "text": re.compile(f"{SUBMITTED.title}|{SUBMITTED.body}"),
    "query": re.compile(r"\?[\w.-]+=", re.ASCII),
}


def leaks_in(text: str) -> list[str]:
    """What kinds of private things stand in `text`."""
    return [kind for kind, pattern in PRIVATE.items() if pattern.search(text)]


class Listener(logging.Handler):
    """Hears every record as the log would write it, and keeps those that tell too much."""

    def __init__(self) -> None:
        super().__init__()
        self.setFormatter(JsonLines())
        self.leaks: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        line = self.format(record)
        self.leaks += [f"{kind}: {record.name}: {record.msg}" for kind in leaks_in(line)]


def listen() -> Listener:
    """Hear the whole log from now on, the libraries kept as quiet as the product keeps them."""
    listener = Listener()
    logging.getLogger().addHandler(listener)
    for library, least in LIBRARIES.items():
        logging.getLogger(library).setLevel(least)
    return listener
