"""What must never stand in a log: who somebody is to WeChat, their phone, a token, a secret."""

import logging
import re

from config.logging import LIBRARIES, JsonLines
from tests.wechat import SECRET

PRIVATE = {
    "openid": re.compile(r"(?<![\w-])o(?=[a-z0-9_-]*[A-Z])[\w-]{27}(?![\w-])", re.ASCII),
    "phone": re.compile(r"(?<!\d)1[3-9]\d{9}(?!\d)", re.ASCII),
    "token": re.compile(r"(?<![\w-])[\w-]{100,}(?![\w-])", re.ASCII),
    "secret": re.compile(SECRET),
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
