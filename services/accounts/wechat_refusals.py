"""What a person is told when logging in or binding by WeChat does not work out.

The platform's own words are for those who run the product; `refusal` turns them into these.
"""

import logging
from collections.abc import Mapping
from datetime import datetime, time, timedelta
from math import ceil

from app.domain.errors import (
    DomainError,
    FieldError,
    Forbidden,
    GatewayError,
    InvalidInput,
    TooManyRequests,
    Unauthenticated,
)
from app.domain.work_calendar import LOCAL_ZONE
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
USED_UP = 45009
"""The code of the platform for a quota of the day, which begins anew at midnight."""
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


class PhoneBusy(WeChatBusy):
    """微信系统繁忙或暂时连接不上，请稍后重新授权手机号。"""


class WeChatLimited(TooManyRequests):
    """微信登录太频繁，请一分钟后重新获取登录凭证再试。"""

    code = "wechat-limited"

    def __init__(self, retry_after_seconds: int = REST_SECONDS) -> None:
        super().__init__(retry_after_seconds)


class PhoneLimited(WeChatLimited):
    """获取手机号太频繁，请一分钟后重新授权手机号。"""


class WeChatUsedUp(WeChatLimited):
    """微信登录今天的次数已用完，请明天再试；有密码的账号可用密码登录。"""


class PhoneUsedUp(WeChatLimited):
    """获取手机号今天的次数已用完，请明天再重新授权手机号；有密码的账号可用密码登录。"""


class AnswerLost(GatewayError):
    """没有收到微信的回答，凭证可能已经用掉，请重新获取登录凭证。"""

    code = "wechat-answer-lost"

    def __init__(self) -> None:
        super().__init__(retryable=False)


class PhoneAnswerLost(AnswerLost):
    """没有收到微信的回答，手机号凭证可能已经用掉，请重新授权手机号。"""


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
}
"""By call, kind and code of the error, or without the code; the more exact row holds. Code None:
the platform was content and the gateway was not."""

WHATEVER_CALL: Mapping[tuple[Call, type[WeChatError]], type[DomainError]] = {
    (Call.SESSION, Limited): WeChatLimited,
    (Call.SESSION, Busy): WeChatBusy,
    (Call.SESSION, NotReached): WeChatBusy,
    (Call.SESSION, OutcomeUnknown): AnswerLost,
    (Call.PHONE, Limited): PhoneLimited,
    (Call.PHONE, Busy): PhoneBusy,
    (Call.PHONE, NotReached): PhoneBusy,
    (Call.PHONE, OutcomeUnknown): PhoneAnswerLost,
}
"""By what the person wanted, also when the call for our own token stood in its way. Whatever has
no row in either table is ours to mend."""

OVER_FOR_TODAY: Mapping[Call, type[WeChatLimited]] = {
    Call.SESSION: WeChatUsedUp,
    Call.PHONE: PhoneUsedUp,
}


def refusal(wanted: Call, error: WeChatError, *, at: datetime) -> DomainError:
    """What the person is told about `error`. What is ours to mend is logged, by its code only."""
    kind = type(error)
    if kind is Limited and error.errcode == USED_UP:
        return OVER_FOR_TODAY[wanted](_seconds_to_midnight(at))
    exact: tuple[object, ...] = (error.call, kind, error.errcode)
    told = TOLD.get(exact) or TOLD.get(exact[:2]) or WHATEVER_CALL.get((wanted, kind))
    if told is RiskUser:
        log.warning("%s: WeChat takes somebody for a risk and vouches for nobody", error.call)
    if told is None:
        log.error("%s refused, code %s", error.call, error.errcode)
    return (told or WeChatUnusable)()


def _seconds_to_midnight(at: datetime) -> int:
    local = at.astimezone(LOCAL_ZONE)
    midnight = datetime.combine(local.date() + timedelta(days=1), time(), LOCAL_ZONE)
    return ceil((midnight - local).total_seconds())
