"""The contract of each operation, derived from the marks on its view: problems and headers.

A view says once, by its decorators, who may use it, what it takes and whether it goes by a version
or an idempotency key. This plugin turns that into the words of the OpenAPI document.
"""

from collections.abc import Callable, Mapping
from inspect import getdoc
from typing import Any

from apispec import APISpec, BasePlugin
from flask import Flask
from werkzeug.routing import Rule

from app.api.marks import Marks, marks_of
from app.api.problems import HTTP_DETAIL, STATUS, TYPE_ROOT, Problem
from app.domain.errors import GatewayError

Operation = dict[str, Any]

PROBLEM = "application/problem+json"
EVERYWHERE = frozenset({400, 422, 500, 503})
FROM_LIMIT = frozenset({429})
FROM_GATE = frozenset({401, 403})
FROM_WRITING = frozenset({413, 415})
FROM_VERSION = frozenset({404, 409, 412, 428})
RETRIED = frozenset({429, 503})

PATH_PARAMETERS = {
    "number": "诉求编号，如 AS20261123-000123",
    "assignment_id": "子工单编号",
    "attachment_id": "附件编号",
    "message_id": "消息编号",
    "delivery_id": "投递编号",
    "phone_task_id": "电话任务编号",
    "check_id": "内容审核编号",
    "organisation_id": "单位编号",
    "enterprise_id": "企业编号",
    "invitation_id": "邀请编号",
    "member_id": "成员的身份编号",
    "membership_request_id": "加入申请编号",
    "housekeeper_id": "管家编号",
    "batch_id": "导入批次编号",
    "export_id": "导出编号",
    "conflict_id": "登记冲突编号",
    "entry_id": "审计记录编号",
    "template_id": "派单模板编号",
    "kind": "消息种类，如 feedback_ready",
    "draft_id": "诉求草稿编号",
    "service_message_id": "客服消息编号",
    "push_id": "微信推送编号",
    "hold_id": "保全编号",
    "job_name": "定时任务的名称，如 watch_deadlines",
    "card_id": "牌的编号",
    "code_id": "小程序码编号",
    "appid": "小程序的 AppID",
    "order_id": "督办单编号",
    "sample_id": "抽样层编号",
    "visit_id": "跟踪回访编号",
    "letter_id": "提醒函编号",
    "request_id": "个人信息请求的编号",
    "pairing_id": "结对编号",
    "recusal_id": "回避编号",
    "handover_id": "交接编号",
    "change_request_id": "更换管家请求的编号",
    "account_id": "账号编号",
    "session_id": "会话编号",
    "membership_id": "身份编号",
    "delegation_id": "代理编号",
    "calendar_version": "工作日历版本",
}

PARAMETERS: Mapping[str, dict[str, Any]] = {
    "X-Request-ID": {
        "description": "本次请求的编号，1–64 个字母、数字、点、下划线或连字符，会原样返回；"
        "不带或不合格则由系统生成",
        "schema": {"type": "string"},
    },
    "X-Membership": {
        "description": "以哪个身份操作，取自 /me 的 memberships；不带则用默认身份",
        "schema": {"type": "integer", "minimum": 1},
    },
    "X-Program": {
        "description": "客户端所在小程序的 AppID；不带则为登录本会话的小程序，没有则为第一个",
        "schema": {"type": "string", "pattern": "^wx[0-9a-f]{16}$"},
        "example": "wx0123456789abcdef",
    },
    "Idempotency-Key": {
        "description": "本次提交的唯一编号；24 小时内以同一编号重发，得到第一次的回答",
        "schema": {"type": "string", "pattern": "^[!-~]{1,200}$"},
    },
    "If-Match": {
        "description": "所见诉求的 ETag，含引号",
        "required": True,
        "schema": {"type": "string"},
        "example": '"3"',
    },
}
REQUIRED_KEY = "Idempotency-Key-Required"
FRESH = (
    "须在十分钟内登录过或验证过身份（`POST /me/reauthentication`），"
    "否则回答 403 `reauthentication-required`。"
)

HEADERS: Mapping[str, dict[str, Any]] = {
    "X-Request-ID": {"description": "本次请求的编号", "schema": {"type": "string"}},
    "ETag": {"description": "诉求的版本，含引号", "schema": {"type": "string"}},
    "Location": {"description": "新对象的地址", "schema": {"type": "string"}},
    "Idempotent-Replayed": {
        "description": "为 true 时，这是第一次回答的重放",
        "schema": {"type": "string", "const": "true"},
    },
    "RateLimit-Policy": {
        "description": "适用的限额：名称（account 按账号，address 按网络地址）、q 次数、w 秒",
        "schema": {"type": "string", "pattern": '^"(account|address)";q=[0-9]+;w=[0-9]+$'},
        "example": '"account";q=1200;w=60',
    },
    "RateLimit": {
        "description": "该限额还剩 r 次，t 秒后恢复",
        "schema": {"type": "string", "pattern": '^"(account|address)";r=[0-9]+;t=[0-9]+$'},
        "example": '"account";r=1199;t=42',
    },
    "Retry-After": {"description": "多少秒后可以重试", "schema": {"type": "integer"}},
    "WWW-Authenticate": {"description": "登录方式", "schema": {"const": "Bearer"}},
}

LIMITED = ("RateLimit-Policy", "RateLimit")
MAKERS = frozenset({201, 202})
TAGGED = "TicketDetail"


class Contract(BasePlugin):
    """Completes every operation as its route is added to the document."""

    def __init__(self, app: Flask) -> None:
        self._app = app

    def init_spec(self, spec: APISpec) -> None:
        """Put what operations refer to into the components."""
        parts = spec.components
        parts.security_scheme(
            "token", {"type": "http", "scheme": "bearer", "description": "登录所得的访问令牌"}
        )
        for name, header in HEADERS.items():
            parts.header(name, header)
        for name, parameter in PARAMETERS.items():
            parts.parameter(name, "header", {"name": name, **parameter})
        key = {"name": "Idempotency-Key", "required": True, **PARAMETERS["Idempotency-Key"]}
        parts.parameter(REQUIRED_KEY, "header", key)
        for status in sorted({*HTTP_DETAIL, *STATUS.values()}):
            parts.response(_response_name(status), _problem_response(status), lazy=True)

    def path_helper(
        self,
        path: str | None = None,  # noqa: ARG002  # named by apispec, like the next
        operations: Operation | None = None,  # noqa: ARG002
        parameters: list[dict[str, Any]] | None = None,
        **_: Any,
    ) -> None:
        """Say in words what stands in the path."""
        for parameter in parameters or ():
            name = parameter["name"]
            parameter.setdefault("description", PATH_PARAMETERS.get(name, name))

    def operation_helper(
        self,
        path: str | None = None,  # noqa: ARG002  # named by apispec
        operations: Operation | None = None,
        **given: Any,
    ) -> None:
        """Add to each operation of a route what its view's marks mean."""
        rule: Rule = given["rule"]
        view: Callable[..., Any] = self._app.view_functions[rule.endpoint]
        for method, operation in (operations or {}).items():
            _complete(operation, marks_of(view))
            # flask-smorest takes a docstring's first line for the summary, which is given apart.
            operation["description"] = _described(view)
            named = _problems(marks_of(view), rule, is_writing=method != "get")
            own = operation["responses"]
            operation["responses"] = {status: _response_name(status) for status in named} | own


def _described(view: Callable[..., Any]) -> str:
    said = getdoc(view) or ""
    return f"{said}\n\n{FRESH}" if marks_of(view).needs_fresh else said


def _complete(operation: Operation, marks: Marks) -> None:
    if marks.is_public:
        operation["security"] = []
    operation["parameters"] = [*operation.get("parameters", ()), *_header_parameters(marks)]
    # flask-smorest names its own 422 by a word; the answers of the view itself are described.
    operation["responses"] = {
        int(status): response | {"headers": _headers(int(status), response, marks)}
        for status, response in operation["responses"].items()
        if isinstance(response, dict)
    }


def _header_parameters(marks: Marks) -> list[str]:
    key = REQUIRED_KEY if marks.needs_key else "Idempotency-Key"
    asked = {
        "X-Request-ID": True,
        "X-Membership": marks.takes_membership,
        "X-Program": marks.takes_program,
        key: marks.takes_key,
        "If-Match": marks.needs_version,
    }
    return [name for name, is_asked in asked.items() if is_asked]


def _headers(status: int, response: Mapping[str, Any], marks: Marks) -> dict[str, str]:
    answered = {
        "X-Request-ID": True,
        "ETag": TAGGED in str(response.get("content")),
        "Location": status in MAKERS,
        "Idempotent-Replayed": marks.takes_key,
        **dict.fromkeys(LIMITED, not marks.is_unlimited),
    }
    return {name: name for name, is_answered in answered.items() if is_answered}


def _problems(marks: Marks, rule: Rule, *, is_writing: bool) -> list[int]:
    found = EVERYWHERE | marks.problems
    if not marks.is_public:
        found |= FROM_GATE
    if not marks.is_unlimited:
        found |= FROM_LIMIT
    if rule.arguments:
        found |= {404}
    if is_writing:
        found |= FROM_WRITING
    if marks.takes_key:
        found |= {409}
    if marks.needs_version:
        found |= FROM_VERSION
    return sorted(found)


def _response_name(status: int) -> str:
    return f"Problem{status}"


def _problem_response(status: int) -> dict[str, Any]:
    code, detail = _plain(status)
    example = {
        "type": TYPE_ROOT + code,
        "title": code,
        "status": status,
        "detail": detail,
        "instance": "7f2c1d0b9a8e4c55",
    }
    extra = {401: "WWW-Authenticate"} | dict.fromkeys(RETRIED, "Retry-After")
    headers = ["X-Request-ID", *LIMITED, *filter(None, [extra.get(status)])]
    return {
        "description": detail,
        "headers": {name: name for name in headers},
        "content": {PROBLEM: {"schema": Problem, "example": example}},
    }


def _plain(status: int) -> tuple[str, str]:
    """The code and the sentence of the plainest problem with this status."""
    for kind, answered in STATUS.items():
        if answered == status and kind is not GatewayError:
            return kind.code, (kind.__doc__ or "").strip()
    return HTTP_DETAIL[status]
