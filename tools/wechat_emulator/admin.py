"""The admin routes `/__emu/…`: one table, one key, errors as JSON."""

import hmac
from collections.abc import Callable, Mapping

from tools.wechat_emulator import (
    admin_media,
    admin_people,
    admin_pushes,
    admin_rules,
    admin_views,
    admin_wecom,
)
from tools.wechat_emulator.answers import Answer, json_answer, page
from tools.wechat_emulator.arguments import Arguments
from tools.wechat_emulator.calls import Request
from tools.wechat_emulator.effects import LOGIN_PAGE
from tools.wechat_emulator.emulator import Emulator
from tools.wechat_emulator.phone_page import phone_page

ROOT = "/__emu"
KEY_HEADER = "x-emu-key"
Action = Callable[[Emulator, Arguments], object]

ROUTES: Mapping[tuple[str, str], Action] = {
    ("GET", "health"): admin_views.health,
    ("GET", "state"): admin_views.state,
    ("GET", "messages"): admin_views.messages,
    ("GET", "messages/wait"): admin_views.wait_for_messages,
    ("GET", "texts"): admin_views.texts,
    ("GET", "links"): admin_views.links,
    ("PUT", "text-refusals"): admin_rules.refuse_texts,
    ("POST", "members"): admin_wecom.keep_member,
    ("POST", "wecom-code"): admin_wecom.authorise,
    ("GET", "letters"): admin_wecom.letters,
    ("GET", "letters/wait"): admin_wecom.wait_for_letters,
    ("GET", "calls"): admin_views.calls,
    ("GET", "unexpected"): admin_views.unexpected,
    ("DELETE", "unexpected"): admin_views.forget_unexpected,
    ("POST", "reset"): admin_rules.reset,
    ("POST", "apps"): admin_rules.add_app,
    ("POST", "faults"): admin_rules.add_fault,
    ("GET", "faults"): admin_rules.faults,
    ("DELETE", "faults"): admin_rules.remove_faults,
    ("DELETE", "delays"): admin_rules.end_delays,
    ("POST", "clock"): admin_rules.move_clock,
    ("POST", "tokens/expire"): admin_rules.expire_tokens,
    ("PUT", "quota"): admin_rules.set_quota,
    ("GET", "templates"): admin_views.templates,
    ("PUT", "templates"): admin_rules.set_templates,
    ("PUT", "pages"): admin_rules.set_pages,
    ("POST", "media-rules"): admin_media.add_rule,
    ("GET", "media-checks"): admin_media.checks,
    ("PUT", "media-results"): admin_media.hold_results,
    ("POST", "push"): admin_pushes.push,
    ("GET", "pushes"): admin_pushes.pushes,
    ("GET", "pushes/wait"): admin_pushes.wait_for_pushes,
    ("PUT", "push-target"): admin_pushes.set_target,
    ("POST", "push-target/verify"): admin_pushes.verify_target,
    ("POST", "users"): admin_people.keep_user,
    ("POST", "login"): admin_people.login,
    ("POST", "phone"): admin_people.phone,
    ("POST", "subscribe"): admin_people.subscribe,
    ("POST", "unsubscribe"): admin_people.unsubscribe,
}


def is_admin(request: Request) -> bool:
    """Whether a request is for these routes, and not for the platform."""
    return request.path == ROOT or request.path.startswith(f"{ROOT}/")


def admin_answer(emulator: Emulator, request: Request) -> Answer:
    """Find the route, check the key, do it."""
    if request.path == LOGIN_PAGE:
        return page("<html><body>请登录无线网络</body></html>")
    if not has_key(emulator, request):
        return refused(401, "X-Emu-Key 缺失或不对")
    path = request.path.removeprefix(ROOT).strip("/")
    if (request.method, path) == ("GET", ""):
        return phone_page(emulator)
    action = ROUTES.get((request.method, path))
    if action is None:
        is_known = any(path == known for _, known in ROUTES)
        return refused(405, "方法不对") if is_known else refused(404, "没有这个地址")
    try:
        return json_answer(action(emulator, Arguments(request)))
    except ValueError as fault:
        return refused(400, str(fault))


def has_key(emulator: Emulator, request: Request) -> bool:
    """Whether the admin's key came along, in the header or, for a browser, as `?key=`."""
    headers = {name.lower(): text for name, text in request.headers.items()}
    given = headers.get(KEY_HEADER) or request.query.get("key", "")
    return hmac.compare_digest(given.encode(), emulator.access.key.encode())


def refused(status: int, text: str) -> Answer:
    """An admin's mistake."""
    return json_answer({"error": text}, status=status)
