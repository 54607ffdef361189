"""What a person is told when binding to WeCom does not work out.

The platform's own words are for those who run the product; `refusal` turns them into these.
"""

import logging
from collections.abc import Mapping

from app.domain.errors import (
    Conflict,
    DomainError,
    FieldError,
    Forbidden,
    GatewayError,
    InvalidInput,
)
from services.gateways.wecom_errors import WeComError

log = logging.getLogger(__name__)

RETRY_SECONDS = 5


class WeComOff(GatewayError):
    """本系统没有开通企业微信。"""

    code = "wecom-off"

    def __init__(self) -> None:
        super().__init__(retryable=False)


class WeComUnusable(GatewayError):
    """企业微信暂时不能使用，系统管理员须检查应用的设置。"""

    code = "wecom-unusable"

    def __init__(self) -> None:
        super().__init__(retryable=False)


class WeComBusy(GatewayError):
    """企业微信系统繁忙或暂时连接不上，请稍后重新打开页面再试。"""

    code = "wecom-busy"
    retry_after_seconds = RETRY_SECONDS

    def __init__(self) -> None:
        super().__init__(retryable=True)


class WeComAnswerLost(GatewayError):
    """没有收到企业微信的回答，授权码可能已经用掉，请重新打开页面。"""

    code = "wecom-answer-lost"

    def __init__(self) -> None:
        super().__init__(retryable=False)


class WeComCodeRefused(InvalidInput):
    """授权码无效、已过期或已用过，请在企业微信中重新打开页面。"""

    code = "wecom-code-invalid"

    def __init__(self) -> None:
        told = type(self).__doc__ or ""
        super().__init__([FieldError("/code", self.code, told)], told)


class NotAMember(WeComCodeRefused):
    """打开页面的人不是本单位企业微信的成员，没有绑定。"""

    code = "wecom-not-a-member"


class OfficialsOnly(Forbidden):
    """只有管家和工作人员可以绑定企业微信。"""

    code = "officials-only"


class MemberTaken(Conflict):
    """这个企业微信成员已绑定另一个账号，请先在那个账号中解除绑定。"""

    code = "wecom-member-taken"


class BoundAlready(Conflict):
    """本账号已绑定另一个企业微信成员，请先解除绑定。"""

    code = "wecom-bound-already"


REFUSALS: tuple[type[DomainError], ...] = (
    *(WeComOff, WeComUnusable, WeComBusy, WeComAnswerLost, WeComCodeRefused, NotAMember),
    *(OfficialsOnly, MemberTaken, BoundAlready),
)

TOLD: Mapping[str, type[DomainError]] = {
    "drop": WeComCodeRefused,
    "retry": WeComBusy,
    "backoff": WeComBusy,
    "unknown": WeComAnswerLost,
}
"""By what is to be done about an error; all else is ours to mend."""


def refusal(error: WeComError) -> DomainError:
    """What the person is told about `error`. What is ours to mend is logged, by its code only."""
    told = TOLD.get(error.action)
    if told is None:
        log.error("%s refused, code %s", error.call, error.errcode)
    return (told or WeComUnusable)()
