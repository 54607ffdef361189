"""凭证: a code from the phone, good once, and what WeChat tells against it."""

from collections.abc import Callable
from typing import TypeVar

from app import clock
from app.db import end_transaction
from services.accounts import rate_limits
from services.accounts.sessions import digest
from services.accounts.wechat_refusals import USED_BEFORE, refusal
from services.gateways.wechat_errors import Call, WeChatError

Told = TypeVar("Told")


def spend(call: Call, code: str, ask: Callable[[str], Told]) -> Told:
    """What `ask` tells against `code`; WeChat is asked once for each code, by whichever process,

    as codes are remembered far longer (`rate_limits.is_first`) than the platform takes them.

    After a lost answer the code may be used up, and a number costs money: only where WeChat says
    that it did nothing may the same code come again. No transaction is open meanwhile; one that
    reading began ends here. Raises what `wechat_refusals` has for people.
    """
    end_transaction()
    key = f"code:{digest(code).hex()}"
    if not rate_limits.is_first(key, at=clock.real()):
        raise USED_BEFORE[call]
    try:
        return ask(code)
    except WeChatError as error:
        if error.is_retryable:
            rate_limits.forgive(key)
        raise refusal(call, error, at=clock.real()) from None
