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
    circuits: Collection[Circuit] = NEEDED, *, at: datetime | sa.BindParameter[datetime]
) -> sa.ColumnElement[bool]:
    """The condition that nothing keeps messages from being sent, or none of `circuits` is open."""
    return ~sa.exists().where(WechatCircuit.name.in_(circuits), WechatCircuit.open_until > at)


@dataclass(frozen=True, slots=True)
class OpenCircuit:
    """A call that is left alone until then, local time, and why."""

    name: str
    until: datetime
    reason: str


def list_open(*, at: datetime) -> list[OpenCircuit]:
    """The circuits that are open, by name."""
    columns = (WechatCircuit.name, WechatCircuit.open_until, WechatCircuit.reason)
    query = sa.select(*columns).where(WechatCircuit.open_until > at).order_by(WechatCircuit.name)
    return [
        OpenCircuit(name, until.astimezone(LOCAL_ZONE), reason)
        for name, until, reason in db.session.execute(query)
    ]


def close_all(*, at: datetime) -> None:
    """Try at once what was to be left alone for longer."""
    closing = sa.update(WechatCircuit).where(WechatCircuit.open_until > at)
    db.session.execute(closing.values(open_until=at))


def open_circuit(
    circuit: Circuit, errcode: int | None, meaning: str, *, until: datetime, at: datetime
) -> None:
    """Leave the call alone until then, with an alarm for people; an open circuit stays as it is."""
    row = {"errcode": errcode, "reason": meaning, "opened_at": at, "open_until": until}
    opening = insert(WechatCircuit).values(name=circuit.value, **row)
    opening = opening.on_conflict_do_update(
        index_elements=[WechatCircuit.name], set_=row, where=WechatCircuit.open_until <= at
    )
    if db.session.execute(opening.returning(WechatCircuit.name)).first():
        shown = f"{until.astimezone(LOCAL_ZONE):%Y-%m-%d %H:%M:%S}"
        log.error(
            "wechat %s refused (%s): %s It is left alone until %s.",
            *(circuit.value, errcode, meaning, shown),
        )


def stop_template(template: str, template_id: str, errcode: int | None, meaning: str) -> None:
    """Send nothing more by this template, with an alarm, until it is synchronised as usable."""
    stopping = (
        sa.update(WechatTemplate)
        .where(
            WechatTemplate.template == template,
            WechatTemplate.template_id == template_id,
            WechatTemplate.state == "usable",
        )
        .values(state="stopped", reason=f"{errcode}：{meaning}")
        .returning(WechatTemplate.template)
    )
    if db.session.execute(stopping).first():
        log.error("wechat template %s stopped (%s): %s", template, errcode, meaning)
