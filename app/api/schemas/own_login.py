"""本人的密码、会话和第二因素的字段."""

from typing import Any

from marshmallow import ValidationError, fields, validates_schema

from app.api.messages import Message
from app.api.schemas.fields import Answer, Secret, Strict, Text, Word

CODE = "6 位验证码，或一个恢复码（如 7K3QM-XW9AB）"


class PasswordChange(Strict):
    """修改密码."""

    current = Secret(1, 128, required=True, metadata={"description": "现在的密码"})
    new = Secret(1, 128, required=True, metadata={"description": "新密码"})


class Proof(Strict):
    """证明是本人，给出一项."""

    password = Secret(1, 128, metadata={"description": "密码"})
    code = Secret(6, 20, metadata={"description": CODE})
    wechat_code = Text(1, 200, metadata={"description": "wx.login 得到的新 code"})

    @validates_schema
    def _one_of_them(self, body: dict[str, Any], **_: Any) -> None:
        if len(body) != 1:
            raise ValidationError(Message("one-of", "密码、验证码、微信凭证须给出一项，且只一项。"))


class GeneratorCode(Strict):
    """验证码器显示的验证码."""

    code = Secret(6, 6, pattern="[0-9]{6}", required=True, metadata={"description": "6 位验证码"})


class SessionItem(Answer):
    """会话."""

    id = fields.Integer(metadata={"description": "会话编号"})
    kind = Word(
        ("staff", "phone"), metadata={"description": "按哪种期限：staff 工作人员，phone 手机"}
    )
    is_by_wechat = fields.Boolean(metadata={"description": "是否微信登录"})
    client = fields.String(allow_none=True, metadata={"description": "浏览器和系统"})
    ip = fields.String(allow_none=True, metadata={"description": "登录时的网络地址，已脱敏"})
    created_at = fields.AwareDateTime(metadata={"description": "登录时间"})
    last_seen_at = fields.AwareDateTime(metadata={"description": "最近使用时间，精确到分钟"})
    expires_at = fields.AwareDateTime(metadata={"description": "最长期限"})
    is_current = fields.Boolean(metadata={"description": "本会话"})


class SessionList(Answer):
    """会话列表."""

    items = fields.List(fields.Nested(SessionItem), metadata={"description": "会话"})


class SecondFactorState(Answer):
    """第二因素."""

    is_on = fields.Boolean(metadata={"description": "是否启用"})
    since = fields.AwareDateTime(allow_none=True, metadata={"description": "启用时间"})
    recovery_codes_left = fields.Integer(metadata={"description": "未用的恢复码"})


class Enrolment(Answer):
    """待确认的第二因素，只显示这一次."""

    secret = fields.String(metadata={"description": "密钥，供手工输入"})
    uri = fields.String(metadata={"description": "otpauth 地址"})
    qr_svg = fields.String(metadata={"description": "同一地址的二维码，SVG"})


class RecoveryCodes(Answer):
    """恢复码，只显示这一次."""

    recovery_codes = fields.List(
        fields.String(), metadata={"description": "每个只能用一次，请抄下来妥善保存"}
    )
