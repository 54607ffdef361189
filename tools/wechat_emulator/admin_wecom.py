"""What an admin may set and see of the corporation in WeCom: members, codes, letters."""

import secrets

from tools.wechat_emulator.admin_views import LONGEST_WAIT
from tools.wechat_emulator.answers import Json
from tools.wechat_emulator.arguments import Arguments, BadArgument
from tools.wechat_emulator.emulator import Emulator
from tools.wechat_emulator.logins import CODE_SECONDS
from tools.wechat_emulator.state import Code, Member

STANDINGS = ("", "invalid", "named", "unlicensed")


def keep_member(emulator: Emulator, given: Arguments) -> Json:
    """POST members {userid, name?, standing?}: make or change one."""
    standing = given.text("standing", "")
    if standing not in STANDINGS:
        raise BadArgument("standing 应为空、invalid、named 或 unlicensed")
    with emulator.changed:
        userid = given.text("userid").lower()
        emulator.state.members[userid] = Member(
            userid=userid, name=given.text("name", ""), standing=standing
        )
        emulator.mark_changed()
        return {"userid": userid}


def authorise(emulator: Emulator, given: Arguments) -> Json:
    """POST wecom-code {userid}: what a page in WeCom is given; also for who is no member."""
    with emulator.changed:
        code = Code(
            value=secrets.token_urlsafe(32),
            kind="wecom",
            openid=given.text("userid").lower(),
            appid=emulator.state.appid,
            expires_at=emulator.now() + CODE_SECONDS,
        )
        emulator.state.codes[code.value] = code
        emulator.mark_changed()
        return {"code": code.value}


def letters(emulator: Emulator, given: Arguments) -> Json:
    """GET letters?userid=: what members were shown, oldest first."""
    with emulator.changed:
        return {"letters": matching(emulator, given)}


def wait_for_letters(emulator: Emulator, given: Arguments) -> Json:
    """GET letters/wait?userid=&count=&timeout=: as soon as there are so many, or at the end."""
    wanted = given.whole("count", 1)
    seconds = min(given.number("timeout", 5), LONGEST_WAIT)
    with emulator.changed:
        is_complete = emulator.changed.wait_for(
            lambda: emulator.closing.is_set() or len(matching(emulator, given)) >= wanted, seconds
        )
        return {"letters": matching(emulator, given), "complete": is_complete}


def matching(emulator: Emulator, given: Arguments) -> list[Json]:
    """The letters that the query asks for; whoever asks holds the lock."""
    userid = given.text("userid", "").lower()
    return [dict(one) for one in emulator.state.letters if userid in {"", one["userid"]}]
