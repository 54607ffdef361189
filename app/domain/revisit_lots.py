"""抽签: which of the answers that need not be revisited are revisited all the same.

Source: domain, section 6: consultations 5 %, of the others at least 20 % in a month for each unit
and class, at least five, all if they are fewer. Whether one is drawn is known when it is delivered,
before anybody knows how many the month will bring: docs/adr/0032.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from hashlib import sha256
from hmac import digest
from typing import Any

from app.domain.rules import Rule, Rules
from app.domain.vocabulary import TicketClass

SEED_BYTES = 16
WHOLE = 100


@dataclass(frozen=True, slots=True)
class Share:
    """The first `minimum` of a stratum are drawn, and `percent` (0 to 100) of those after them."""

    percent: int
    minimum: int


def share_of(ticket_class: TicketClass, rules: Rules) -> Share:
    """抽样比例: with which a stratum begins; it keeps it to the end of its month.

    Raises `MissingRule`.
    """
    if ticket_class is TicketClass.CONSULT:
        return Share(rules[Rule.REVISIT_CONSULT_PERCENT], minimum=0)
    return Share(rules[Rule.REVISIT_PERCENT], rules[Rule.REVISIT_AT_LEAST])


@dataclass(frozen=True, slots=True)
class Stratum:
    """层: what is drawn from together. Without a unit: answered directly, in a county (`area`)."""

    month: date
    organisation_id: int | None
    area: str
    ticket_class: TicketClass


@dataclass(frozen=True, slots=True)
class Lot:
    """签: the place `number` (from 1) that an answer took in its stratum, in order of delivery."""

    stratum_id: int
    number: int
    share: Share
    seed: bytes

    @property
    def is_drawn(self) -> bool:
        return is_drawn(self.number, self.share, self.seed)


def is_drawn(number: int, share: Share, seed: bytes) -> bool:
    """Whether the lot `number` is drawn. The same for ever: it depends on nothing else.

    Behind the first lots every slot of 100 ÷ percent of them holds exactly one that is drawn, at a
    place that the seed decides: no month falls short, and nobody without the seed foresees it.
    """
    place = number - share.minimum
    if place <= 0:
        return True
    if share.percent == 0:
        return False
    slot = -(-place * share.percent // WHOLE)
    before, end = ((one * WHOLE) // share.percent for one in (slot - 1, slot))
    return place == before + 1 + _chance(seed, slot) % (end - before)


def seal_of(seed: bytes) -> str:
    """What an event tells of the seed: nobody can put another one in its place, or foresee it."""
    return sha256(seed).hexdigest()


def told(lot: Lot) -> Mapping[str, Any]:
    """The lot as an event keeps it."""
    return {
        "stratum_id": lot.stratum_id,
        "number": lot.number,
        "percent": lot.share.percent,
        "minimum": lot.share.minimum,
        "is_drawn": lot.is_drawn,
        "seed_sha256": seal_of(lot.seed),
    }


def _chance(seed: bytes, slot: int) -> int:
    """Nearly even over any slot: 256 bits, of which a slot takes the remainder."""
    return int.from_bytes(digest(seed, b"revisit-slot:%d" % slot, "sha256"))
