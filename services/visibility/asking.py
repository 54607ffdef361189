"""Who asks: an actor, or any actor of a shape; and the conditions that all parts share."""

from dataclasses import dataclass
from typing import Any, TypeAlias

import sqlalchemy as sa
from sqlalchemy import ColumnElement

from app.domain.actor import ENTERPRISE_ROLES, Actor, Role, pairing_role

Condition: TypeAlias = ColumnElement[bool]

NOTHING: Condition = sa.false()


@dataclass(frozen=True, slots=True)
class AnyActor:
    """Whoever acts in a role: the values of the person are parameters of the statement.

    What decides the shape of a condition is kept: the role, whether the area is everywhere (""),
    nowhere (None), or to be told, and whether the pairings are somebody else's.
    """

    role: Role
    area_prefix: Any
    is_delegate: bool = False
    account_id = sa.bindparam("actor_account_id", type_=sa.BigInteger)
    enterprise_id = sa.bindparam("actor_enterprise_id", type_=sa.BigInteger)
    housekeeper_id = sa.bindparam("actor_housekeeper_id", type_=sa.BigInteger)
    organisation_id = sa.bindparam("actor_organisation_id", type_=sa.BigInteger)

    @property
    def is_enterprise(self) -> bool:
        return self.role in ENTERPRISE_ROLES

    @property
    def pairing_role(self) -> str:
        return pairing_role(self.role, is_delegate=self.is_delegate)


@dataclass(frozen=True, slots=True)
class Span:
    """The codes of an area and all below it: from `first` until before `beyond`."""

    first: Any
    beyond: Any


TOLD_AREA = Span(
    sa.bindparam("actor_area_first", type_=sa.Text),
    sa.bindparam("actor_area_beyond", type_=sa.Text),
)

Asker: TypeAlias = Actor | AnyActor


def any_actor(actor: Actor) -> AnyActor:
    """The shape of the actor: the same for all to whom the same statements apply."""
    area = TOLD_AREA if actor.area_prefix else actor.area_prefix
    return AnyActor(actor.role, area, actor.is_delegate)


def values_of(actor: Actor) -> dict[str, Any]:
    """What fills the parameters of the actor's shape."""
    area = span_of(actor.area_prefix) if actor.area_prefix else None
    return {
        "actor_account_id": actor.account_id,
        "actor_enterprise_id": actor.enterprise_id,
        "actor_housekeeper_id": actor.housekeeper_id,
        "actor_organisation_id": actor.organisation_id,
        "actor_area_first": area and area.first,
        "actor_area_beyond": area and area.beyond,
    }


def within_area(column: Any, prefix: str | Span | None) -> Condition:
    """Rows whose area code begins with the prefix; "" is everywhere, None nowhere."""
    if prefix is None:
        return NOTHING
    if prefix == "":
        return sa.true()
    span = prefix if isinstance(prefix, Span) else span_of(prefix)
    return sa.and_(column >= span.first, column < span.beyond)


def span_of(prefix: str) -> Span:
    """The codes that begin with a prefix of at least one digit."""
    return Span(prefix, prefix[:-1] + chr(ord(prefix[-1]) + 1))


def is_among(key: Any, column: Any) -> Condition:
    """Rows whose list of ids holds `key` (an id or a parameter); None is in no list."""
    value = sa.literal(key, sa.BigInteger) if key is None or isinstance(key, int) else key
    return sa.func.coalesce(value == sa.any_(column), sa.false())


def is_own(column: Any, key: Any) -> Condition:
    """Rows whose column holds `key` (an id or a parameter); None is nobody's, in any row."""
    value = sa.literal(key, sa.BigInteger) if key is None or isinstance(key, int) else key
    condition: Condition = column == value
    return condition
