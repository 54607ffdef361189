"""Judgement of media as an admin steers and sees it."""

import re

from tools.wechat_emulator.answers import Json
from tools.wechat_emulator.arguments import Arguments, BadArgument
from tools.wechat_emulator.emulator import Emulator
from tools.wechat_emulator.state import MediaRule

SUGGESTIONS = ("pass", "review", "risky")


def add_rule(emulator: Emulator, given: Arguments) -> Json:
    """POST media-rules {pattern, suggest?, label?, errcode?}: for addresses in which it occurs."""
    rule = MediaRule(
        pattern=given.text("pattern"),
        suggest=given.text("suggest", "pass"),
        label=given.whole("label", 100),
        errcode=int(given.number("errcode", 0)),
    )
    if rule.suggest not in SUGGESTIONS:
        raise BadArgument(f"suggest 应为下列之一：{', '.join(SUGGESTIONS)}")
    try:
        re.compile(rule.pattern)
    except re.error as fault:
        raise BadArgument(f"pattern 不是正则表达式：{fault}") from None
    with emulator.changed:
        emulator.state.media_rules.append(rule)
        emulator.mark_changed()
    return {"rules": len(emulator.state.media_rules)}


def checks(emulator: Emulator, _given: Arguments) -> Json:
    """GET media-checks: what was asked about, oldest first."""
    with emulator.changed:
        return {"checks": [*emulator.state.media_checks]}


def hold_results(emulator: Emulator, given: Arguments) -> Json:
    """PUT media-results {held}: true keeps verdicts back, false pushes all that were kept."""
    with emulator.changed:
        state = emulator.state
        kept, state.held_results = state.held_results or [], None
        if given.flag("held"):
            state.held_results = kept
        else:
            state.events.extend(kept)
            emulator.tell_events()
        emulator.mark_changed()
        return {"held": len(state.held_results or [])}
