"""小程序链接的字段."""

from marshmallow import fields

from app.api.schemas.fields import Answer, Choice, Strict, Text
from app.domain.program_links import LinkForm


def _said(text: str) -> dict[str, str]:
    return {"description": text}


class LinkBody(Strict):
    """要哪种形式的链接."""

    form = Choice(
        LinkForm,
        load_default=LinkForm.URL_LINK,
        metadata=_said("url_link 网址，短信、邮件、网页都可用；scheme 手机系统直接识别，用于网页"),
    )


class InvitationLinkBody(LinkBody):
    """邀请码和要哪种形式的链接."""

    code = Text(
        8, 64, required=True, metadata=_said("发出邀请时得到的邀请码；系统只存其散列，须由您提供")
    )


class ProgramLinkAnswer(Answer):
    """打开小程序的链接."""

    form = Choice(LinkForm, metadata=_said("链接的形式"))
    page = fields.String(metadata=_said("打开的页面"))
    link = fields.String(metadata=_said("链接"))
    expires_at = fields.AwareDateTime(metadata=_said("失效时间，最长三十天；失效后可再次取得"))
