"""凭证: a code from the phone, good once, and what WeChat tells against it."""

from collections.abc import Callable
from typing import TypeVar

from app import clock
from app.db import end_transaction
from app.domain.errors import DomainError, GatewayError
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
    try:
        return at_most_once(code, ask, USED_BEFORE[call])
    except WeChatError as error:
        raise refusal(call, error, at=clock.real()) from None


def at_most_once(code: str, ask: Callable[[str], Told], used: type[DomainError]) -> Told:
    """What `ask` tells against `code`, asked while no transaction is open; `used` the second time.

    Raises what `ask` raises; after an error that may be tried again the same code may come again.
    """
    end_transaction()
    key = f"code:{digest(code).hex()}"
    if not rate_limits.is_first(key, at=clock.real()):
        raise used
    try:
        return ask(code)
    except GatewayError as error:
        if error.retryable:
            rate_limits.forgive(key)
        raise
