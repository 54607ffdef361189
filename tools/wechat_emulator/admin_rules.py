"""What an admin may set: faults, the clock, tokens, quotas, templates."""

from dataclasses import fields
from typing import Any

from tools.wechat_emulator.admin_choice import chosen
from tools.wechat_emulator.admin_people import known_template, known_user
from tools.wechat_emulator.answers import Json
from tools.wechat_emulator.arguments import Arguments, BadArgument
from tools.wechat_emulator.emulator import Emulator
from tools.wechat_emulator.faults import read_rule, shown
from tools.wechat_emulator.fields import RULES, kind_of
from tools.wechat_emulator.limits import LIMITS
from tools.wechat_emulator.state import Template
from tools.wechat_emulator.templates import LONG_TERM, ONE_TIME
from tools.wechat_emulator.tokens import expire_all, forget_all

TEMPLATE_WORDS = {known.name for known in fields(Template)}


def reset(emulator: Emulator, _given: Arguments) -> Json:
    """POST reset: back to the shipped templates, and nothing else."""
    emulator.reset()
    return {}


def add_app(emulator: Emulator, given: Arguments) -> Json:
    """POST apps {appid, secret}: one mini-program more, or an AppSecret made anew."""
    appid, secret = given.text("appid"), given.text("secret")
    with emulator.changed:
        known = emulator.states.get(appid)
        if known:
            known.secret = secret
        else:
            emulator.add(appid, secret)
        emulator.mark_changed()
        return {"apps": list(emulator.states)}


def add_fault(emulator: Emulator, given: Arguments) -> Json:
    """POST faults {match?, effect, probability?, seed?, times?, after?, id?}."""
    with emulator.changed:
        emulator.rules_made += 1
        rule = read_rule(given.values, emulator.rules_made)
        emulator.rules = [kept for kept in emulator.rules if kept.id != rule.id] + [rule]
        return shown(rule)


def faults(emulator: Emulator, _given: Arguments) -> Json:
    """GET faults."""
    with emulator.changed:
        return {"faults": [shown(rule) for rule in emulator.rules]}


def remove_faults(emulator: Emulator, given: Arguments) -> Json:
    """DELETE faults?id=: one of them, or all."""
    wanted = given.text("id", "")
    with emulator.changed:
        kept = [rule for rule in emulator.rules if wanted and rule.id != wanted]
        removed = len(emulator.rules) - len(kept)
        emulator.rules = kept
    return {"removed": removed}


def end_delays(emulator: Emulator, _given: Arguments) -> Json:
    """DELETE delays: what a latency holds back goes on at once."""
    emulator.end_delays()
    return {}


def move_clock(emulator: Emulator, given: Arguments) -> Json:
    """POST clock {offset|advance}: seconds, from real time or from where the clock is."""
    if given.has("offset") == given.has("advance"):
        raise BadArgument("请给出 offset 或 advance 之一")
    with emulator.changed:
        if given.has("offset"):
            emulator.state.offset = given.number("offset")
        else:
            emulator.state.offset += given.number("advance")
        emulator.mark_changed()
        return {"offset": emulator.state.offset, "at": emulator.now()}


def expire_tokens(emulator: Emulator, given: Arguments) -> Json:
    """POST tokens/expire {forget?}: 42001 for every token, or with forget 40001."""
    with emulator.changed:
        state = chosen(emulator, given)
        count = len(state.tokens)
        if given.flag("forget"):
            forget_all(state)
        else:
            expire_all(state, emulator.now())
        emulator.mark_changed()
        return {"tokens": count}


def set_quota(emulator: Emulator, given: Arguments) -> Json:
    """PUT quota {openid, template_id, remaining}, or {limit: "gettemplate/day", most: 2}."""
    with emulator.changed:
        state = chosen(emulator, given)
        if given.has("limit"):
            name = given.text("limit")
            if name not in LIMITS:
                raise BadArgument(f"limit 应为下列之一：{', '.join(LIMITS)}")
            state.limits[name] = given.whole("most")
        else:
            template = known_template(state, given.text("template_id"))
            pair = (known_user(state, given).openid, template.id)
            state.remaining[pair] = given.whole("remaining")
        emulator.mark_changed()
        return {}


def set_templates(emulator: Emulator, given: Arguments) -> Json:
    """PUT templates {templates: [{id, title, type, fields: {label: key}, …}]}: all of them."""
    rows = given.values.get("templates")
    if not isinstance(rows, list):
        raise BadArgument("templates 应为列表")
    made = [read_template(row) for row in rows]
    with emulator.changed:
        chosen(emulator, given).templates = {template.id: template for template in made}
        emulator.mark_changed()
    return {"templates": len(made)}


def read_template(row: Any) -> Template:
    """A template as an admin writes it."""
    if not isinstance(row, dict) or not {"id", "title", "type", "fields"} <= set(row):
        raise BadArgument("模板需要 id、title、type 和 fields")
    if unknown := set(row) - TEMPLATE_WORDS:
        raise BadArgument(f"模板不认识：{', '.join(sorted(unknown))}")
    if row["type"] not in {ONE_TIME, LONG_TERM}:
        raise BadArgument("type 应为 2（一次性）或 3（长期）")
    keys = row["fields"].values() if isinstance(row["fields"], dict) else [None]
    for key in keys:
        if not isinstance(key, str) or kind_of(key) == key or kind_of(key) not in RULES:
            raise BadArgument(f"字段 {key} 应为类型加序号，类型为：{', '.join(RULES)}")
    return Template(**row)


def refuse_texts(emulator: Emulator, given: Arguments) -> Json:
    """PUT text-refusals {phone, code}: what SendSms answers for a number; "" lets it pass again."""
    with emulator.changed:
        emulator.state.text_refusals[given.text("phone")] = given.text("code", "")
        emulator.mark_changed()
    return {}


def set_pages(emulator: Emulator, given: Arguments) -> Json:
    """PUT pages {pages: [path]}: those of the released version; none given: any is."""
    pages = set(given.texts("pages")) if given.values.get("pages") else set()
    with emulator.changed:
        chosen(emulator, given).pages = pages
        emulator.mark_changed()
    return {"pages": len(pages)}
