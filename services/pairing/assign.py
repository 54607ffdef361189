"""Giving enterprises their housekeepers in bulk, as a register reports them.

At most one standing A role and one standing B role per enterprise; whoever is replaced is ended in
the same transaction, so that the past stays readable and no enterprise is ever between two people.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

import sqlalchemy as sa

from app.db import db
from app.models.bulk import insert_rows
from app.models.pairing import STANDING, Pairing


@dataclass(frozen=True, slots=True)
class Wish:
    """An enterprise shall have this housekeeper, at once or (`is_active` False) as a proposal."""

    enterprise_id: int
    housekeeper_id: int
    role: str
    is_active: bool


@dataclass(frozen=True, slots=True)
class OpenPairing:
    """A pairing that has not ended."""

    id: int
    enterprise_id: int
    housekeeper_id: int
    role: str
    state: str


@dataclass(slots=True)
class Moves:
    """What has to change: pairings to end and to start by identity, wishes to open."""

    ended: list[int] = field(default_factory=list)
    started: list[int] = field(default_factory=list)
    opened: list[Wish] = field(default_factory=list)


def assign_housekeepers(wishes: Sequence[Wish], *, at: datetime) -> Moves:
    """Bring the pairings in line with `wishes` (at most one per enterprise and role).

    A pairing that is as wished is left alone, so that the same report twice changes nothing.
    """
    moves = plan_moves(wishes, _open_pairings([wish.enterprise_id for wish in wishes]))
    _move(moves.ended, state="ended", ended_at=at)
    _move(moves.started, state="active", started_at=at)
    if moves.opened:
        db.session.execute(insert_rows(Pairing, [_opening(wish, at) for wish in moves.opened]))
    return moves


def plan_moves(wishes: Iterable[Wish], pairings: Iterable[OpenPairing]) -> Moves:
    """The moves that lead from the open pairings to the wishes.

    An active wish ends everybody else in that role. A proposal replaces earlier proposals and
    leaves whoever is at work.
    """
    by_role: dict[tuple[int, str], list[OpenPairing]] = defaultdict(list)
    for pairing in pairings:
        by_role[pairing.enterprise_id, pairing.role].append(pairing)
    moves = Moves()
    for wish in wishes:
        _plan(wish, by_role[wish.enterprise_id, wish.role], moves)
    return moves


def _plan(wish: Wish, present: list[OpenPairing], moves: Moves) -> None:
    own = next((each for each in present if each.housekeeper_id == wish.housekeeper_id), None)
    moves.ended += [
        each.id
        for each in present
        if each is not own and (wish.is_active or each.state == "proposed")
    ]
    if own is None:
        moves.opened.append(wish)
    elif wish.is_active and own.state not in STANDING:
        moves.started.append(own.id)


def _open_pairings(enterprise_ids: list[int]) -> list[OpenPairing]:
    query = sa.select(
        Pairing.id, Pairing.enterprise_id, Pairing.housekeeper_id, Pairing.role, Pairing.state
    ).where(
        Pairing.enterprise_id == sa.any_(sa.cast(enterprise_ids, sa.ARRAY(sa.BigInteger))),
        Pairing.state != "ended",
    )
    return [OpenPairing(*row) for row in db.session.execute(query.with_for_update())]


def _move(pairing_ids: list[int], **values: object) -> None:
    if pairing_ids:
        chosen = Pairing.id == sa.any_(sa.cast(pairing_ids, sa.ARRAY(sa.BigInteger)))
        db.session.execute(sa.update(Pairing).where(chosen).values(**values))


def _opening(wish: Wish, at: datetime) -> dict[str, object]:
    return {
        "enterprise_id": wish.enterprise_id,
        "housekeeper_id": wish.housekeeper_id,
        "role": wish.role,
        "state": "active" if wish.is_active else "proposed",
        "proposed_at": at,
        "started_at": at if wish.is_active else None,
    }
