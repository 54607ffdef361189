"""What an admin may look at: messages, calls, state."""

from collections.abc import Iterable
from dataclasses import asdict

from tools.wechat_emulator.admin_choice import chosen
from tools.wechat_emulator.answers import Json
from tools.wechat_emulator.arguments import Arguments
from tools.wechat_emulator.emulator import Emulator
from tools.wechat_emulator.faults import is_path
from tools.wechat_emulator.journal import mask
from tools.wechat_emulator.state import Message, State

LONGEST_WAIT = 60.0


def health(emulator: Emulator, _given: Arguments) -> Json:
    """GET health."""
    return {"status": "ok", "appid": emulator.access.appid, "at": emulator.now()}


def state(emulator: Emulator, given: Arguments) -> Json:
    """GET state?app=: everything but secrets."""
    with emulator.changed:
        kept = chosen(emulator, given)
        return {
            "appid": kept.appid,
            "at": emulator.now(),
            "offset": kept.offset,
            "users": [
                {**asdict(user), "session_key": mask(user.session_key)}
                for user in kept.users.values()
            ],
            "tokens": [
                {**asdict(token), "value": mask(token.value)} for token in kept.tokens.values()
            ],
            "codes": [{**asdict(code), "value": mask(code.value)} for code in kept.codes.values()],
            "templates": [asdict(template) for template in kept.templates.values()],
            "quota": [
                {"openid": openid, "template_id": template_id, "remaining": remaining}
                for (openid, template_id), remaining in kept.remaining.items()
            ],
            "long_term": sorted(kept.long_term),
            "refused": sorted(kept.refused),
            "pages": sorted(kept.pages),
            "messages": len(kept.messages),
            "members": [asdict(member) for member in kept.members.values()],
            "letters": len(kept.letters),
            "counts": dict(emulator.journal.counts),
        }


def messages(emulator: Emulator, given: Arguments) -> Json:
    """GET messages?openid=&template_id=&since=&limit=: the newest `limit`, oldest first.

    Beside them the msgids of those that were accepted and never came to a phone.
    """
    with emulator.changed:
        found, vanished = matching(emulator, given), list(emulator.state.vanished)
    limit = given.whole("limit", 1_000)
    return {"messages": found[-limit:] if limit else [], "vanished": vanished}


def wait_for_messages(emulator: Emulator, given: Arguments) -> Json:
    """GET messages/wait?openid=&count=&timeout=: as soon as there are so many, or at the end."""
    wanted = given.whole("count", 1)
    seconds = min(given.number("timeout", 5), LONGEST_WAIT)
    with emulator.changed:
        is_complete = emulator.changed.wait_for(
            lambda: emulator.closing.is_set() or len(matching(emulator, given)) >= wanted, seconds
        )
        return {"messages": matching(emulator, given), "complete": is_complete}


def links(emulator: Emulator, given: Arguments) -> Json:
    """GET links?token=: what each link opens, as long as it does, the oldest first."""
    token = given.text("token", "")
    with emulator.changed:
        at, kept = emulator.now(), emulator.state.links
        found = [
            {"link": link, **opened}
            for link, opened in kept.items()
            if link.endswith(token) and opened["expires_at"] > at
        ]
    return {"links": found}


def texts(emulator: Emulator, given: Arguments) -> Json:
    """GET texts?phone=: the short messages that arrived, oldest first."""
    phone = given.text("phone", "")
    with emulator.changed:
        found = [dict(text) for text in emulator.state.texts if phone in {"", text["phone"]}]
    return {"texts": found}


def matching(emulator: Emulator, given: Arguments) -> list[Message]:
    """The messages that the query asks for; whoever asks holds the lock."""
    found = [
        message
        for state in _looked_at(emulator, given)
        for message in state.messages_of(
            given.text("openid", ""),
            template_id=given.text("template_id", ""),
            since=given.whole("since", 0),
        )
    ]
    return sorted(found, key=lambda message: message["at"])


def _looked_at(emulator: Emulator, given: Arguments) -> Iterable[State]:
    """All mini-programs, unless one is asked for."""
    return [chosen(emulator, given)] if given.text("app", "") else emulator.states.values()


def calls(emulator: Emulator, given: Arguments) -> Json:
    """GET calls?path=&since=: secrets masked; `count` knows also those no longer kept."""
    path, since = given.text("path", ""), given.whole("since", 0)
    with emulator.changed:
        journal = emulator.journal
        found = [
            dict(call)
            for call in journal.calls
            if call["id"] > since and (not path or is_path(path, call["path"]))
        ]
        count = sum(
            number for each, number in journal.counts.items() if not path or is_path(path, each)
        )
    return {"count": count, "calls": found}


def unexpected(emulator: Emulator, _given: Arguments) -> Json:
    """GET unexpected: calls to what is not emulated; a test run ends without any."""
    with emulator.changed:
        return {"calls": list(emulator.unexpected)}


def forget_unexpected(emulator: Emulator, _given: Arguments) -> Json:
    """DELETE unexpected: a reset alone keeps them, so that no test hides them from the next."""
    with emulator.changed:
        emulator.unexpected.clear()
    return {}


def templates(emulator: Emulator, given: Arguments) -> Json:
    """GET templates?app=."""
    with emulator.changed:
        return {"templates": [asdict(it) for it in chosen(emulator, given).templates.values()]}
