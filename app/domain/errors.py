"""The one tree of errors. None of them knows HTTP; `app.api.problems` is the only mapping."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime


class DomainError(Exception):
    """请求未能完成。"""

    code = "error"

    def __init__(self, detail: str | None = None) -> None:
        self.detail = detail or type(self).__doc__ or ""
        super().__init__(self.detail)


class NotFound(DomainError):
    """没有找到，或不在您的权限范围内。"""

    code = "not-found"


class Gone(DomainError):
    """内容已经删除，不再提供。"""

    code = "gone"


class Unauthenticated(DomainError):
    """请先登录。"""

    code = "unauthenticated"


class SecondFactorNeeded(Unauthenticated):
    """密码正确，还须验证第二因素。"""

    code = "second-factor-needed"

    def __init__(self, challenge: str, expires_at: datetime) -> None:
        self.challenge, self.expires_at = challenge, expires_at
        super().__init__()


class Forbidden(DomainError):
    """您没有做这件事的权限。"""

    code = "forbidden"


@dataclass(frozen=True, slots=True)
class FieldError:
    """One thing wrong: where (JSON pointer), which rule, and the sentence for people."""

    pointer: str
    code: str
    detail: str


class InvalidInput(DomainError):
    """填写的内容有误，请按提示修改。"""

    code = "invalid-input"

    def __init__(self, errors: Sequence[FieldError], detail: str | None = None) -> None:
        self.errors = tuple(errors)
        super().__init__(detail)


class TooLarge(DomainError):
    """提交的内容过大。"""

    code = "too-large"


class TooManyRequests(DomainError):
    """操作太频繁，请稍后再试。"""

    code = "too-many-requests"

    def __init__(self, retry_after_seconds: int) -> None:
        self.retry_after_seconds = retry_after_seconds
        super().__init__()


class Conflict(DomainError):
    """与当前情况冲突。"""

    code = "conflict"


class AlreadyExists(Conflict):
    """已经存在。"""

    code = "already-exists"


class IllegalTransition(Conflict):
    """诉求当前的状态不允许这一操作。"""

    code = "illegal-transition"

    changed_by: str | None = None
    changed_at: datetime | None = None

    def __init__(self, status: str, action: str, allowed: Sequence[str]) -> None:
        self.status, self.action, self.allowed = status, action, tuple(allowed)
        super().__init__()

    def after(self, changed_by: str, changed_at: datetime) -> "IllegalTransition":
        """The same, naming who has brought the ticket to where it stands, and when."""
        self.changed_by, self.changed_at = changed_by, changed_at
        return self


class StaleVersion(Conflict):
    """诉求已被他人更新，请刷新后再操作。"""

    code = "stale-version"

    def __init__(self, current_version: int, changed_by: str, changed_at: datetime) -> None:
        self.current_version = current_version
        self.changed_by, self.changed_at = changed_by, changed_at
        super().__init__()


@dataclass(frozen=True, slots=True)
class Remains:
    """What somebody still answers for: how many of each, and the first tickets of them."""

    pairings: int = 0
    assignments: int = 0
    first_tickets: tuple[str, ...] = ()


class NotHandedOver(Conflict):
    """该人员名下还有工作，须先完成交接。"""

    code = "not-handed-over"

    def __init__(self, left: Remains) -> None:
        self.left = left
        counted = {"家结对企业": left.pairings, "件未办结的子工单": left.assignments}
        said = "、".join(f"{number} {what}" for what, number in counted.items() if number)
        tickets = f"，涉及诉求 {'、'.join(left.first_tickets)}" if left.first_tickets else ""
        super().__init__(f"该人员名下还有 {said}{tickets}，须先完成交接。")


class Refused(DomainError):
    """规则不允许。"""

    code = "refused"


class GatewayError(DomainError):
    """外部服务暂时不可用。"""

    code = "gateway"

    def __init__(self, detail: str | None = None, *, retryable: bool) -> None:
        self.retryable = retryable
        super().__init__(detail)
