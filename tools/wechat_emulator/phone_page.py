"""The page `/__emu/`: every person's phone with the messages on it."""

from html import escape
from pathlib import Path

from tools.wechat_emulator.answers import Answer, page
from tools.wechat_emulator.emulator import Emulator
from tools.wechat_emulator.state import Message, State, User

FRAME = Path(__file__).with_name("phone_page.html")
SHOWN = 30


def phone_page(emulator: Emulator) -> Answer:
    """The page as it is now; it asks for itself again every two seconds."""
    with emulator.changed:
        phones = "".join(phones_of(state) for state in emulator.states.values())
    empty = '<p class="none">还没有微信用户。</p>'
    frame = FRAME.read_text(encoding="utf-8")
    return page(frame.replace("{{phones}}", phones or empty))


def phones_of(state: State) -> str:
    """The phones with one mini-program, that with the newest message first."""
    lying: dict[str, list[Message]] = {openid: [] for openid in state.users}
    for message in state.messages:
        lying[message["openid"]].append(message)
    newest = sorted(lying, key=lambda openid: -newest_of(lying[openid]))
    return "".join(phone(state, state.users[each], lying[each]) for each in newest)


def newest_of(messages: list[Message]) -> int:
    """The number of the newest message, 0 without any."""
    return messages[-1]["id"] if messages else 0


def phone(state: State, user: User, messages: list[Message]) -> str:
    """One phone, newest message first."""
    cards = "".join(card(message) for message in reversed(messages[-SHOWN:]))
    consents = sum(
        left for (openid, _), left in state.remaining.items() if openid == user.openid
    ) + sum(openid == user.openid for openid, _ in state.long_term)
    name = escape(user.name or user.phone or "微信用户")
    below = " · ".join(part for part in (user.name and user.phone, user.openid) if part)
    return (
        f'<section class="phone"><header><b>{name}</b><span>{escape(below)}</span>'
        f"<span>消息 {len(messages)} 条 · 可用授权 {consents} 次</span></header>"
        f'<div class="screen">{cards or "<p class=none>没有消息</p>"}</div></section>'
    )


def card(message: Message) -> str:
    """One message as WeChat shows it."""
    lines = "".join(
        f"<dt>{escape(line['label'])}</dt><dd>{escape(line['value'])}</dd>"
        for line in message["lines"]
    )
    target = message["page"]
    way = f'<footer title="{escape(target)}">进入小程序查看 <code>{escape(target)}</code></footer>'
    return (
        f"<time>{escape(message['time'])}</time><article><h2>{escape(message['title'])}</h2>"
        f"<dl>{lines}</dl>{way if target else ''}</article>"
    )
