"""Which mini-program an admin means."""

from tools.wechat_emulator.arguments import Arguments, BadArgument
from tools.wechat_emulator.emulator import Emulator
from tools.wechat_emulator.state import State


def chosen(emulator: Emulator, given: Arguments) -> State:
    """The mini-program `app`, else that which knows `openid`, else the first."""
    app = given.text("app", "")
    if app and app not in emulator.states:
        raise BadArgument("没有这个小程序，请先 POST apps")
    return emulator.states[app] if app else emulator.owner_of(given.text("openid", ""))
