"""How often a call may be made: per second, per minute, per day of Shanghai, per person."""

from tools.wechat_emulator.answers import Refusal
from tools.wechat_emulator.state import State

WINDOWS = {"second": 1, "minute": 60, "hour": 3_600, "day": 86_400}
SHANGHAI = 8 * 3_600
DAY_TEXT = "reach max api daily quota limit"
MINUTE_TEXT = "api minute-quota reach limit  mustslower  retry next minute"

# name -> how many; `PUT quota` changes them. Names end in the window they count in.
LIMITS = {
    "token/day": 2_000,
    "stable_token/minute": 10_000,
    "stable_token/day": 500_000,
    "force_refresh/day": 20,
    "jscode2session/minute": 100,
    "subscribe_send/day": 10_000_000,
    "gettemplate/day": 500,
    "getwxacodeunlimit/minute": 5_000,
    "links/second": 100,
    "links/day": 500_000,
    "msg_sec_check/minute": 4_000,
    "msg_sec_check/day": 2_000_000,
    "wecom_member/minute": 30,
    "wecom_member/hour": 1_000,
    "wecom_send/day": 100_000,
    "media_check_async/minute": 2_000,
    "media_check_async/day": 200_000,
}


def count(state: State, name: str, at: float, subject: str = "", *, errcode: int = 0) -> None:
    """Count one use of a limit; raises Refusal, with an `errcode` of its own, for one too many."""
    is_daily = name.endswith("/day")
    window = int((at + SHANGHAI) // WINDOWS[name.rpartition("/")[2]])
    key = f"{name} {subject}"
    began, used = state.counts.get(key, (window, 0))
    used = used + 1 if began == window else 1
    state.counts[key] = (window, used)
    if used > state.limits.get(name, LIMITS[name]):
        plain, text = (45009, DAY_TEXT) if is_daily else (45011, MINUTE_TEXT)
        raise Refusal(errcode or plain, text)
