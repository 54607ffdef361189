"""The network between the people and the server: a perfect one, a bad one, a crowded bad one."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import partial
from random import Random

from flask import Flask

from app import clock
from tests.stories.requests import Answer, Request, Witness, deliver
from tests.threads import all_at_once

CUT_OFF = 0.15
"""How often the connection breaks before anything has reached the server."""

LATE = 0.3
"""How often a copy stays on the way until after requests that were sent later."""

COMING_IN = 0.2
"""How often a copy that is late comes in along with another request."""

LOST = 0.35
"""How often an answer is lost on its way back."""

TUNNEL = 0.4
"""How often a client that heard nothing tries again only after others have gone on."""


@dataclass
class PerfectWire:
    """Every request arrives once, and so does its answer."""

    app: Flask
    witness: Witness = field(default_factory=Witness)

    def carry(self, request: Request) -> Answer | None:
        """What comes back; None when nothing does."""
        [answer] = self.hand_in([request])
        return answer

    def hand_in(self, requests: Sequence[Request]) -> list[Answer]:
        """Bring these to the server, one after the other."""
        return [self._hand_in_one(request, is_alone=True) for request in requests]

    def puts_off(self, request: Request) -> bool:
        """Whether a client that heard nothing leaves it for later, which only the witness dares:

        the others go on as they can only where the server has done what was asked.
        """
        assert request.intent not in self.witness.done, f"unheard on a perfect wire: {request}"
        return False

    def settle(self) -> None:
        """Nothing is on the way any more."""

    def _hand_in_one(self, request: Request, *, is_alone: bool) -> Answer:
        was_done = request.intent in self.witness.done
        answer = deliver(self.app, request)
        self.witness.check(request, answer, was_done=was_done, is_alone=is_alone)
        return answer


@dataclass
class LossyWire(PerfectWire):
    """One to three copies of each request, some of them late; answers and requests get lost."""

    chance: Random = field(kw_only=True)
    strays: list[Request] = field(default_factory=list)

    def carry(self, request: Request) -> Answer | None:
        if self._happens(CUT_OFF):
            return None
        arriving = self._strays_coming_in()
        for _ in range(self._copies(request)):
            (self.strays if self._happens(LATE) else arriving).append(request)
        self.chance.shuffle(arriving)
        answers = self.hand_in(arriving)
        own = [
            answer
            for one, answer in zip(arriving, answers, strict=True)
            if one is request and not self._happens(LOST)
        ]
        return self.chance.choice(own) if own else None

    def puts_off(self, request: Request) -> bool:
        return request.intent in self.witness.done and self._happens(TUNNEL)

    def settle(self) -> None:
        """All that is still on the way comes in."""
        self.chance.shuffle(self.strays)
        self.hand_in(self.strays)
        self.strays.clear()

    def _copies(self, request: Request) -> int:
        """Reading is repeated too, though less: it changes nothing, and takes its time."""
        return self.chance.choice([1, 2, 3] if request.intent else [1, 1, 1, 2])

    def _strays_coming_in(self) -> list[Request]:
        coming = [self._happens(COMING_IN) for _ in self.strays]
        arriving = [one for one, comes in zip(self.strays, coming, strict=True) if comes]
        self.strays = [one for one, comes in zip(self.strays, coming, strict=True) if not comes]
        return arriving

    def _happens(self, how_often: float) -> bool:
        return self.chance.random() < how_often


@dataclass
class CrowdedWire(LossyWire):
    """A lossy one where all copies that arrive together are at the server at the same moment."""

    def hand_in(self, requests: Sequence[Request]) -> list[Answer]:
        if not requests:
            return []
        works = [partial(self._hand_in_one, one, is_alone=False) for one in requests]
        answers = all_at_once(self.app, *works, at=clock.real())
        for answer in answers:
            if isinstance(answer, BaseException):
                raise answer
        return answers
