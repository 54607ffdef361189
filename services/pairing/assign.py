"""Giving enterprises their housekeepers in bulk, as a register reports them.

At most one standing A role and one standing B role per enterprise; whoever is replaced is ended in
the same transaction, so that the past stays readable and no enterprise is ever between two people.
What may become of a pairing is said by the one table of `app.domain.pairing_flow`.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

import sqlalchemy as sa

from app.db import db
from app.domain.pairing_flow import EndReason, PairingDeed, PairingState, after, allows
from app.models.housekeeper import Housekeeper
from app.models.pairing import Pairing
from app.models.staging import copy_rows
from services.pairing.recusals import recused


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
    """What has to change: pairings to end and to start by identity, wishes to open.

    `recused` are wishes that must not come true, because somebody has to keep away.
    """

    ended: list[int] = field(default_factory=list)
    started: list[int] = field(default_factory=list)
    opened: list[Wish] = field(default_factory=list)
    recused: list[Wish] = field(default_factory=list)


def assign_housekeepers(wishes: Sequence[Wish], *, at: datetime) -> Moves:
    """Bring the pairings in line with `wishes` (at most one per enterprise and role).

    A pairing that is as wished is left alone, so that the same report twice changes nothing.
    """
    apart = _recused(wishes)
    possible = [wish for wish in wishes if (wish.enterprise_id, wish.housekeeper_id) not in apart]
    moves = plan_moves(possible, _open_pairings([wish.enterprise_id for wish in possible]))
    moves.recused = [wish for wish in wishes if (wish.enterprise_id, wish.housekeeper_id) in apart]
    _move(moves.ended, state="ended", ended_at=at, end_reason=EndReason.REPLACED.value)
    _move(moves.started, state="active", started_at=at, confirmed_at=at)
    copy_rows(db.session.connection(), Pairing, [_opening(wish, at) for wish in moves.opened])
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
        if each is not own
        and (wish.is_active or each.state == PairingState.PROPOSED)
        and allows(each.state, PairingDeed.REPLACE)
    ]
    if own is None:
        moves.opened.append(wish)
    elif wish.is_active and allows(own.state, PairingDeed.START):
        moves.started.append(own.id)


def _open_pairings(enterprise_ids: list[int]) -> list[OpenPairing]:
    query = sa.select(
        Pairing.id, Pairing.enterprise_id, Pairing.housekeeper_id, Pairing.role, Pairing.state
    ).where(
        Pairing.enterprise_id == sa.any_(sa.cast(enterprise_ids, sa.ARRAY(sa.BigInteger))),
        Pairing.state != "ended",
    )
    return [OpenPairing(*row) for row in db.session.execute(query.with_for_update())]


def _recused(wishes: Sequence[Wish]) -> set[tuple[int, int]]:
    if not wishes:
        return set()
    wished = (
        sa.func.unnest(
            sa.cast([wish.enterprise_id for wish in wishes], sa.ARRAY(sa.BigInteger)),
            sa.cast([wish.housekeeper_id for wish in wishes], sa.ARRAY(sa.BigInteger)),
        )
        .table_valued("enterprise_id", "housekeeper_id")
        .render_derived()
    )
    query = (
        sa.select(wished.c.enterprise_id, wished.c.housekeeper_id)
        .join(Housekeeper, Housekeeper.id == wished.c.housekeeper_id)
        .where(recused(wished.c.enterprise_id, Housekeeper.id, Housekeeper.organisation_id))
    )
    return {(row.enterprise_id, row.housekeeper_id) for row in db.session.execute(query)}


def _move(pairing_ids: list[int], **values: object) -> None:
    if pairing_ids:
        chosen = Pairing.id == sa.any_(sa.cast(pairing_ids, sa.ARRAY(sa.BigInteger)))
        db.session.execute(sa.update(Pairing).where(chosen).values(**values))


def _opening(wish: Wish, at: datetime) -> dict[str, object]:
    return {
        "enterprise_id": wish.enterprise_id,
        "housekeeper_id": wish.housekeeper_id,
        "role": wish.role,
        "state": _opened_as(wish).value,
        "proposed_at": at,
        "confirmed_at": at if wish.is_active else None,
        "started_at": at if wish.is_active else None,
    }


def _opened_as(wish: Wish) -> PairingState:
    """A register of a confirmed authority is as good as the confirmation of the unit."""
    proposed = PairingState.PROPOSED
    return after(proposed, PairingDeed.START) if wish.is_active else proposed
