"""微信消息推送: the addresses that the platform itself calls, one for each mini-program."""

import logging
from typing import Any

from flask import Response, current_app, request

from app import clock
from app.api import gate
from app.api.blueprints import resource
from app.domain.errors import NotFound
from services.gateways.wechat_callback import Callback, NotFromWeChat
from services.pushes.keep import keep

log = logging.getLogger("guanjia.wechat")

DONE = "success"
"""What ends the platform's pushing, within the five seconds that it waits."""

SIGNED = {
    "timestamp": "时间戳（秒），与当前时间相差不得超过五分钟",
    "nonce": "随机数",
    "signature": "对令牌、时间戳、随机数的签名",
}
CHECKED = SIGNED | {"echostr": "随机字符串，原样返回"}
PUSHED = SIGNED | {
    "encrypt_type": "固定为 aes：只接受安全模式",
    "msg_signature": "对令牌、时间戳、随机数、密文的签名",
    "openid": "用户的 openid，不使用",
}
ENVELOPE = {
    "description": "安全模式的信封，JSON 或 XML，其中 Encrypt 为密文",
    "required": True,
    "content": {"*/*": {"schema": {"type": "string"}}},
}

blueprint = resource("wechat-callback", "由微信服务器调用，不供客户端使用")


def _in_query(meanings: dict[str, str]) -> list[dict[str, Any]]:
    """Parameters for the document only: the view takes whatever comes and refuses by 403."""
    text = {"schema": {"type": "string"}}
    return [{"name": n, "in": "query", "description": it} | text for n, it in meanings.items()]


@blueprint.route("/wechat/callback", methods=["GET"])
@gate.public
@blueprint.unlimited
@blueprint.reads_raw
@blueprint.may_answer(403, 404)
@blueprint.response(200, content_type="text/plain", description="echostr 原文")
@blueprint.doc(
    operationId="checkWechatCallback", summary="微信核对推送地址", parameters=_in_query(CHECKED)
)
def check() -> Response:
    """签名相符则原样返回 echostr，否则 403；没有配置消息推送则 404。"""
    return _checked(_first())


@blueprint.route("/wechat/callback", methods=["POST"])
@gate.public
@blueprint.unlimited
@blueprint.reads_raw
@blueprint.may_answer(403, 404)
@blueprint.response(200, content_type="text/plain", description="收到，固定为 success")
@blueprint.doc(
    operationId="receiveWechatPush",
    summary="微信推送事件",
    parameters=_in_query(PUSHED),
    requestBody=ENVELOPE,
)
def receive() -> Response:
    """核对签名和时间后存下，立即回答 success，随后由后台办理；同一推送重复到达，只办一次。

    消息送达与否的事件用来了结投递；订阅弹窗的回答记入订阅额度，与客户端上报的合计一次；
    用户在微信设置中关闭消息的，其订阅额度清零。企业用户发给客服的消息成为诉求草稿，
    其他人的由座席处理。其余事件只存下。
    """
    return _received(_first())


@blueprint.route("/wechat/callbacks/<program:appid>", methods=["GET"])
@gate.public
@blueprint.unlimited
@blueprint.reads_raw
@blueprint.may_answer(403)
@blueprint.response(200, content_type="text/plain", description="echostr 原文")
@blueprint.doc(
    operationId="checkProgramCallback",
    summary="微信核对一个小程序的推送地址",
    parameters=_in_query(CHECKED),
)
def check_of(appid: str) -> Response:
    """签名与这个小程序的令牌相符则原样返回 echostr，否则 403；没有配置其消息推送则 404。"""
    return _checked(_of(appid))


@blueprint.route("/wechat/callbacks/<program:appid>", methods=["POST"])
@gate.public
@blueprint.unlimited
@blueprint.reads_raw
@blueprint.may_answer(403)
@blueprint.response(200, content_type="text/plain", description="收到，固定为 success")
@blueprint.doc(
    operationId="receiveProgramPush",
    summary="微信推送一个小程序的事件",
    parameters=_in_query(PUSHED),
    requestBody=ENVELOPE,
)
def receive_of(appid: str) -> Response:
    """同 /wechat/callback，以这个小程序自己的令牌和密钥核对；别的小程序的推送一律 403。"""
    return _received(_of(appid))


def _checked(callback: Callback) -> Response:
    try:
        return _plain(callback.check_address(request.args, at=clock.real()))
    except NotFromWeChat as refusal:
        raise _noted(refusal) from None


def _received(callback: Callback) -> Response:
    try:
        push = callback.open(request.args, request.get_data(), at=clock.real())
    except NotFromWeChat as refusal:
        raise _noted(refusal) from None
    is_new = keep(callback.appid, push, at=clock.real())
    log.info("push %s: %s", "kept" if is_new else "known", push.event)
    return _plain(DONE)


def _first() -> Callback:
    """That of the first mini-program. Raises `NotFound`."""
    settings = current_app.config["SETTINGS"]
    return _of(settings.wechat_appid)


def _of(appid: str) -> Callback:
    """That of the mini-program `appid`. Raises `NotFound`."""
    for program in current_app.config["SETTINGS"].programs:
        if program.appid == appid and program.callback_token:
            token, key = program.callback_token, program.callback_key
            return Callback(appid=appid, token=token, key=key)
    raise NotFound


def _noted(refusal: NotFromWeChat) -> NotFromWeChat:
    """Say in the log why, which whoever sets the callback up needs to know, and a caller not."""
    log.info("callback refused: %s", refusal.reason)
    return refusal


def _plain(text: str) -> Response:
    made = Response(text, mimetype="text/plain")
    made.headers["Cache-Control"] = "no-store"
    return made
