"""What people do on their phones, done for them by an admin."""

import secrets

from tools.wechat_emulator.admin_choice import chosen
from tools.wechat_emulator.answers import Json
from tools.wechat_emulator.arguments import Arguments, BadArgument
from tools.wechat_emulator.emulator import Emulator
from tools.wechat_emulator.logins import make_code
from tools.wechat_emulator.state import State, Template, User, event
from tools.wechat_emulator.templates import LONG_TERM

RESULTS = {"accept", "reject", "ban", "filter"}
MOST_TEMPLATES = 5


def keep_user(emulator: Emulator, given: Arguments) -> Json:
    """POST users {openid?, phone?, name?, unionid?, risk?, main_switch?, …}: make or change one."""
    with emulator.changed:
        state = emulator.states.get(given.text("appid", "")) or chosen(emulator, given)
        openid = given.text("openid", "") or f"o{secrets.token_urlsafe(30)[:27]}"
        user = state.users.get(openid) or User(openid=openid, appid=state.appid)
        user.appid = given.text("appid", user.appid)
        user.name = given.text("name", user.name)
        user.phone = given.text("phone", user.phone)
        user.country_code = given.text("country_code", user.country_code)
        user.unionid = given.text("unionid", user.unionid)
        user.is_risky = given.flag("risk", default=user.is_risky)
        user.has_main_switch = given.flag("main_switch", default=user.has_main_switch)
        user.last_visit = given.number("last_visit", user.last_visit or emulator.now())
        state.users[openid] = user
        emulator.mark_changed()
        return {"openid": openid}


def login(emulator: Emulator, given: Arguments) -> Json:
    """POST login {openid}: what wx.login gives to the mini-program."""
    with emulator.changed:
        state = chosen(emulator, given)
        user = known_user(state, given)
        code = make_code(state, user, "login", emulator.now())
        emulator.mark_changed()
        return {"code": code.value}


def phone(emulator: Emulator, given: Arguments) -> Json:
    """POST phone {openid, phone?}: what the phone button gives; without phone, the person's own."""
    with emulator.changed:
        state = chosen(emulator, given)
        user = known_user(state, given)
        number = given.text("phone", "") or user.phone
        if not number:
            raise BadArgument("这个用户没有手机号，请给出 phone")
        code = make_code(state, user, "phone", emulator.now(), number)
        emulator.mark_changed()
        return {"code": code.value}


def subscribe(emulator: Emulator, given: Arguments) -> Json:
    """POST subscribe {openid, template_ids, result?, times?, push?}: wx.requestSubscribeMessage.

    A ban or a filter is the platform's; a refusal in the popup gains nothing and loses nothing.
    """
    result = given.text("result", "accept")
    if result not in RESULTS:
        raise BadArgument(f"result 应为下列之一：{', '.join(sorted(RESULTS))}")
    with emulator.changed:
        state = chosen(emulator, given)
        user = known_user(state, given)
        answers = {}
        for template in asked_templates(state, user, given):
            answers[template.id] = "ban" if template.is_banned else result
            if answers[template.id] == "accept":
                accept(state, user, template, given.whole("times", 1))
        if given.flag("push"):
            tell_choice(emulator, "subscribe_msg_popup_event", user, answers)
        emulator.mark_changed()
        return {"errMsg": "requestSubscribeMessage:ok", **answers}


def unsubscribe(emulator: Emulator, given: Arguments) -> Json:
    """POST unsubscribe {openid, template_ids, push?}: the person refuses in the settings."""
    with emulator.changed:
        state = chosen(emulator, given)
        user = known_user(state, given)
        templates = [known_template(state, each) for each in given.texts("template_ids")]
        for template in templates:
            state.refused.add((user.openid, template.id))
            state.long_term.discard((user.openid, template.id))
        if given.flag("push"):
            answers = dict.fromkeys((template.id for template in templates), "reject")
            tell_choice(emulator, "subscribe_msg_change_event", user, answers)
        emulator.mark_changed()
        return {"refused": [template.id for template in templates]}


def accept(state: State, user: User, template: Template, times: int) -> None:
    """One consent more, or a lasting one."""
    pair = (user.openid, template.id)
    state.refused.discard(pair)
    if template.type == LONG_TERM:
        state.long_term.add(pair)
    else:
        state.remaining[pair] = state.remaining.get(pair, 0) + times


def tell_choice(emulator: Emulator, name: str, user: User, answers: dict[str, str]) -> None:
    """Push what the person chose: one choice as an object, several as a list."""
    rows = [
        {"TemplateId": each, "SubscribeStatusString": answer}
        | ({"PopupScene": "0"} if name == "subscribe_msg_popup_event" else {})
        for each, answer in answers.items()
        if answer in {"accept", "reject"}
    ]
    if rows:
        told = rows[0] if len(rows) == 1 else rows
        state = emulator.owner_of(user.openid)
        state.events.append(event(state, name, user.openid, emulator.now(), List=told))
        emulator.tell_events()


def asked_templates(state: State, user: User, given: Arguments) -> list[Template]:
    """The templates of a popup, by the rules of the client's own call."""
    templates = [known_template(state, each) for each in given.texts("template_ids")]
    if len({template.type for template in templates}) > 1:
        raise BadArgument("20002 一次性与长期模板不能同时请求")
    if len(templates) > MOST_TEMPLATES:
        raise BadArgument("20003 一次最多请求 5 个模板")
    if not user.has_main_switch:
        raise BadArgument("20004 用户关闭了主开关")
    return templates


def known_template(state: State, template_id: str) -> Template:
    """A template by its id."""
    if template_id not in state.templates:
        raise BadArgument(f"20001 没有模板 {template_id}")
    return state.templates[template_id]


def known_user(state: State, given: Arguments) -> User:
    """A person by openid."""
    openid = given.text("openid")
    if openid not in state.users:
        raise BadArgument("没有这个用户，请先 POST users")
    return state.users[openid]
