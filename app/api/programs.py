"""小程序: which one a request is about."""

from flask import current_app, g, request

from app.api.marks import View, mark
from app.domain.errors import FieldError, InvalidInput
from services.accounts.principals import Principal
from services.gateways.wechat import WeChat
from services.gateways.wechat_programs import Programs

HEADER = "X-Program"


def takes_program(view: View) -> View:
    """The view goes by the mini-program that the client names (`named`, `present`)."""
    return mark(view, takes_program=True)


def configured() -> Programs | None:
    """Every mini-program; None where WeChat is off."""
    known: Programs | None = current_app.config["WECHAT"]
    return known


def named() -> WeChat | None:
    """The one that the client names; None when it names none. Raises `InvalidInput`."""
    appid = request.headers.get(HEADER)
    if appid is None:
        return None
    programs = configured()
    found = programs.of(appid) if programs else None
    if found is None:
        detail = f"{HEADER} 不是本系统的小程序。"
        raise InvalidInput([FieldError("", "unknown-program", detail)], detail)
    return found


def present() -> WeChat | None:
    """The one that is named, else that by which the session was opened, else the first.

    None where WeChat is off. Raises `InvalidInput`.
    """
    return named() or of_session()


def of_session() -> WeChat | None:
    """The one by which the session was opened, else the first; None where WeChat is off."""
    programs = configured()
    if programs is None:
        return None
    principal: Principal | None = g.get("principal")
    opened_by = principal.appid if principal else None
    return (programs.of(opened_by) if opened_by else None) or programs.first


def opened() -> WeChat | None:
    """The one that codes and links open: that which is named, else one that enterprises use.

    None where WeChat is off. Raises `InvalidInput`.
    """
    known = configured()
    return named() or (known.for_enterprises() if known else None)


def appid() -> str:
    """That of the present one; "" without any. Raises `InvalidInput`."""
    known = present()
    return known.appid if known else ""
