"""客户端: what kind of browser and system a session comes from, as people would say it.

No more is kept of the User-Agent, by which a device could be told from all others.
"""

BROWSERS = (
    ("MicroMessenger", "微信"),
    ("DingTalk", "钉钉"),
    ("Edg", "Edge"),
    ("Firefox", "Firefox"),
    ("Chrome", "Chrome"),
    ("Safari", "Safari"),
)
SYSTEMS = (
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("HarmonyOS", "鸿蒙"),
    ("Android", "安卓"),
    ("Windows", "Windows"),
    ("Mac OS X", "macOS"),
    ("Linux", "Linux"),
)
"""By the sign in the User-Agent; of two that occur the first counts, as browsers pose as others."""


def client_of(user_agent: str) -> str | None:
    """ "微信 · iPhone", or what of it can be told; None when nothing can."""
    told = (_first(BROWSERS, user_agent), _first(SYSTEMS, user_agent))
    return " · ".join(part for part in told if part) or None


def _first(signs: tuple[tuple[str, str], ...], user_agent: str) -> str | None:
    return next((name for sign, name in signs if sign in user_agent), None)
