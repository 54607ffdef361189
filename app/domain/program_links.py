"""小程序链接: which page of the mini-program a link opens, and how long one lasts.

For whoever is outside WeChat: a short message, an e-mail, a web page. Source: the platform's rules
for generate_urllink and generatescheme: thirty days at most, one minute at least; a query of up to
1,024 signs of a small set.
"""

import re
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

from app.domain.phone_forms import PAGE
from app.domain.program_codes import Page

LONGEST = timedelta(days=30) - timedelta(minutes=10)
"""The platform's thirty days, less what two clocks may differ."""

SHORTEST = timedelta(minutes=5)
"""What is left of a link that is still handed out; the platform makes none for less than one."""

LONGEST_QUERY = 1_024
HOST = "https://wxaurl.cn/"
"""Where links live. It stands in the words of short messages, before the link's own part."""

_QUERY = re.compile(rf"[0-9A-Za-z!#$&'()*+,/:;=?@\-._~%]{{0,{LONGEST_QUERY}}}")
_TOKEN = re.compile(rf"{re.escape(HOST)}([0-9A-Za-z_-]{{4,20}})")


class LinkForm(StrEnum):
    """链接的形式: a web address (URL Link), or one that the phone itself knows (URL Scheme)."""

    URL_LINK = "url_link"
    SCHEME = "scheme"


@dataclass(frozen=True, slots=True)
class Target:
    """What a link opens: a page and its query, which may hold a secret."""

    page: str
    query: str = field(repr=False)

    def __post_init__(self) -> None:
        if not _QUERY.fullmatch(self.query):
            raise ValueError("no query that the platform takes")


def ticket_target(number: str) -> Target:
    """A ticket: where it is rated, and where the questions of a revisit are answered."""
    page, _, query = PAGE.format(number).partition("?")
    return Target(page, query)


def invitation_target(code: str) -> Target:
    """An invitation: whoever has the link has its code."""
    return Target(Page.INVITATION, f"code={code}")


def card_target(enterprise_id: int) -> Target:
    """The public card of an enterprise; who may see it the mini-program asks us."""
    return Target(Page.CARD, f"enterprise={enterprise_id}")


def link_expiry(wanted: datetime, *, at: datetime) -> datetime | None:
    """Until when a link can last that is wanted until then; None: it is not worth making."""
    end = min(wanted, at + LONGEST).replace(microsecond=0)
    return end if end >= at + SHORTEST else None


def token_of(link: str) -> str | None:
    """What stands behind the host, as a short message takes it; None for any other address."""
    found = _TOKEN.fullmatch(link)
    return found[1] if found else None
