"""同意的计数: a consent is told twice, by the client and by the platform, and counts once.

Both tell of every popup, neither surely. So each entry of the one is matched with one of the other
at most, the oldest first: of any two popups, whichever reports were lost, no consent counts twice.
The person is locked, so that both tellers come one after the other.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from app.db import db
from app.models.subscription import WechatQuotaEntry
from app.models.wechat import WechatBinding

LATE = timedelta(days=1)
"""So long after the popup a client that was out of reach may still report it."""

SKEW = timedelta(minutes=1)
"""So far the platform's clock may go before ours."""


@dataclass(frozen=True, slots=True)
class Report:
    """The client reports a popup, which it calls `asked_id`, at `at` by our clock."""

    binding_id: int
    asked_id: str | None
    at: datetime


def count_reported(report: Report, template_ids: Sequence[str]) -> frozenset[str]:
    """Those of the consented templates whose consent nobody had told of; they are entered.

    What the same `asked_id` has told is known; what the platform has told is now told by both.
    """
    if not template_ids:
        return frozenset()
    lock_person(report.binding_id)
    known = _known_by(report)
    fresh = [one for one in template_ids if one not in known]
    earlier = WechatQuotaEntry.at.between(report.at - LATE, report.at + SKEW)
    counted = [
        one
        for one in fresh
        if not _joined(report.binding_id, one, "platform", earlier, asked_id=report.asked_id)
    ]
    shared = {"asked_id": report.asked_id, "told_by": "client", "at": report.at}
    _enter(report.binding_id, counted, shared)
    return frozenset(counted)


def count_pushed(binding_id: int, template_id: str, *, is_void: bool, at: datetime) -> bool:
    """Whether nobody had told of the consent that the platform says was given at `at`.

    It is entered, unless it `is_void`. The person is locked already.
    """
    later = WechatQuotaEntry.at.between(at - SKEW, at + LATE)
    if _joined(binding_id, template_id, "client", later) or is_void:
        return False
    _enter(binding_id, [template_id], {"told_by": "platform", "at": at})
    return True


def lock_person(binding_id: int) -> None:
    """Before any of the person's quotas, as whoever settles a message does."""
    person = sa.select(WechatBinding.id).where(WechatBinding.id == binding_id)
    db.session.execute(person.with_for_update(key_share=True))


def _known_by(report: Report) -> frozenset[str]:
    if report.asked_id is None:
        return frozenset()
    known = sa.select(WechatQuotaEntry.template_id).filter_by(
        binding_id=report.binding_id, asked_id=report.asked_id
    )
    return frozenset(db.session.scalars(known))


def _joined(
    binding_id: int, template_id: str, teller: str, near: sa.ColumnElement[bool], **told: Any
) -> bool:
    """Whether the oldest entry `near` that only `teller` told of is now told by both."""
    of_one = sa.select(WechatQuotaEntry.id).filter_by(
        binding_id=binding_id, template_id=template_id, told_by=teller
    )
    oldest = of_one.where(near).order_by(WechatQuotaEntry.at, WechatQuotaEntry.id).limit(1)
    joining = sa.update(WechatQuotaEntry).where(WechatQuotaEntry.id == oldest.scalar_subquery())
    joined = joining.values(told_by="both", **told).returning(WechatQuotaEntry.id)
    return db.session.scalar(joined) is not None


def _enter(binding_id: int, template_ids: Iterable[str], shared: dict[str, Any]) -> None:
    one = {"binding_id": binding_id, "change": 1, "reason": "accepted"} | shared
    rows = [one | {"template_id": template_id} for template_id in template_ids]
    if rows:
        db.session.execute(sa.insert(WechatQuotaEntry), rows)
