"""小程序码的字段."""

from marshmallow import fields

from app.api.schemas.fields import Answer, Strict, Text


def _said(text: str) -> dict[str, str]:
    return {"description": text}


class InvitationSecret(Strict):
    """邀请码."""

    code = Text(
        8, 64, required=True, metadata=_said("发出邀请时得到的邀请码；系统只存其散列，须由您提供")
    )


class ProgramCodeLink(Answer):
    """小程序码和它的图片地址."""

    id = fields.Integer(metadata=_said("小程序码编号"))
    page = fields.String(metadata=_said("扫码打开的页面"))
    url = fields.String(
        metadata={
            "description": "图片地址，同一主机上的地址，无须登录",
            "format": "uri-reference",
        }
    )
    expires_at = fields.AwareDateTime(metadata=_said("地址失效时间，5 分钟后；可再次取得"))
