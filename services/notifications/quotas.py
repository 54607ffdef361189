"""订阅额度的收支: what a person has consented to, booked for a message, given back, or refused.

The platform tells nobody how many consents are left; this is our account of it. Every change of a
quota is an entry that is never altered, made under the lock of the quota's row, so that at any time
`remaining` is the sum of the entries. Instants are real time. The caller's transaction is used.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from app.db import db
from app.models.delivery import Delivery
from app.models.subscription import WechatQuota, WechatQuotaEntry
from services.notifications.consent_counts import (
    Report,
    count_pushed,
    count_reported,
    lock_person,
)

SECOND = timedelta(seconds=1)
"""What the platform's times are told in."""


class Reservation(StrEnum):
    """What asking for a consent came to."""

    BOOKED = "booked"
    """One consent is booked for the delivery; to be given back unless it was consumed."""
    STANDING = "standing"
    """A long-term consent stands: send, nothing was booked."""
    NONE = "none"
    """No consent is left."""
    KEPT = "kept"
    """The last consent is kept for a more important message of the same template."""

    @property
    def may_send(self) -> bool:
        """Whether the message may go out."""
        return self in (Reservation.BOOKED, Reservation.STANDING)


@dataclass(frozen=True, slots=True)
class Answer:
    """What a person answered about one template; `result` as the platform words it."""

    template_id: str
    result: str
    is_long_term: bool


def reserve(
    binding_id: int, template_id: str, delivery_id: int, *, kept_for: int = 0, at: datetime
) -> Reservation:
    """Book a consent for a delivery, if there is one to spend.

    One is kept for each of `kept_for` more important messages of the template that wait for the
    same person. Asked again for a delivery that holds a booking, nothing more is booked.
    """
    quota = _locked(binding_id, template_id)
    if quota is None:
        return Reservation.NONE
    if quota.is_standing:
        return Reservation.STANDING
    if _holds_booking(quota, delivery_id):
        return Reservation.BOOKED
    if quota.remaining == 0:
        return Reservation.NONE
    if quota.remaining <= kept_for:
        return Reservation.KEPT
    _enter(quota, -1, "reserved", delivery_id, at)
    return Reservation.BOOKED


def give_back(binding_id: int, template_id: str, delivery_id: int, *, at: datetime) -> bool:
    """Return what is booked for a delivery that did not consume it; never twice.

    What was refused since is not left for another one, though it returns. Answers whether there was
    something to return.
    """
    quota = _locked(binding_id, template_id)
    if quota is None or not _holds_booking(quota, delivery_id):
        return False
    _enter(quota, 1, "returned", delivery_id, at)
    if quota.is_refused:
        _leave_nothing(quota, delivery_id, at)
    return True


def hold_again(binding_id: int, template_id: str, delivery_id: int) -> None:
    """What was booked for an attempt that people put an end to is the delivery's booking again."""
    quota = _locked(binding_id, template_id)
    if quota is not None and _outstanding(quota, delivery_id):
        _mark(delivery_id, is_reserved=True)


def let_go(delivery_id: int) -> None:
    """What is booked for the delivery stays spent, and its next attempt books anew."""
    _mark(delivery_id, is_reserved=False)


def refuse(binding_id: int, template_id: str, delivery_id: int, *, at: datetime) -> None:
    """The platform said that the person does not take this message (43101): nothing is left.

    The delivery's own booking is returned first, so that its entries add up to nothing too. The
    person answered nothing just now, so may be asked at once.
    """
    quota = _locked(binding_id, template_id)
    if quota is None:
        return
    if _holds_booking(quota, delivery_id):
        _enter(quota, 1, "returned", delivery_id, at)
    quota.answer, quota.answered_at = "reject", None
    _leave_nothing(quota, delivery_id, at)


def switch_off(binding_id: int, template_id: str, *, at: datetime) -> None:
    """The person refused in WeChat's settings at `at`, in whole seconds: nothing is left.

    What was answered since then stands: a push may come again, and late.
    """
    quota = _locked(binding_id, template_id)
    if quota and quota.answered_at and quota.answered_at.replace(microsecond=0) > at:
        return
    refusal = Answer(template_id, "reject", is_long_term=False)
    note_answers(binding_id, [refusal], asked_id=None, at=at)
    if quota := _locked(binding_id, template_id):
        _leave_nothing(quota, None, at)


def note_answers(
    binding_id: int, answers: Sequence[Answer], *, asked_id: str | None, at: datetime
) -> None:
    """Remember what was answered: a one-time consent counts one, a long-term one stands.

    Of the same `asked_id` a template counts once. A ban ends a long-term consent. Each template
    may appear once.
    """
    # In one order whoever comes, so that two at once never wait for each other.
    answers = sorted(answers, key=lambda answer: answer.template_id)
    one_time = [one for one in answers if one.result == "accept" and not one.is_long_term]
    consented = [one.template_id for one in one_time]
    counted = count_reported(Report(binding_id, asked_id, at), consented)
    fresh = [one for one in answers if one not in one_time or one.template_id in counted]
    _note(binding_id, fresh, counted, at)


def note_popup(binding_id: int, answers: Sequence[Answer], *, at: datetime) -> None:
    """Remember what the platform says was answered in a popup at `at`, in whole seconds.

    A consent that the client has reported, or that was taken back since, is not counted. What was
    answered since then stands: a push may come late.
    """
    lock_person(binding_id)
    for answer in sorted(answers, key=lambda answer: answer.template_id):
        _note_pushed(binding_id, answer, at)


def _note_pushed(binding_id: int, answer: Answer, at: datetime) -> None:
    is_void = _is_taken_back(binding_id, answer.template_id, at)
    is_one_time = answer.result == "accept" and not answer.is_long_term
    is_counted = is_one_time and count_pushed(
        binding_id, answer.template_id, is_void=is_void, at=at
    )
    quota = _locked(binding_id, answer.template_id)
    if quota is None or quota.answered_at is None or quota.answered_at <= at:
        counted = frozenset({answer.template_id} if is_counted else ())
        _note(binding_id, [] if is_void else [answer], counted, at)
    elif is_counted:
        quota.remaining += 1
        db.session.flush()


def _is_taken_back(binding_id: int, template_id: str, at: datetime) -> bool:
    """Whether the platform said after the second `at` that nothing is left of the template."""
    later = at + SECOND
    quota = _locked(binding_id, template_id)
    is_since = bool(quota and quota.is_refused and quota.answered_at and quota.answered_at >= later)
    ended = sa.exists().where(
        WechatQuotaEntry.binding_id == binding_id,
        WechatQuotaEntry.template_id == template_id,
        WechatQuotaEntry.reason == "refused",
        WechatQuotaEntry.at >= later,
    )
    return is_since or bool(db.session.scalar(sa.select(ended)))


def _note(
    binding_id: int, answers: Sequence[Answer], counted: frozenset[str], at: datetime
) -> None:
    rows = [_answered(binding_id, one, counted, at) for one in answers]
    if not rows:
        return
    noting = insert(WechatQuota)
    noting = noting.on_conflict_do_update(
        index_elements=[WechatQuota.binding_id, WechatQuota.template_id],
        set_=_joined(noting.excluded),
    )
    db.session.execute(noting.values(rows))


def _joined(given: Any) -> dict[str, Any]:
    """The columns of a quota that was there, with an answer that is `given` now."""
    lasts = sa.and_(WechatQuota.is_standing, given.answer != "ban")
    return {
        "remaining": WechatQuota.remaining + given.remaining,
        "is_standing": sa.or_(given.is_standing, lasts),
        "is_refused": sa.and_(WechatQuota.is_refused, given.answer == "reject"),
        "answer": given.answer,
        "answered_at": given.answered_at,
    }


def _answered(
    binding_id: int, answer: Answer, counted: frozenset[str], at: datetime
) -> dict[str, Any]:
    return {
        "binding_id": binding_id,
        "template_id": answer.template_id,
        "remaining": int(answer.template_id in counted),
        "is_standing": answer.result == "accept" and answer.is_long_term,
        "answer": answer.result,
        "answered_at": at,
    }


def _locked(binding_id: int, template_id: str) -> WechatQuota | None:
    """The quota as it stands, ours until the transaction ends."""
    key = (binding_id, template_id)
    return db.session.get(WechatQuota, key, with_for_update=True, populate_existing=True)


def _holds_booking(quota: WechatQuota, delivery_id: int) -> bool:
    """Whether a consent of this quota is booked for it, `is_reserved` as the delivery says.

    What was booked for an attempt whose outcome nobody knows stays spent once people send again.
    """
    is_reserved = sa.select(Delivery.is_reserved).where(Delivery.id == delivery_id)
    return bool(db.session.scalar(is_reserved)) and _outstanding(quota, delivery_id)


def _outstanding(quota: WechatQuota, delivery_id: int) -> bool:
    """Whether more of this quota was booked for the delivery than came back."""
    booked = _booked(quota.binding_id, quota.template_id, delivery_id)
    return (db.session.scalar(booked) or 0) < 0


def _booked(binding_id: int, template_id: str, delivery_id: int) -> sa.Select[int]:
    """By the delivery's own few entries, however many the person has."""
    return sa.select(sa.func.sum(WechatQuotaEntry.change)).where(
        WechatQuotaEntry.delivery_id == delivery_id,
        WechatQuotaEntry.binding_id == binding_id,
        WechatQuotaEntry.template_id == template_id,
        WechatQuotaEntry.reason.in_(("reserved", "returned")),
    )


def _leave_nothing(quota: WechatQuota, delivery_id: int | None, at: datetime) -> None:
    """By the platform's word, told to a delivery or by itself."""
    quota.is_standing, quota.is_refused = False, True
    if quota.remaining:
        _enter(quota, -quota.remaining, "refused", delivery_id, at)
    db.session.flush()


def _enter(
    quota: WechatQuota, change: int, reason: str, delivery_id: int | None, at: datetime
) -> None:
    """The only way in which a locked quota changes."""
    entry = WechatQuotaEntry(
        binding_id=quota.binding_id,
        template_id=quota.template_id,
        change=change,
        reason=reason,
        delivery_id=delivery_id,
        at=at,
    )
    quota.remaining += change
    db.session.add(entry)
    db.session.flush()
    if delivery_id is not None and reason != "refused":
        _mark(delivery_id, is_reserved=reason == "reserved")


def _mark(delivery_id: int, *, is_reserved: bool) -> None:
    marking = sa.update(Delivery).where(Delivery.id == delivery_id)
    db.session.execute(marking.values(is_reserved=is_reserved))
