"""选管家: of several who could look after an enterprise, the nearest and least loaded one."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple


class Candidate(NamedTuple):
    """Somebody who could. `nearness`: how many characters of the area's code the two share."""

    housekeeper_id: int
    nearness: int


class Choice(NamedTuple):
    """Who was chosen, what that person carried at that moment, and how many others there were."""

    housekeeper_id: int
    load: int
    alternatives: int


def choose(
    wanting: Iterable[tuple[int, Sequence[Candidate]]], loads: Mapping[int, int]
) -> dict[int, Choice]:
    """By enterprise: whom it gets. Loads grow as the choices are made, one after the other.

    The nearest first (a grid before its town), then the least loaded, then the lower number: the
    same question always has the same answer. Who has no candidate is left out.
    """
    carried = Counter(loads)
    chosen: dict[int, Choice] = {}
    for enterprise_id, candidates in wanting:
        if not candidates:
            continue
        best = min(candidates, key=lambda one: (-one.nearness, carried[one.housekeeper_id], one))
        load = carried[best.housekeeper_id]
        chosen[enterprise_id] = Choice(best.housekeeper_id, load, len(candidates) - 1)
        carried[best.housekeeper_id] += 1
    return chosen
