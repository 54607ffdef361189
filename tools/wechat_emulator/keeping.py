"""Keeps the platform's memory over restarts: `state.json`, whole or absent, for its owner only."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path

from tools.faults import Fault
from tools.wechat_emulator.answers import Json
from tools.wechat_emulator.emulator import Emulator
from tools.wechat_emulator.state import Code, Member, State, Template, Token, User

PAUSE_SECONDS = 0.5
FORM = 1
BY_NAME = {"tokens": Token, "users": User, "codes": Code, "templates": Template}
PAIRS = ("long_term", "refused")
AS_THEY_ARE = ("limits", "offset", "forced_at", "last_message", "last_msgid")


@contextmanager
def keeping(emulator: Emulator, path: Path) -> Iterator[None]:
    """Take up what was kept at `path`; keep every change at most a second later."""
    take_up(emulator, path)
    ended = threading.Event()
    keeper = threading.Thread(target=work, args=(emulator, path, ended), daemon=True)
    keeper.start()
    try:
        yield
    finally:
        ended.set()
        with emulator.changed:
            emulator.changed.notify_all()
        keeper.join()


def work(emulator: Emulator, path: Path, ended: threading.Event) -> None:
    """Write after changes, not more often than every half second, and at the end."""
    while not ended.is_set():
        with emulator.changed:
            emulator.changed.wait_for(lambda: emulator.is_dirty or ended.is_set())
        keep(emulator, path)
        ended.wait(PAUSE_SECONDS)
    keep(emulator, path)


def keep(emulator: Emulator, path: Path) -> None:
    """Write what has changed since the last time, if anything."""
    with emulator.changed:
        if not emulator.is_dirty:
            return
        emulator.is_dirty = False
        first, *others = map(kept_form, emulator.states.values())
        content = {**first, "others": others}
    partial = path.with_name(f"{path.name}.partial")
    partial.unlink(missing_ok=True)
    partial.touch(mode=0o600, exist_ok=False)
    partial.write_text(json.dumps(content, ensure_ascii=False), encoding="utf-8")
    partial.replace(path)


def take_up(emulator: Emulator, path: Path) -> None:
    """Go on where the last run ended; other mini-programs' memory is not taken up."""
    path.parent.mkdir(parents=True, exist_ok=True)
    if not path.exists():
        return
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
        first, others = read_form(content), map(read_form, content.get("others", ()))
        states = [first, *others]
    except (ValueError, KeyError, TypeError) as fault:
        raise Fault(f"{path} 无法读取（{type(fault).__name__}）。可以删除它，重新开始。") from fault
    with emulator.changed:
        if first.appid == emulator.access.appid:
            for state in states:
                emulator.put_back(state)
            emulator.is_dirty = False


def kept_form(state: State) -> Json:
    """The state as JSON; calls, faults and counters of the day are not kept."""
    content: Json = {"form": FORM, "appid": state.appid}
    for name in BY_NAME:
        content[name] = [asdict(each) for each in getattr(state, name).values()]
    for name in PAIRS:
        content[name] = sorted(getattr(state, name))
    for name in AS_THEY_ARE:
        content[name] = getattr(state, name)
    content["pages"] = sorted(state.pages)
    content["remaining"] = [[*pair, left] for pair, left in state.remaining.items()]
    content["messages"] = list(state.messages)
    content["texts"] = list(state.texts)
    content["members"] = [asdict(member) for member in state.members.values()]
    content["letters"] = list(state.letters)
    content["letter_marks"] = state.letter_marks
    content["links"] = state.links
    return content


def read_form(content: Json) -> State:
    """The state behind its kept form; ValueError, KeyError or TypeError when it is another's."""
    if content["form"] != FORM:
        raise ValueError("written by another version")
    state = State(appid=content["appid"], secret="")
    for name, kind in BY_NAME.items():
        made = [kind(**row) for row in content[name]]
        identity = "openid" if kind is User else "id" if kind is Template else "value"
        setattr(state, name, {getattr(each, identity): each for each in made})
    for name in PAIRS:
        setattr(state, name, {(openid, template_id) for openid, template_id in content[name]})
    for name in AS_THEY_ARE:
        setattr(state, name, content[name])
    state.pages = set(content["pages"])
    state.remaining = {(openid, it): left for openid, it, left in content["remaining"]}
    state.messages.extend(content["messages"])
    state.texts.extend(content.get("texts", ()))
    members = [Member(**row) for row in content.get("members", ())]
    state.members = {member.userid: member for member in members}
    state.letters.extend(content.get("letters", ()))
    marks = content.get("letter_marks", {})
    state.letter_marks = {mark: (msgid, until) for mark, (msgid, until) in marks.items()}
    state.links = content.get("links", {})
    return state
