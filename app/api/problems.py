"""Errors → RFC 9457 `application/problem+json`. The only mapping between our errors and HTTP."""

import logging
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict
from itertools import islice
from typing import Any

import orjson
from flask import Flask, Response, g
from flask_smorest import Api
from marshmallow import fields
from sqlalchemy.exc import IntegrityError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from werkzeug.exceptions import HTTPException

from app import clock
from app.api.messages import Message
from app.api.schemas.fields import Answer
from app.domain import errors
from app.domain.errors import DomainError, FieldError, InvalidInput

log = logging.getLogger("guanjia.problems")

TYPE_ROOT = "https://guanjia.example/problems/"
ERRORS_AT_MOST = 100
LONGEST_STEP = 100
RETRY_SECONDS = "2"

STATUS: Mapping[type[DomainError], int] = {
    errors.Unauthenticated: 401,
    errors.Forbidden: 403,
    errors.NotFound: 404,
    errors.StaleVersion: 412,
    errors.Conflict: 409,
    errors.Refused: 409,
    errors.Gone: 410,
    errors.TooLarge: 413,
    errors.InvalidInput: 422,
    errors.TooManyRequests: 429,
    errors.GatewayError: 503,
}

HTTP_DETAIL: Mapping[int, tuple[str, str]] = {
    400: ("malformed", "请求格式不正确，请检查 JSON 内容。"),
    404: ("not-found", "没有这个地址。"),
    405: ("method-not-allowed", "这个地址不支持该方法。"),
    406: ("not-acceptable", "无法按要求的格式回答。"),
    408: ("timeout", "请求超时。"),
    409: ("conflict", "与当前情况冲突。"),
    411: ("length-required", "请求须带 Content-Length。"),
    413: ("too-large", "提交的内容过大。"),
    414: ("uri-too-long", "地址过长。"),
    415: (
        "unsupported-media-type",
        "请求的内容类型不对：上传文件用 multipart/form-data，其余用 application/json。",
    ),
    422: ("invalid-input", "填写的内容有误，请按提示修改。"),
    428: ("version-required", "请在 If-Match 中带上诉求的 ETag 后重试。"),
    431: ("headers-too-large", "请求头过大。"),
    500: ("internal", "系统内部错误，已记录，请稍后再试。"),
    503: ("unavailable", "服务暂时不可用，请稍后再试。"),
}


class ProblemItem(Answer):
    """One wrong field."""

    pointer = fields.String(metadata={"description": "出错字段的 JSON 指针"})
    code = fields.String(metadata={"description": "规则代码"})
    detail = fields.String(metadata={"description": "给人看的说明"})


class ProblemRemains(Answer):
    """What has to be handed over first."""

    pairings = fields.Integer(metadata={"description": "结对企业数"})
    assignments = fields.Integer(metadata={"description": "未办结的子工单数"})
    first_tickets = fields.List(fields.String(), metadata={"description": "其中最早的几件诉求"})


class Problem(Answer):
    """问题说明 (RFC 9457). What is particular to a code is there with that code."""

    sometimes = frozenset(
        {
            "errors",
            "allowed_actions",
            "changed_by",
            "changed_at",
            "current_version",
            "left",
            "challenge",
            "challenge_expires_at",
        }
    )

    type = fields.String(metadata={"description": "问题类型，稳定的 URI", "format": "uri"})
    title = fields.String(metadata={"description": "问题代码"})
    status = fields.Integer(metadata={"description": "HTTP 状态码"})
    detail = fields.String(metadata={"description": "中文说明"})
    instance = fields.String(metadata={"description": "请求编号"})
    errors = fields.List(fields.Nested(ProblemItem), metadata={"description": "出错的字段"})
    allowed_actions = fields.List(fields.String(), metadata={"description": "当前允许的操作"})
    changed_by = fields.String(metadata={"description": "谁更新了诉求"})
    changed_at = fields.AwareDateTime(metadata={"description": "何时更新"})
    current_version = fields.Integer(metadata={"description": "当前版本"})
    challenge = fields.String(metadata={"description": "登录质询，用于 POST /auth/second-factor"})
    challenge_expires_at = fields.AwareDateTime(metadata={"description": "质询何时失效"})
    left = fields.Nested(ProblemRemains, metadata={"description": "须先交接的工作"})


class ProblemApi(Api):
    """Speaks problem+json wherever flask-smorest would speak its own format."""

    ERROR_SCHEMA = Problem

    def handle_http_exception(self, error: HTTPException) -> Response:
        if isinstance(error.response, Response):
            return error.response
        status = error.code or 500
        code, detail = HTTP_DETAIL.get(status, ("http-error", error.name))
        messages = getattr(error, "data", {}).get("messages", {})
        members = _items(_field_errors(messages)) if status == 422 else {}
        headers = {name: value for name, value in error.get_headers() if name == "Allow"}
        return problem(status, code, detail, members=members, headers=headers)


def problem(
    status: int,
    code: str,
    detail: str,
    *,
    members: Mapping[str, Any] | None = None,
    headers: Mapping[str, str] | None = None,
) -> Response:
    """One problem answer. `members` are the error's own attributes (RFC 9457, 3.2)."""
    body = {
        "type": TYPE_ROOT + code,
        "title": code,
        "status": status,
        "detail": detail,
        "instance": g.get("request_id", ""),
    }
    answer = Response(
        orjson.dumps(body | dict(members or {})), status, mimetype="application/problem+json"
    )
    answer.headers.update({"Cache-Control": "no-store", **(headers or {})})
    return answer


def register(app: Flask) -> None:
    """Teach the application every error of ours."""
    app.register_error_handler(DomainError, refusal)
    app.register_error_handler(IntegrityError, _integrity_error)
    app.register_error_handler(OperationalError, _operational_error)
    app.register_error_handler(PoolTimeout, _pool_timeout)


def refusal(error: DomainError) -> Response:
    """An error of ours as a problem."""
    status = next(STATUS[kind] for kind in type(error).__mro__ if kind in STATUS)
    return problem(
        status, error.code, error.detail, members=_members(error), headers=_headers(error)
    )


def invalid_fields(messages: Any, place: str) -> InvalidInput:
    """What marshmallow says of the fields beneath `place` (a JSON pointer), as one error."""
    return InvalidInput(tuple(_flatten(messages, place)))


def _items(found: Iterable[FieldError]) -> dict[str, Any]:
    return {"errors": [asdict(item) for item in islice(found, ERRORS_AT_MOST)]}


def _members(error: DomainError) -> dict[str, Any]:
    if isinstance(error, errors.InvalidInput):
        return _items(error.errors)
    if isinstance(error, errors.IllegalTransition):
        return {"allowed_actions": list(error.allowed)} | _changed(error)
    if isinstance(error, errors.SecondFactorNeeded):
        until = error.expires_at.astimezone(clock.LOCAL_ZONE).replace(microsecond=0)
        return {"challenge": error.challenge, "challenge_expires_at": until}
    if isinstance(error, errors.StaleVersion):
        return _changed(error) | {"current_version": error.current_version}
    if isinstance(error, errors.NotHandedOver):
        return {"left": asdict(error.left)}
    return {}


def _changed(error: errors.StaleVersion | errors.IllegalTransition) -> dict[str, Any]:
    """Who was first, and when, where that is known."""
    if error.changed_at is None:
        return {}
    return {"changed_by": error.changed_by, "changed_at": error.changed_at}


def _headers(error: DomainError) -> dict[str, str]:
    if seconds := getattr(error, "retry_after_seconds", None):
        return {"Retry-After": str(seconds)}
    if isinstance(error, errors.Unauthenticated):
        return {"WWW-Authenticate": "Bearer"}
    return {}


def _integrity_error(error: IntegrityError) -> Response:
    """A constraint said no where two acted at once: nothing was written, a retry sees why."""
    log.warning("constraint refused: %s", getattr(error.orig, "sqlstate", "?"), extra=_place())
    return problem(409, "conflict", "与他人同时进行的操作冲突，请刷新后重试。")


def _operational_error(error: OperationalError) -> Response:
    log.error("database unavailable: %s", type(error.orig).__name__, extra=_place())
    return _unavailable()


def _pool_timeout(_: PoolTimeout) -> Response:
    log.error("no free database connection", extra=_place())
    return _unavailable()


def _place() -> dict[str, str]:
    return {"request_id": g.get("request_id", "")}


def _unavailable() -> Response:
    detail = "数据库暂时不可用，请稍后再试。"
    return problem(503, "unavailable", detail, headers={"Retry-After": RETRY_SECONDS})


def _field_errors(messages: Any) -> Iterator[FieldError]:
    """Flatten webargs' `{location: {field: [message]}}` into pointers; the location is dropped."""
    for place in messages.values() if isinstance(messages, dict) else ():
        yield from _flatten(place, "")


def _flatten(messages: Any, pointer: str) -> Iterator[FieldError]:
    if isinstance(messages, dict):
        for name, inner in messages.items():
            yield from _flatten(inner, pointer if name == "_schema" else f"{pointer}/{_step(name)}")
    else:
        for message in messages if isinstance(messages, list) else [messages]:
            code = message.code if isinstance(message, Message) else "invalid"
            yield FieldError(pointer, code, str(message))


def _step(name: object) -> str:
    """A step of a JSON pointer (RFC 6901). Names come from outside: any length, half characters."""
    known = str(name)[:LONGEST_STEP].encode("utf-8", "replace").decode()
    return known.replace("~", "~0").replace("/", "~1")
