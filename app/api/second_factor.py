"""第二因素: one's own, and what the security administrator does when somebody has lost it."""

from typing import Any

import segno
from flask import Response

from app.api import gate
from app.api.answers import answer, nothing
from app.api.blueprints import resource
from app.api.idempotency import idempotent
from app.api.log_in_terms import terms
from app.api.schemas.own_login import (
    Enrolment,
    GeneratorCode,
    RecoveryCodes,
    SecondFactorState,
)
from app.api.session_answers import local
from app.domain.permissions import Permission
from services.accounts import own_factor
from services.accounts.principals import Restriction
from services.accounts.sessions import digest

blueprint = resource("second-factor", "第二因素")


@blueprint.route("/me/second-factor", methods=["GET"])
@gate.session
@gate.eases(Restriction.ENROL)
@blueprint.response(200, SecondFactorState, description="第二因素")
@blueprint.doc(operationId="getSecondFactor", summary="本人的第二因素")
def state() -> Response:
    """是否启用，还剩几个恢复码。"""
    found = own_factor.state_of(gate.principal())
    return answer(
        {
            "is_on": found.since is not None,
            "since": found.since and local(found.since),
            "recovery_codes_left": found.recovery_codes_left,
        }
    )


@blueprint.route("/me/second-factor", methods=["POST"])
@gate.session
@gate.eases(Restriction.ENROL)
@gate.needs_fresh
@blueprint.response(200, Enrolment, description="密钥和二维码，待确认")
@blueprint.may_answer(409)
@blueprint.doc(operationId="beginSecondFactor", summary="开始设置第二因素")
def begin() -> Response:
    """用手机上的验证码器（支持 RFC 6238 的任何一种）扫码，再以其验证码确认；确认之前不起作用。"""
    given = own_factor.begin(gate.principal())
    picture = segno.make(given.uri, error="m").svg_inline(scale=4)
    return answer({"secret": given.secret, "uri": given.uri, "qr_svg": picture})


@blueprint.route("/me/second-factor/confirmation", methods=["POST"])
@gate.session
@gate.eases(Restriction.ENROL)
@blueprint.arguments(GeneratorCode)
@blueprint.response(200, RecoveryCodes, description="已启用；恢复码")
@blueprint.may_answer(409)
@blueprint.doc(operationId="confirmSecondFactor", summary="确认并启用第二因素")
def confirm(body: dict[str, Any]) -> Response:
    """从此密码登录须再输入验证码。"""
    codes = own_factor.confirm(gate.principal(), body["code"], terms())
    gate.forget(digest(gate.token()))
    return answer({"recovery_codes": codes})


@blueprint.route("/me/second-factor/recovery-codes", methods=["POST"])
@gate.session
@gate.needs_fresh
@blueprint.response(200, RecoveryCodes, description="新的恢复码")
@blueprint.may_answer(409)
@blueprint.doc(operationId="renewRecoveryCodes", summary="更换恢复码")
def renew_recovery_codes() -> Response:
    """以前的恢复码全部作废。"""
    return answer({"recovery_codes": own_factor.renew_codes(gate.principal(), terms())})


@blueprint.route("/me/second-factor", methods=["DELETE"])
@gate.session
@gate.needs_fresh
@blueprint.response(204, description="已停用，或本来没有")
@blueprint.doc(operationId="removeSecondFactor", summary="停用第二因素")
def remove() -> Response:
    """密码登录不再要求验证码；系统要求工作人员启用的，须重新设置后才能办理业务。"""
    own_factor.remove(gate.principal(), terms())
    gate.forget(digest(gate.token()))
    return nothing()


@blueprint.route("/accounts/<id:account_id>/second-factor/reset", methods=["POST"])
@gate.requires(Permission.MANAGE_ACCOUNTS)
@gate.needs_fresh
@idempotent()
@blueprint.response(204, description="已重置，其会话已结束")
@blueprint.doc(operationId="resetSecondFactor", summary="重置他人的第二因素")
def reset(account_id: int) -> Response:
    """用于丢失手机和恢复码的人；不能对自己的账号。其密码不变，会话全部结束。"""
    for ended in own_factor.reset(gate.actor(), account_id):
        gate.forget(ended)
    return nothing()


@blueprint.route("/accounts/<id:account_id>/sessions/end", methods=["POST"])
@gate.requires(Permission.MANAGE_ACCOUNTS)
@idempotent()
@blueprint.response(204, description="其会话已全部结束")
@blueprint.doc(operationId="endSessionsOfAccount", summary="结束他人的全部会话")
def end_sessions(account_id: int) -> Response:
    """在所有进程中最迟 5 秒内失效；不能对自己的账号。"""
    for ended in own_factor.end_sessions(gate.actor(), account_id):
        gate.forget(ended)
    return nothing()
