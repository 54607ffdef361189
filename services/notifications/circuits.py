"""熔断: what the platform refuses whoever asks is left alone for a while, and people are told.

All in real time. A circuit closes by itself; whoever comes first afterwards finds out.
"""

import logging
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from app.db import db
from app.domain.retry import Circuit
from app.domain.work_calendar import LOCAL_ZONE
from app.models.delivery import WechatCircuit
from app.models.subscription import WechatTemplate

log = logging.getLogger(__name__)


NEEDED = (Circuit.TOKEN, Circuit.SEND)
"""What sending a message takes."""


def none_open(
    appid: sa.SQLColumnExpression[str],
    circuits: Collection[Circuit] = NEEDED,
    *,
    at: datetime | sa.BindParameter[datetime],
) -> sa.ColumnElement[bool]:
    """The condition that nothing keeps `appid` from sending, or that none of `circuits` is open."""
    is_open = sa.and_(WechatCircuit.name.in_(circuits), WechatCircuit.open_until > at)
    shut = sa.func.array(sa.select(WechatCircuit.appid).where(is_open).scalar_subquery())
    # Said so that the planner takes it to be true of nearly all, and not of nearly none.
    return sa.func.nullif(appid == sa.any_(shut), sa.true()).is_not(None)


def shut_until(appid: str, circuits: Collection[Circuit], *, at: datetime) -> datetime | None:
    """Until when the last of `circuits` that is open keeps `appid` from asking; None: nothing."""
    is_open = (
        WechatCircuit.appid == appid,
        WechatCircuit.name.in_(circuits),
        WechatCircuit.open_until > at,
    )
    return db.session.scalar(sa.select(sa.func.max(WechatCircuit.open_until)).where(*is_open))


@dataclass(frozen=True, slots=True)
class OpenCircuit:
    """A call of a mini-program that is left alone until then, local time, and why."""

    appid: str
    name: str
    until: datetime
    reason: str


def list_open(*, at: datetime) -> list[OpenCircuit]:
    """The circuits that are open, by mini-program and name."""
    key = (WechatCircuit.appid, WechatCircuit.name)
    query = sa.select(*key, WechatCircuit.open_until, WechatCircuit.reason)
    open_now = query.where(WechatCircuit.open_until > at).order_by(*key)
    return [
        OpenCircuit(appid, name, until.astimezone(LOCAL_ZONE), reason)
        for appid, name, until, reason in db.session.execute(open_now)
    ]


def close_all(appid: str | None = None, *, at: datetime) -> None:
    """Try at once what was to be left alone for longer, of one mini-program or of all."""
    closing = sa.update(WechatCircuit).where(WechatCircuit.open_until > at)
    if appid is not None:
        closing = closing.where(WechatCircuit.appid == appid)
    db.session.execute(closing.values(open_until=at))


@dataclass(frozen=True, slots=True)
class Halt:
    """What is left alone: a call, of one mini-program."""

    appid: str
    circuit: Circuit


def open_circuit(
    halt: Halt, errcode: int | None, meaning: str, *, until: datetime, at: datetime
) -> None:
    """Leave the call alone until then, with an alarm for people; an open circuit stays as it is."""
    row = {"errcode": errcode, "reason": meaning, "opened_at": at, "open_until": until}
    opening = insert(WechatCircuit).values(appid=halt.appid, name=halt.circuit.value, **row)
    opening = opening.on_conflict_do_update(
        index_elements=[WechatCircuit.appid, WechatCircuit.name],
        set_=row,
        where=WechatCircuit.open_until <= at,
    )
    if db.session.execute(opening.returning(WechatCircuit.name)).first():
        shown = f"{until.astimezone(LOCAL_ZONE):%Y-%m-%d %H:%M:%S}"
        log.error(
            "wechat %s refused (%s) to %s: %s It is left alone until %s.",
            *(halt.circuit.value, errcode, halt.appid, meaning, shown),
        )


def stop_template(
    appid: str, template: str, template_id: str, errcode: int | None, meaning: str
) -> None:
    """Send nothing more by this template, with an alarm, until it is synchronised as usable."""
    stopping = (
        sa.update(WechatTemplate)
        .where(
            WechatTemplate.appid == appid,
            WechatTemplate.template == template,
            WechatTemplate.template_id == template_id,
            WechatTemplate.state == "usable",
        )
        .values(state="stopped", reason=f"{errcode}：{meaning}")
        .returning(WechatTemplate.template)
    )
    if db.session.execute(stopping).first():
        log.error("wechat template %s of %s stopped (%s): %s", template, appid, errcode, meaning)
