"""消息模板的核对: which of an account's templates are ours, and whether we can fill them.

Each mini-program has an account of its own. A template is ours by its title, and usable when its
fields are the ones that we fill: the same labels, each of the same type. What differs is told to
people; such a template is never sent.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from app.db import db
from app.domain.errors import Refused
from app.domain.phone_forms import FIELDS, Template
from app.domain.retry import Attempt, Circuit, Failure, next_after
from app.models.subscription import WechatTemplate
from services.gateways.wechat import AccountTemplate
from services.gateways.wechat_errors import WeChatError
from services.notifications.circuits import Halt, none_open, open_circuit

FRESH_FOR = timedelta(hours=1)
"""The platform allows few such questions a day."""

USED_UP = 45009


class NotStopped(Refused):
    """这个消息模板没有被停用。"""

    code = "not-stopped"


@dataclass(frozen=True, slots=True)
class TemplateState:
    """A template and whether it may be used: usable, missing, mismatched or stopped."""

    appid: str
    title: str
    state: str
    reason: str | None


def list_templates(appids: Collection[str]) -> list[TemplateState]:
    """Every template of these mini-programs that has been compared, by title."""
    key = (WechatTemplate.appid, WechatTemplate.template)
    query = sa.select(*key, WechatTemplate.state, WechatTemplate.reason)
    rows = db.session.execute(query.where(WechatTemplate.appid.in_(appids)).order_by(*key))
    return [TemplateState(*row) for row in rows]


def resume(appid: str, template: Template) -> None:
    """Use a stopped template again. Raises `NotStopped` for one that is not."""
    resuming = (
        sa.update(WechatTemplate)
        .where(
            WechatTemplate.appid == appid,
            WechatTemplate.template == template.value,
            WechatTemplate.state == "stopped",
        )
        .values(state="usable", reason=None)
    )
    if not db.session.execute(resuming.returning(WechatTemplate.template)).first():
        raise NotStopped


def is_sync_due(appid: str, *, at: datetime) -> bool:
    """Whether the templates have not been compared for a while, or never. `at` is real time.

    After a refusal they are left alone for a while too.
    """
    # The latest, as the row of a template that we no longer have stays as it is.
    newest = sa.select(sa.func.max(WechatTemplate.synced_at))
    last = newest.where(WechatTemplate.appid == appid).scalar_subquery()
    may_ask = none_open(sa.literal(appid), [Circuit.TEMPLATES], at=at)
    is_over = sa.func.coalesce(last <= at - FRESH_FOR, sa.true())
    return bool(db.session.scalar(sa.select(sa.and_(may_ask, is_over))))


def put_off(appid: str, error: WeChatError, *, at: datetime) -> None:
    """The platform was asked in vain: ask again when a look would be due, with an alarm.

    Where its quota of the day is used up, only when it is another day there. `at` is real time.
    """
    delay = FRESH_FOR
    if error.errcode == USED_UP:
        failure = Failure(error.action, error.errcode)
        delay = next_after(failure, Attempt(delivery_id=0, number=1, at=at)).delay
    halt = Halt(appid, Circuit.TEMPLATES)
    open_circuit(halt, error.errcode, error.detail, until=at + delay, at=at)


def store_templates(appid: str, found: Sequence[AccountTemplate], *, at: datetime) -> list[str]:
    """Store what became of each of our templates in an account.

    Answers what is wrong, a sentence for each. What was stopped stays stopped as long as
    it is the same template. `at` is real time.
    """
    shared = {"appid": appid, "synced_at": at}
    rows = [_compared(template, found) | shared for template in Template]
    _release_ids(appid, rows)
    storing = insert(WechatTemplate)
    given = storing.excluded
    stays_stopped = sa.and_(
        WechatTemplate.state == "stopped",
        given.state == "usable",
        WechatTemplate.template_id == given.template_id,
    )
    kept = {
        name: sa.case((stays_stopped, getattr(WechatTemplate, name)), else_=given[name])
        for name in ("state", "reason")
    }
    new = {name: given[name] for name in ("template_id", "is_long_term", "field_keys", "synced_at")}
    storing = storing.on_conflict_do_update(index_elements=["appid", "template"], set_=new | kept)
    db.session.execute(storing.values(rows))
    return _wrong(appid)


def _compared(template: Template, found: Sequence[AccountTemplate]) -> dict[str, Any]:
    """The row of `template`: of several with its title the first that can be filled."""
    ours = [each for each in found if each.title == template]
    if not ours:
        return _row(template, None, "missing", "小程序账号中没有这个模板")
    matching = next((each for each in ours if not _difference(template, each.fields)), None)
    if matching is None:
        return _row(template, ours[0], "mismatched", _difference(template, ours[0].fields))
    return _row(template, matching, "usable", None)


def _row(
    template: Template, account: AccountTemplate | None, state: str, reason: str | None
) -> dict[str, Any]:
    return {
        "template": template.value,
        "template_id": account.template_id if account else None,
        "is_long_term": account.is_long_term if account else False,
        "field_keys": dict(account.fields) if account else {},
        "state": state,
        "reason": reason,
    }


def _difference(template: Template, theirs: Mapping[str, str]) -> str | None:
    """The first field that keeps us from filling a template; `theirs`: label → key ("thing1")."""
    return next(differences(template, theirs), None)


def differences(template: Template, theirs: Mapping[str, str]) -> Iterator[str]:
    """What keeps us from filling a template, a phrase for each field; `theirs`: label → key."""
    ours = {field.label: field.type for field in FIELDS[template]}
    for label, field_type in ours.items():
        if label not in theirs:
            yield f"缺少字段“{label}”"
        elif _type_of(theirs[label]) != field_type:
            yield f"字段“{label}”的类型是 {_type_of(theirs[label])}，应为 {field_type}"
    for label in theirs:
        if label not in ours:
            yield f"字段“{label}”不是我们填写的"


def _type_of(key: str) -> str:
    return key.rstrip("0123456789")


def _release_ids(appid: str, rows: Sequence[Mapping[str, Any]]) -> None:
    """An id that another template has now must be free before it is stored there."""
    now = [(row["template"], row["template_id"]) for row in rows if row["template_id"]]
    pair = sa.tuple_(WechatTemplate.template, WechatTemplate.template_id)
    db.session.execute(
        sa.update(WechatTemplate)
        .where(
            WechatTemplate.appid == appid,
            WechatTemplate.template_id.is_not(None),
            pair.not_in(now),
        )
        .values(template_id=None, state="missing", reason=None)
    )


def _wrong(appid: str) -> list[str]:
    return [
        f"小程序 {appid} 的消息模板“{one.title}”不能使用：{one.reason or '已停用'}。"
        for one in list_templates([appid])
        if one.state != "usable"
    ]
