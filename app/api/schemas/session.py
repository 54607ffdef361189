"""登录与身份的字段."""

from marshmallow import fields

from app.api.schemas.fields import Answer, Choice, Secret, Strict, Text, Word
from app.domain.actor import Role
from services.accounts.principals import Restriction


class PasswordLogin(Strict):
    """账号密码."""

    login = Text(1, 64, required=True, metadata={"description": "账号"})
    password = Secret(1, 128, required=True, metadata={"description": "密码"})


class SecondStep(Strict):
    """登录的第二步."""

    challenge = Text(1, 200, required=True, metadata={"description": "输入密码后得到的质询"})
    code = Secret(
        6, 20, required=True, metadata={"description": "6 位验证码，或一个恢复码（如 7K3QM-XW9AB）"}
    )


class RefreshRequest(Strict):
    """刷新令牌."""

    refresh_token = Text(1, 200, required=True, metadata={"description": "登录时得到的刷新令牌"})


class TokenPair(Answer):
    """令牌."""

    token_type = Word(("Bearer",), metadata={"description": "固定为 Bearer"})
    access_token = fields.String(metadata={"description": "访问令牌"})
    refresh_token = fields.String(metadata={"description": "刷新令牌，只能用一次"})
    expires_at = fields.AwareDateTime(metadata={"description": "空闲到期时间，使用会顺延"})
    session_expires_at = fields.AwareDateTime(metadata={"description": "会话最长期限"})


class WeChatCode(Strict):
    """微信登录凭证."""

    code = Text(1, 200, required=True, metadata={"description": "wx.login 得到的 code，只能用一次"})


class PhoneCode(Strict):
    """手机号凭证."""

    code = Text(
        1,
        200,
        required=True,
        metadata={"description": "手机号快速验证组件（getPhoneNumber）得到的 code，只能用一次"},
    )


class WeChatTokens(TokenPair):
    """会话或访客凭证."""

    refresh_token = fields.String(
        allow_none=True, metadata={"description": "刷新令牌，只能用一次；访客没有"}
    )
    is_bound = fields.Boolean(metadata={"description": "是否已绑定；否则须先绑定手机号"})


class MembershipItem(Answer):
    """身份."""

    id = fields.Integer(metadata={"description": "身份编号，用于 X-Membership"})
    role = Choice(Role, metadata={"description": "角色"})
    role_label = fields.String(metadata={"description": "角色名称"})
    organisation_id = fields.Integer(allow_none=True, metadata={"description": "单位"})
    enterprise_id = fields.Integer(allow_none=True, metadata={"description": "企业"})
    housekeeper_id = fields.Integer(allow_none=True, metadata={"description": "管家"})
    area_code = fields.String(allow_none=True, metadata={"description": "区划代码"})
    acts_for = fields.String(allow_none=True, metadata={"description": "代理哪位管家"})
    is_current = fields.Boolean(metadata={"description": "本次请求使用的身份"})


class Me(Answer):
    """当前账号."""

    account_id = fields.Integer(metadata={"description": "账号编号"})
    name = fields.String(metadata={"description": "姓名"})
    login = fields.String(metadata={"description": "账号"})
    is_wechat_bound = fields.Boolean(metadata={"description": "是否绑定了微信（当前小程序中的）"})
    is_wecom_bound = fields.Boolean(metadata={"description": "是否绑定了企业微信"})
    has_second_factor = fields.Boolean(metadata={"description": "是否启用了第二因素"})
    must_first = Choice(
        Restriction,
        allow_none=True,
        metadata={
            "description": "本会话须先做什么，其余一律 403："
            "change-password 修改密码，enrol-second-factor 设置第二因素"
        },
    )
    memberships = fields.List(fields.Nested(MembershipItem), metadata={"description": "身份"})


class BoundTokens(WeChatTokens):
    """绑定后的会话."""

    memberships = fields.List(fields.Nested(MembershipItem), metadata={"description": "身份"})
