"""小程序码: which page of the mini-program a code opens, and what the page is told (`scene`).

Source: the platform's rules for getwxacodeunlimit: a scene is 1 to 32 visible characters of a small
set, a page is written without a slash before it and without a query.
"""

import re
from dataclasses import dataclass, field
from enum import StrEnum

LONGEST_SCENE = 32
_SCENE = re.compile(rf"[0-9A-Za-z!#$&'()*+,/:;=?@\-._~]{{1,{LONGEST_SCENE}}}")


class Page(StrEnum):
    """页面 that a code opens."""

    INVITATION = "pages/invitation/index"
    CARD = "pages/card/index"


@dataclass(frozen=True, slots=True)
class Sign:
    """What a code says: a page and its scene, which may be a secret."""

    page: Page
    scene: str = field(repr=False)

    def __post_init__(self) -> None:
        if not _SCENE.fullmatch(self.scene):
            raise ValueError("no scene that the platform takes")


def invitation_sign(code: str) -> Sign:
    """An invitation: whoever scans it has its code."""
    return Sign(Page.INVITATION, f"code={code}")


def card_sign(enterprise_id: int) -> Sign:
    """The public card of an enterprise; who may see it the mini-program asks us."""
    return Sign(Page.CARD, f"enterprise={enterprise_id}")
