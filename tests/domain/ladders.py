"""The ladders of the policies that are shipped: those of a kind of clock are the same."""

import json
from dataclasses import fields
from importlib.resources import files
from typing import Any

from hypothesis import strategies as st

from app.domain.ladder import NO_RUNGS, Ladder
from app.domain.limits import Limit
from app.domain.sla_clock import CARDS, CLIMBING, REMINDING, ClockKind, ClockTerms, Rung

_NUMBERS = tuple(one.name for one in fields(Ladder))


def ladder_of(row: dict[str, Any]) -> Ladder:
    """The ladder in a row of `policies.json`."""
    return Ladder(**{name: row[name] for name in _NUMBERS if name in row})


_SHIPPED = json.loads(files("app.seed").joinpath("policies.json").read_text("utf-8"))
LADDERS = {ClockKind(row["clock"]): ladder_of(row) for row in _SHIPPED}
FULL = LADDERS[ClockKind.FINISH]


def terms_of(kind: ClockKind, limit: Limit, **changes: Any) -> ClockTerms:
    """Terms of the first round with the ladder that is shipped for the kind."""
    return ClockTerms(kind, 1, limit, **{"ladder": LADDERS.get(kind, NO_RUNGS), **changes})


@st.composite
def ladders_for(draw: st.DrawFn, kind: ClockKind) -> Ladder:
    """Any ladder that a policy for clocks of this kind may bring, some of its rungs left out."""
    percents = _upwards(draw, 99)
    days = _upwards(draw, 30)
    climbs, warns = kind in CLIMBING, Rung.YELLOW in CARDS[kind]
    reminds = kind in REMINDING and draw(st.booleans())
    return Ladder(
        nudge_percent=percents[0] if climbs else None,
        remind_percent=percents[1] if reminds else None,
        yellow_percent=percents[2] if warns else None,
        **dict(zip(LATE, days, strict=True) if climbs else ()),
    )


LATE = ("order_days", "bulletin_days", "escalation_days")


def _upwards(draw: st.DrawFn, most: int) -> list[int | None]:
    numbers = sorted(draw(st.sets(st.integers(1, most), min_size=3, max_size=3)))
    return [number if draw(st.booleans()) else None for number in numbers]
