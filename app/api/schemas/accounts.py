"""账号、身份的字段."""

from typing import Any

from marshmallow import fields, post_load

from app.api.paging import PageQuery, page_schema
from app.api.schemas.fields import (
    AREA_CODE,
    MAX_ID,
    Answer,
    Instant,
    Listed,
    Number,
    SearchText,
    Strict,
    Text,
    Word,
    identifier,
)
from app.domain.actor import Role
from services.accounts.grants import Grant
from services.accounts.moving import Move
from services.accounts.seats import Seat

LOGIN = "[A-Za-z0-9][A-Za-z0-9._-]+"
HELD = tuple(role.value for role in Role if role is not Role.SYSTEM)


def _said(text: str) -> dict[str, str]:
    return {"description": text}


def _role(text: str, **options: Any) -> Word:
    return Word(HELD, metadata=_said(text), **options)


def _key(text: str) -> Number:
    return identifier(load_default=None, allow_none=True, metadata=_said(text))


def _area() -> Text:
    return Text(
        12,
        12,
        pattern=AREA_CODE,
        load_default=None,
        allow_none=True,
        metadata=_said("区划代码，决定能看到的范围；须在单位的区划之内"),
    )


def _reason(text: str) -> Text:
    return Text(2, 200, required=True, metadata=_said(text))


def _instant(text: str) -> Instant:
    return Instant(load_default=None, allow_none=True, metadata=_said(text))


def _successor() -> Number:
    return _key("接手未办结子工单的同单位经办人员的账号编号")


class AccountQuery(PageQuery):
    """账号列表的筛选."""

    q = SearchText(1, 60, load_default=None, metadata=_said("姓名或账号中的文字"))
    role = _role("现有角色", load_default=None)
    organisation = Number(
        1, MAX_ID, strict=False, load_default=None, metadata=_said("现有身份所在单位")
    )


class AccountBody(Strict):
    """新账号."""

    login = Text(2, 64, pattern=LOGIN, required=True, metadata=_said("账号，全市唯一"))
    name = Text(1, 60, required=True, metadata=_said("姓名"))
    phone = Text(
        1, 30, load_default=None, allow_none=True, metadata=_said("手机，微信登录凭它找到账号")
    )


class AccountChanges(Strict):
    """对账号的更改：不带的字段不变."""

    name = Text(1, 60, metadata=_said("姓名"))
    phone = Text(1, 30, allow_none=True, metadata=_said("手机；null 为去掉"))


class DisablingBody(Strict):
    """停用账号."""

    reason = _reason("理由")
    successor_account_id = _successor()


class EnablingBody(Strict):
    """启用账号."""

    reason = _reason("理由")


class MembershipEndBody(Strict):
    """结束身份."""

    reason = _reason("理由")
    successor_account_id = _successor()


class GrantBody(Strict):
    """授予角色."""

    role = _role("角色", required=True)
    organisation_id = _key("单位")
    area_code = _area()
    enterprise_id = _key("企业，企业角色须填")
    housekeeper_id = _key("管家名册编号，管家、副管家须填")
    valid_from = _instant("开始时间；不带则即刻")
    valid_until = _instant("结束时间；不带则长期")
    reason = _reason("授权依据")

    @post_load
    def make_grant(self, loaded: dict[str, Any], **_: Any) -> Grant:
        place = ("organisation_id", "area_code", "enterprise_id", "housekeeper_id")
        return Grant(
            role=Role(loaded["role"]),
            seat=Seat(**{name: loaded[name] for name in place}),
            reason=loaded["reason"],
            valid_from=loaded["valid_from"],
            valid_until=loaded["valid_until"],
        )


class MoveBody(Strict):
    """调动."""

    organisation_id = identifier(required=True, metadata=_said("新单位"))
    area_code = _area()
    roles = Listed(
        _role("角色"), 0, len(HELD), load_default=(), metadata=_said("新角色；空则与原来相同")
    )
    valid_from = _instant("新身份的开始时间；不带则即刻。原身份总是即刻结束")
    reason = _reason("理由")
    successor_account_id = _successor()

    @post_load
    def make_move(self, loaded: dict[str, Any], **_: Any) -> Move:
        return Move(
            organisation_id=loaded["organisation_id"],
            area_code=loaded["area_code"],
            reason=loaded["reason"],
            roles=tuple(map(Role, loaded["roles"])),
            begins=loaded["valid_from"],
            successor_id=loaded["successor_account_id"],
        )


def _number(text: str, *, may_lack: bool = False) -> fields.Integer:
    return fields.Integer(allow_none=may_lack, metadata=_said(text))


def _text(text: str, *, may_lack: bool = False) -> fields.String:
    return fields.String(allow_none=may_lack, metadata=_said(text))


class Account(Answer):
    """账号."""

    id = _number("账号编号")
    login = _text("账号")
    name = _text("姓名")
    phone = _text("手机，已脱敏", may_lack=True)
    is_enabled = fields.Boolean(metadata=_said("是否启用"))
    has_password = fields.Boolean(metadata=_said("能否用密码登录"))
    must_change_password = fields.Boolean(metadata=_said("是否须先改掉一次性密码"))
    created_at = fields.AwareDateTime(metadata=_said("开设时间"))


class OneTimePassword(Answer):
    """一次性密码."""

    password = _text("一次性密码，只显示这一次；登录后须先改掉")


class AccountMembership(Answer):
    """账号的身份."""

    id = _number("身份编号")
    role = _role("角色")
    role_label = _text("角色名称")
    organisation_id = _number("单位", may_lack=True)
    organisation_name = _text("单位名称", may_lack=True)
    area_code = _text("区划代码", may_lack=True)
    area_name = _text("区划名称", may_lack=True)
    enterprise_id = _number("企业", may_lack=True)
    enterprise_name = _text("企业名称", may_lack=True)
    housekeeper_id = _number("管家名册编号", may_lack=True)
    housekeeper_name = _text("名册中的姓名", may_lack=True)
    valid_from = fields.AwareDateTime(metadata=_said("开始时间"))
    valid_until = fields.AwareDateTime(allow_none=True, metadata=_said("结束时间"))
    is_by_register = fields.Boolean(metadata=_said("是否由登记表而来，未经人工授予"))
    acts_for = _text("代理谁", may_lack=True)
    granted_by = _text("授予人", may_lack=True)
    grant_reason = _text("授权依据", may_lack=True)
    ended_by = _text("结束人", may_lack=True)
    end_reason = _text("结束理由", may_lack=True)


AccountPage = page_schema(Account, "按编号排列")
AccountMembershipPage = page_schema(AccountMembership, "新的在前")
