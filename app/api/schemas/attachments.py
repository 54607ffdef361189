"""附件的字段."""

from marshmallow import fields

from app.api.schemas.fields import Answer, Choice, File, Number, Query, Strict, Text
from app.domain.file_types import FileType

LATEST = 2**40


class AttachmentFile(Strict):
    """上传的文件."""

    file = File("jpg、png、pdf、docx 或 xlsx，不超过 10 MB", required=True)


class Attachment(Answer):
    """附件."""

    id = fields.Integer(metadata={"description": "附件编号，在提交、补正、答复时引用"})
    filename = fields.String(metadata={"description": "文件名"})
    media_type = Choice(FileType, metadata={"description": "按内容判定的类型"})
    size = fields.Integer(metadata={"description": "字节数"})
    sha256 = fields.String(
        metadata={"description": "内容的 SHA-256，十六进制", "pattern": "^[0-9a-f]{64}$"}
    )
    created_at = fields.AwareDateTime(metadata={"description": "上传时间"})


class LinkedAttachment(Attachment):
    """附件和它的下载链接."""

    url = fields.String(
        metadata={
            "description": "下载链接，同一主机上的地址，无须登录",
            "format": "uri-reference",
        }
    )
    expires_at = fields.AwareDateTime(metadata={"description": "链接失效时间，5 分钟后"})


class LinkQuery(Query):
    """下载链接的签名."""

    expires = Number(
        0, LATEST, strict=False, required=True, metadata={"description": "失效时间（Unix 秒）"}
    )
    signature = Text(
        64, 64, pattern=r"[0-9a-f]{64}", required=True, metadata={"description": "签名"}
    )
