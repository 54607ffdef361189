"""What stands under an ended area: moved to the one successor, or listed where there are more."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from app.db import db
from app.domain.vocabulary import FINAL
from app.models.account import Account, Membership
from app.models.area import Area
from app.models.area_change import AreaChange
from app.models.enterprise import Enterprise
from app.models.housekeeper import Housekeeper
from app.models.organisation import Organisation
from app.models.ticket import Ticket

Known = tuple[str, str]
"""Code and prefix of an area."""


@dataclass(frozen=True, slots=True)
class Undecided:
    """Something in force that bears the code of an ended area. `choices` are the successors."""

    kind: str
    id: int
    name: str
    area_code: str
    choices: tuple[str, ...]


def move_register(old: Known, new: Known, *, at: datetime) -> dict[str, int]:
    """Move what is in force from the one area to the other; how many rows of each kind.

    Of two traders with one name and no credit code in a merged area the second one stays: only a
    person can tell whether they are the same.
    """
    moves = {
        "enterprises": _of(Enterprise, Enterprise.area_code, old, new, ~_has_namesake(new[0])),
        "managed_enterprises": _of(Enterprise, Enterprise.managing_area_code, old, new),
        "housekeepers": _of(Housekeeper, Housekeeper.area_code, old, new),
        "organisations": _of(
            Organisation, Organisation.area_code, old, new, Organisation.closed_on.is_(None)
        ),
        "memberships": sa.update(Membership)
        .where(Membership.area_prefix == old[1], _stands(at))
        .values(area_code=new[0], area_prefix=new[1])
        .returning(Membership.id),
    }
    return {name: len(db.session.execute(move).all()) for name, move in moves.items()}


def _of(model: Any, column: Any, old: Known, new: Known, *conditions: Any) -> Any:
    moving = sa.update(model).where(column == old[0], *conditions).values({column: new[0]})
    return moving.returning(model.id).execution_options(synchronize_session=False)


def _has_namesake(code: str) -> sa.ColumnElement[bool]:
    other = aliased(Enterprise)
    namesake = sa.exists().where(
        other.area_code == code, other.name == Enterprise.name, other.uscc.is_(None)
    )
    return sa.and_(Enterprise.uscc.is_(None), namesake)


def _stands(at: datetime) -> sa.ColumnElement[bool]:
    return sa.or_(Membership.valid_until.is_(None), Membership.valid_until > at)


def undecided(*, at: datetime) -> list[Undecided]:
    """Everything in force that still bears the code of an ended area, for a person to decide."""
    choices: dict[str, list[str]] = {}
    followed = sa.select(AreaChange.old_code, AreaChange.new_code).where(
        AreaChange.new_code.is_not(None), AreaChange.old_code.is_not(None)
    )
    for old, new in db.session.execute(followed.order_by(AreaChange.new_code)):
        choices.setdefault(str(old), []).append(str(new))
    return [
        Undecided(kind, row.id, row.name, row.code, tuple(choices.get(row.code, ())))
        for kind, query in _standing(at)
        for row in db.session.execute(query)
    ]


def _standing(at: datetime) -> Iterator[tuple[str, Any]]:
    ended = sa.select(Area.code).where(Area.ended_on.is_not(None))
    yield (
        "organisation",
        _named(Organisation, Organisation.area_code, ended).where(Organisation.closed_on.is_(None)),
    )
    yield (
        "membership",
        (
            sa.select(Membership.id, Account.name, Area.code)
            .join(Account, Account.id == Membership.account_id)
            .join(Area, Area.prefix == Membership.area_prefix)
            .where(Area.ended_on.is_not(None), _stands(at))
            .order_by(Membership.id)
        ),
    )
    yield "housekeeper", _named(Housekeeper, Housekeeper.area_code, ended)
    yield "enterprise", _named(Enterprise, Enterprise.area_code, ended)
    yield "enterprise", _named(Enterprise, Enterprise.managing_area_code, ended)
    yield (
        "ticket",
        (
            sa.select(Ticket.id, Ticket.number.label("name"), Ticket.area_code.label("code"))
            .where(Ticket.area_code.in_(ended), Ticket.status.not_in(FINAL))
            .order_by(Ticket.id)
        ),
    )


def _named(model: Any, column: Any, ended: Any) -> Any:
    query = sa.select(model.id, model.name, column.label("code"))
    return query.where(column.in_(ended)).order_by(model.id)
