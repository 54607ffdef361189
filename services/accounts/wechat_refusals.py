"""What a person is told when logging in or binding by WeChat does not work out.

The platform's own words are for those who run the product; `refusal` turns them into these.
"""

import logging
from collections.abc import Mapping

from app.domain.errors import (
    DomainError,
    FieldError,
    Forbidden,
    GatewayError,
    InvalidInput,
    TooManyRequests,
    Unauthenticated,
)
from services.gateways.wechat_errors import (
    Busy,
    Call,
    Limited,
    Misconfigured,
    NotReached,
    OutcomeUnknown,
    Rejected,
    WeChatError,
)

log = logging.getLogger(__name__)

RETRY_SECONDS = 5
REST_SECONDS = 60
WHOM_TO_ASK = (
    "企业请联系属地营商环境部门或企业管家，在登记表中更正联系人手机号；"
    "管家和工作人员请联系本单位的系统管理员。"
)


class WeChatOff(GatewayError):
    """本系统没有开通微信登录，请使用账号密码登录。"""

    code = "wechat-off"

    def __init__(self) -> None:
        super().__init__(retryable=False)


class WeChatUnusable(GatewayError):
    """微信登录暂时不能使用，系统管理员须检查小程序的设置。"""

    code = "wechat-unusable"

    def __init__(self) -> None:
        super().__init__(retryable=False)


class WeChatBusy(GatewayError):
    """微信系统繁忙或暂时连接不上，请稍后重新获取登录凭证再试。"""

    code = "wechat-busy"
    retry_after_seconds = RETRY_SECONDS

    def __init__(self) -> None:
        super().__init__(retryable=True)


class WeChatLimited(TooManyRequests):
    """微信登录太频繁，请一分钟后重新获取登录凭证再试。"""

    code = "wechat-limited"

    def __init__(self) -> None:
        super().__init__(REST_SECONDS)


class AnswerLost(GatewayError):
    """没有收到微信的回答，凭证可能已经用掉，请重新获取登录凭证。"""

    code = "wechat-answer-lost"

    def __init__(self) -> None:
        super().__init__(retryable=False)


class RiskUser(Forbidden):
    """微信认为该用户有较高风险，不能登录；请在微信中完成安全验证，或联系系统管理员。"""

    code = "wechat-risk-user"


class AccountDisabled(Forbidden):
    """该账号已停用，如有疑问请联系系统管理员。"""

    code = "account-disabled"


class PhoneNotInRoster(Forbidden):
    """企业登记表、管家名册和工作人员名单中都没有这个手机号，没有绑定。"""

    code = "phone-not-in-roster"

    def __init__(self) -> None:
        super().__init__(f"{type(self).__doc__}{WHOM_TO_ASK}")


class VisitorExpired(Unauthenticated):
    """访客凭证已过期，请重新打开小程序登录。"""

    code = "visitor-expired"


class CodeUsed(Unauthenticated):
    """登录凭证已经用过，请重新获取登录凭证。"""

    code = "wechat-code-used"


class CodeInvalid(Unauthenticated):
    """登录凭证无效、已过期，或不是本小程序的，请重新获取登录凭证。"""

    code = "wechat-code-invalid"


class PhoneCodeRefused(InvalidInput):
    """手机号凭证有误，请重新授权手机号。"""

    def __init__(self, detail: str | None = None) -> None:
        told = detail or type(self).__doc__ or ""
        super().__init__([FieldError("/code", self.code, told)], told)


class PhoneCodeUsed(PhoneCodeRefused):
    """手机号凭证已经用过，请重新授权手机号。"""

    code = "phone-code-used"


class PhoneCodeInvalid(PhoneCodeRefused):
    """手机号凭证无效、已过期，或不是当前微信用户的，请重新授权手机号。"""

    code = "phone-code-invalid"


class PhoneCodeForeign(PhoneCodeRefused):
    """手机号凭证不是本小程序的，请在本小程序中重新授权手机号。"""

    code = "phone-code-foreign"


class PhoneUnfit(PhoneCodeRefused):
    """这个手机号不能绑定，请换一个中国大陆的手机号授权。"""

    code = "phone-unfit"


USED_BEFORE: Mapping[Call, type[DomainError]] = {
    Call.SESSION: CodeUsed,
    Call.PHONE: PhoneCodeUsed,
}

TOLD: Mapping[tuple[object, ...], type[DomainError]] = {
    (Call.SESSION, Rejected, 40163): CodeUsed,
    (Call.SESSION, Rejected, 40226): RiskUser,
    (Call.SESSION, Rejected): CodeInvalid,
    (Call.PHONE, Rejected, 40226): RiskUser,
    (Call.PHONE, Rejected, None): PhoneUnfit,
    (Call.PHONE, Rejected): PhoneCodeInvalid,
    (Call.PHONE, Misconfigured, 40013): PhoneCodeForeign,
    (Limited,): WeChatLimited,
    (Busy,): WeChatBusy,
    (NotReached,): WeChatBusy,
    (OutcomeUnknown,): AnswerLost,
}
"""By call, kind and code of the error, or less of it; the most exact row holds. Code None: the
platform was content and the gateway was not. Whatever has no row is ours to mend."""


def refusal(error: WeChatError) -> DomainError:
    """What the person is told about `error`. What is ours to mend is logged, by its code only."""
    kind = type(error)
    exact: tuple[object, ...] = (error.call, kind, error.errcode)
    told = TOLD.get(exact) or TOLD.get(exact[:2]) or TOLD.get((kind,))
    if told is None:
        log.error("%s refused, code %s", error.call, error.errcode)
    return (told or WeChatUnusable)()
