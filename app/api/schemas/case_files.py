"""案卷的字段."""

from marshmallow import fields

from app.api.schemas.fields import Answer


def _said(text: str) -> dict[str, str]:
    return {"description": text}


class CaseFileKey(Answer):
    """核对签名的公钥."""

    method = fields.String(metadata=_said("签名算法：ed25519"))
    key_id = fields.String(metadata=_said("公钥的编号：其 SHA-256 的前 16 位十六进制数"))
    public_key = fields.String(metadata=_said("公钥，Base64"))


class CaseFileSignature(CaseFileKey):
    """案卷的签名."""

    sha256 = fields.String(metadata=_said("content 规范形式的 SHA-256，十六进制"))
    value = fields.String(metadata=_said("对 content 规范形式的签名，Base64"))


class CaseFile(Answer):
    """签名的案卷."""

    content = fields.Dict(
        metadata=_said(
            "诉求、各轮答复和评价、时限说明、经过、附件清单（含 SHA-256）、事件链的末端，"
            "以及何时由谁取得；规范形式为键名排序、无空格的 UTF-8 JSON"
        )
    )
    signature = fields.Nested(CaseFileSignature, metadata=_said("签名"))
