"""The OpenAPI document: OpenAPI 3.1, made from the code."""

from functools import cached_property
from typing import Any

import orjson
from apispec import APISpec
from flask import Flask, Response

from app.api.contract import Contract
from app.api.illustrations import illustrate
from app.api.problems import ProblemApi
from app.api.requests import ProgramId, TicketNumber

CONVENTIONS = """\
每个企业有一名管家；诉求依次受理、协调、办理、反馈、回访、评价。

- 时间为带时区的 RFC 3339，例如 `2026-11-23T09:00:00+08:00`；日期为 `YYYY-MM-DD`。
- 登录后在 `Authorization: Bearer <令牌>` 中带上令牌；一人多个身份时用 `X-Membership` 选择。
- 出错时回答 `application/problem+json`（RFC 9457）；`errors` 逐项指出哪个字段为何有误。
  看不到的和不存在的，都回答 404。
- 列表用 `limit` 和 `cursor` 翻页，没有总数；不认识的查询参数和字段一律拒绝。
- 回答中的字段、代码的取值以后可能增加，请忽略不认识的；已有的不会减少或改变，除非更新日志中说明。
- 改变诉求状态须在 `If-Match` 中带上所见诉求的 `ETag`；已被他人更新的回答 412，说明何人何时。
- `POST` 请带 `Idempotency-Key`：24 小时内以同一编号重发同样内容，得到第一次的回答，不会重复办理。
"""

OPENAPI: dict[str, Any] = {
    "API_TITLE": "企业管家 API",
    "API_VERSION": "1.0.0",
    "OPENAPI_VERSION": "3.1.0",
    "OPENAPI_URL_PREFIX": "/api",
    "OPENAPI_JSON_PATH": "openapi.json",
    "API_SPEC_OPTIONS": {
        "info": {
            "description": CONVENTIONS,
            "license": {"name": "MIT", "identifier": "MIT"},
        },
        "servers": [{"url": "/", "description": "本机"}],
        "security": [{"token": []}],
    },
}


class DocumentedApi(ProblemApi):
    """Every operation with its whole contract, and no answer that is not named in it."""

    DEFAULT_ERROR_RESPONSE_NAME = None
    spec: APISpec

    def __init__(self, app: Flask) -> None:
        super().__init__(app, spec_kwargs={"extra_plugins": [Contract(app)]})
        # Of flask-smorest's own pages, which this API does not have.
        self.spec.components.schemas.pop("PaginationMetadata", None)
        self.register_converter(
            TicketNumber, lambda converter: {"type": "string", "pattern": f"^{converter.regex}$"}
        )
        self.register_converter(
            ProgramId, lambda converter: {"type": "string", "pattern": f"^{converter.regex}$"}
        )

    @cached_property
    def text(self) -> bytes:
        """The whole document with its examples, made when it is first asked for."""
        return orjson.dumps(illustrate(self.spec.to_dict()))

    def _openapi_json(self) -> Response:
        return Response(self.text, mimetype="application/json")


def document_of(app: Flask) -> dict[str, Any]:
    """The document that the application publishes."""
    api: DocumentedApi = app.extensions["flask-smorest"]["apis"][""]["ext_obj"]
    with app.app_context():
        document: dict[str, Any] = orjson.loads(api.text)
    return document
