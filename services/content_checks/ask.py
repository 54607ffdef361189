"""送审: the platform is asked with no transaction open, and what it said settles the check.

Only what it thinks of words is known at once; a verdict about a picture is pushed later.
"""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, TypeAlias

import sqlalchemy as sa
from sqlalchemy.exc import SQLAlchemyError

from app import clock
from app.db import db
from app.domain.content_checks import (
    PUSHED_WITHIN,
    RISKY,
    CheckState,
    Following,
    Judgement,
    after_failure,
    after_judgement,
    parts_of,
    worst,
)
from app.domain.retry import Failure
from app.models.content_check import ContentCheck
from app.sealing import Unsealable, unseal
from services.content_checks.claim import Claim
from services.gateways.wechat import Subject, WeChat
from services.gateways.wechat_errors import Call, WeChatError
from services.gateways.wechat_programs import Programs
from services.notifications.circuits import Halt, open_circuit

log = logging.getLogger(__name__)

LAST_CALL = timedelta(seconds=30)
"""What is left of a lease at least when the platform is called."""

LINK_LIFETIME = timedelta(minutes=40)
"""The platform fetches a picture within the half hour in which it judges it."""


@dataclass(frozen=True, slots=True)
class Traced:
    """The platform took a picture; its verdict will name this id."""

    trace_id: str


@dataclass(frozen=True, slots=True)
class NotAsked:
    """It judged nothing; `meaning` says to people what that means."""

    failure: Failure
    meaning: str


Result: TypeAlias = Judgement | Traced | NotAsked
Address: TypeAlias = Callable[[int], str]
"""From the id of a file to a link of ours that the platform may fetch it by."""


def ask(programs: Programs, claimed: Claim, address: Address) -> Result:
    """Call the platform, for the mini-program of the author. No transaction may be open."""
    wechat = programs[claimed.appid]
    try:
        subject = Subject(unseal(claimed.openid, "wechat_bindings.openid"), claimed.scene)
        if claimed.attachment_id is not None:
            return Traced(wechat.check_picture(subject, address(claimed.attachment_id)))
        return _judged(wechat, subject, claimed)
    except WeChatError as error:
        failure = Failure(error.action, error.errcode, is_of_token=error.call is Call.CREDENTIAL)
        return NotAsked(failure, error.detail)
    except Unsealable as error:
        return NotAsked(Failure("drop"), error.detail)
    except SQLAlchemyError as error:
        # The database is asked for the token alone, before anything is sent.
        log.warning("check %s not made: %s", claimed.check_id, type(error).__name__)
        return NotAsked(Failure("retry"), "读取接口调用凭据失败，没有送审。")


def _judged(wechat: WeChat, subject: Subject, claimed: Claim) -> Result:
    """The worst of what is thought of the parts; after a risky one no other is asked."""
    found = [Judgement("pass")]
    for part in parts_of(claimed.text):
        if clock.real() > claimed.leased_until - LAST_CALL:
            return NotAsked(Failure("retry"), "领取后耽搁过久，没有送审完。")
        found.append(wechat.check_text(subject, part))
        if found[-1].suggest == RISKY:
            break
    return worst(found)


def settle(claimed: Claim, result: Result, *, at: datetime) -> bool:
    """Record the result, unless the lease was lost to another; whether the platform did its part.

    `at` is real time.
    """
    if isinstance(result, Traced):
        asked = {"trace_id": result.trace_id, "patient_until": at + PUSHED_WITHIN}
        _put(claimed, state=CheckState.ASKED, **asked)
        return True
    if isinstance(result, Judgement):
        following = after_judgement(result)
        _put(claimed, state=following.state, cause=following.cause, label=result.label)
        return True
    _settle_failure(claimed, result, at)
    return False


def _settle_failure(claimed: Claim, result: NotAsked, at: datetime) -> None:
    following = after_failure(result.failure, claimed.tries, claimed.circuit)
    _put(claimed, **_values(following, at))
    if following.halts is not None:
        until, errcode = at + following.delay, result.failure.errcode
        halt = Halt(claimed.appid, following.halts)
        open_circuit(halt, errcode, result.meaning, until=until, at=at)
    elif following.state is CheckState.REFERRED:
        code = result.failure.errcode
        log.warning("check %s left to people (%s): %s", claimed.check_id, code, result.meaning)


def _values(following: Following, at: datetime) -> dict[str, Any]:
    values: dict[str, Any] = {"state": following.state, "cause": following.cause}
    if following.state is CheckState.WAITING and following.halts is None:
        values["next_at"] = at + following.delay
    return values


def _put(claimed: Claim, **values: Any) -> None:
    changing = sa.update(ContentCheck).where(
        ContentCheck.id == claimed.check_id, ContentCheck.worker == claimed.worker
    )
    db.session.execute(changing.values(leased_until=None, worker=None, **values))
