"""凭证: a code from the phone, good once, and what WeChat tells against it."""

from collections.abc import Callable
from datetime import timedelta
from typing import TypeVar

from app import clock
from app.db import end_transaction
from app.domain.errors import TooManyRequests
from services.accounts import rate_limits
from services.accounts.sessions import digest
from services.accounts.wechat_refusals import USED_BEFORE, refusal
from services.gateways.wechat_errors import Call, WeChatError

Told = TypeVar("Told")

REMEMBERED = timedelta(minutes=10)
"""Twice as long as the platform takes a code."""


def spend(call: Call, code: str, ask: Callable[[str], Told]) -> Told:
    """What `ask` tells against `code`; WeChat is asked once for each code, by whichever process.

    After a lost answer the code may be used up, and a number costs money: only where WeChat says
    that it did nothing may the same code come again. No transaction is open meanwhile; one that
    reading began ends here. Raises what `wechat_refusals` has for people.
    """
    end_transaction()
    key = f"code:{digest(code).hex()}"
    try:
        rate_limits.count(key, 1, REMEMBERED, at=clock.real())
    except TooManyRequests:
        raise USED_BEFORE[call] from None
    try:
        return ask(code)
    except WeChatError as error:
        if error.is_retryable:
            rate_limits.forgive(key)
        raise refusal(error) from None
