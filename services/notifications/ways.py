"""通道: the mini-program or WeCom, and how often either has rung for a person today.

The limit of a day is the person's, whichever way a message goes: see ADR 36 and 37.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Protocol

import sqlalchemy as sa

from app.db import db
from app.domain.digests import Day, Hold
from app.domain.phone_forms import Template
from app.models.delivery import Delivery
from app.models.subscription import WechatQuota, WechatTemplate
from app.models.wechat import WechatBinding
from app.models.wecom import WecomBinding


@dataclass(frozen=True, slots=True)
class Way:
    """`column` of a delivery says to which binding it goes, `person` is what that refers to.

    `takes_consent`: each message takes one of the person's consents.
    """

    column: str
    person: type[WechatBinding] | type[WecomBinding]
    takes_consent: bool

    def goes_to(self, binding_id: int) -> sa.ColumnElement[bool]:
        """Whether a delivery goes this way to that binding."""
        column: sa.ColumnElement[int] = getattr(Delivery, self.column)
        return column == binding_id


PHONE = Way("binding_id", WechatBinding, takes_consent=True)
WECOM = Way("wecom_binding_id", WecomBinding, takes_consent=False)
WAYS = (PHONE, WECOM)


class Waiting(Protocol):
    """A message whose time has come, by either way; `binding_id` is of that `way`."""

    @property
    def delivery_id(self) -> int: ...
    @property
    def binding_id(self) -> int: ...
    @property
    def way(self) -> Way: ...
    @property
    def expires_at(self) -> datetime: ...
    @property
    def is_digest(self) -> bool: ...
    @property
    def may_merge(self) -> bool: ...
    @property
    def hold(self) -> Hold | None: ...


def day_of(way: Way, binding_id: int, on: date) -> Day:
    """How often it has rung for the person on a local day, by whichever binding of either way.

    Until the transaction ends, nobody counts beside by the other way: the binding that is held is
    of one way alone.
    """
    person = way.person
    name = sa.func.concat("rung:", person.account_id)
    alone = sa.func.pg_advisory_xact_lock(sa.func.hashtextextended(name, 0))
    [(account_id, _)] = db.session.execute(
        sa.select(person.account_id, alone).where(person.id == binding_id)
    )
    rung = sa.union_all(*(_rung(each, account_id, on) for each in WAYS)).subquery()
    of_held = sa.func.count().filter(rung.c.hold == Hold.RELEASED)
    counts = sa.select(sa.func.count(), of_held).select_from(rung)
    return Day(*db.session.execute(counts).one())


def _rung(way: Way, account_id: int, on: date) -> sa.Select[Any]:
    column, person = getattr(Delivery, way.column), way.person
    mine = sa.select(person.id).where(person.account_id == account_id)
    return sa.select(Delivery.hold).where(column.in_(mine), Delivery.rung_on == on)


def consented(delivery: Mapping[Any, Any]) -> frozenset[str]:
    """What may be sent to whom a delivery (its columns) goes: all, where no consent is taken.

    Else the usable templates for which the person has a consent left.
    """
    [(way, binding_id)] = [
        (way, delivery[way.column]) for way in WAYS if delivery[way.column] is not None
    ]
    if not way.takes_consent:
        return frozenset(Template)
    query = (
        sa.select(WechatTemplate.template)
        .join(WechatQuota, WechatQuota.template_id == WechatTemplate.template_id)
        .where(
            WechatQuota.binding_id == binding_id,
            WechatTemplate.state == "usable",
            sa.or_(WechatQuota.is_standing, WechatQuota.remaining > 0),
        )
    )
    return frozenset(db.session.scalars(query))
