"""Pushes as an admin steers and sees them."""

from tools.wechat_emulator.admin_choice import chosen
from tools.wechat_emulator.answers import Json
from tools.wechat_emulator.arguments import Arguments, BadArgument
from tools.wechat_emulator.emulator import Emulator
from tools.wechat_emulator.envelopes import Target
from tools.wechat_emulator.pushing import shake_hands
from tools.wechat_emulator.state import event

LONGEST_WAIT = 60.0
KEY_LETTERS = 43


def set_target(emulator: Emulator, given: Arguments) -> Json:
    """PUT push-target {app?, url, token, key, timeout?}; an empty url: push nothing."""
    target = read_target(given) if given.text("url", "") else None
    with emulator.changed:
        appid = chosen(emulator, given).appid
        emulator.targets.pop(appid, None)
        if target:
            emulator.targets[appid] = target
    return {"url": target.url if target else ""}


def read_target(given: Arguments) -> Target:
    """A target as an admin writes it."""
    key = given.text("key")
    if len(key) != KEY_LETTERS or not key.isalnum():
        raise BadArgument("key 应为 43 位 EncodingAESKey")
    if not given.text("url").startswith(("http://", "https://")):
        raise BadArgument("url 应以 http:// 或 https:// 开头")
    return Target(given.text("url"), given.text("token"), key, given.number("timeout", 5))


def verify_target(emulator: Emulator, given: Arguments) -> Json:
    """POST push-target/verify: the GET echostr handshake."""
    target = emulator.targets.get(chosen(emulator, given).appid)
    if target is None:
        raise BadArgument("没有推送地址，请先 PUT push-target")
    return shake_hands(target, emulator.now())


def push(emulator: Emulator, given: Arguments) -> Json:
    """POST push {event, openid, …}: an event of one's own; the rest goes along as it is."""
    name, openid = given.text("event"), given.text("openid")
    known = {"event", "openid", "key", "app"}
    rest = {key: it for key, it in given.values.items() if key not in known}
    with emulator.changed:
        state = chosen(emulator, given)
        message = {**event(state, name, openid, emulator.now()), **rest}
        state.events.append(message)
        emulator.tell_events()
    return {"message": message}


def pushes(emulator: Emulator, given: Arguments) -> Json:
    """GET pushes?event=&since=: every try."""
    with emulator.changed:
        return {"pushes": matching(emulator, given)}


def wait_for_pushes(emulator: Emulator, given: Arguments) -> Json:
    """GET pushes/wait?event=&count=&timeout=: as soon as there were so many tries."""
    wanted = given.whole("count", 1)
    seconds = min(given.number("timeout", 5), LONGEST_WAIT)
    with emulator.changed:
        is_complete = emulator.changed.wait_for(
            lambda: emulator.closing.is_set() or len(matching(emulator, given)) >= wanted, seconds
        )
        return {"pushes": matching(emulator, given), "complete": is_complete}


def matching(emulator: Emulator, given: Arguments) -> list[Json]:
    """The tries that the query asks for; whoever asks holds the lock."""
    name, since = given.text("event", ""), given.whole("since", 0)
    return [
        attempt
        for attempt in emulator.journal.pushes
        if attempt["id"] > since and name in {"", attempt["event"]}
    ]
