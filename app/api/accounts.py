"""账号: opened, granted, moved and disabled by the security administrator."""

from dataclasses import asdict
from typing import Any

from flask import Response

from app import clock
from app.api import gate
from app.api.answers import answer
from app.api.blueprints import resource
from app.api.idempotency import idempotent
from app.api.paging import PageQuery, page_body, page_of
from app.api.schemas import accounts as schemas
from app.domain.actor import Role
from app.domain.labels import ROLE
from app.domain.permissions import Permission
from services.accounts import grants, leaving, moving, opening
from services.accounts.find_accounts import (
    AccountFilter,
    MembershipCard,
    get_account,
    get_membership,
    list_accounts,
    list_memberships,
)
from services.accounts.grants import Grant
from services.accounts.moving import Move
from services.accounts.opening import NewAccount

blueprint = resource("accounts", "账号与授权")


@blueprint.route("/accounts", methods=["GET"])
@gate.requires(Permission.MANAGE_ACCOUNTS)
@blueprint.arguments(schemas.AccountQuery, location="query")
@blueprint.response(200, schemas.AccountPage, description="一页账号")
@blueprint.doc(operationId="listAccounts", summary="账号列表")
def listing(query: dict[str, Any]) -> Response:
    """手机已脱敏；按编号排列。"""
    role = Role(query["role"]) if query["role"] else None
    wanted = AccountFilter(query["q"], role, query["organisation"])
    found, next_cursor = list_accounts(wanted, page_of(query), at=clock.now())
    return answer(page_body(found, next_cursor, asdict))


@blueprint.route("/accounts", methods=["POST"])
@gate.requires(Permission.MANAGE_ACCOUNTS)
@idempotent()
@blueprint.arguments(schemas.AccountBody)
@blueprint.response(201, schemas.Account, description="新账号")
@blueprint.doc(operationId="openAccount", summary="开设账号")
def add(body: dict[str, Any]) -> Response:
    """新账号没有密码，也没有任何身份：随后重设密码、授予角色。"""
    account_id = opening.open_account(gate.actor(), NewAccount(**body))
    return _shown(account_id, 201)


@blueprint.route("/accounts/<id:account_id>", methods=["GET"])
@gate.requires(Permission.MANAGE_ACCOUNTS)
@blueprint.response(200, schemas.Account, description="账号")
@blueprint.doc(operationId="getAccount", summary="一个账号")
def read(account_id: int) -> Response:
    """手机已脱敏。"""
    return _shown(account_id)


@blueprint.route("/accounts/<id:account_id>", methods=["PATCH"])
@gate.requires(Permission.MANAGE_ACCOUNTS)
@gate.needs_fresh
@blueprint.arguments(schemas.AccountChanges)
@blueprint.response(200, schemas.Account, description="更改后的账号")
@blueprint.may_answer(409)
@blueprint.doc(operationId="changeAccount", summary="更正姓名、手机")
def change(body: dict[str, Any], account_id: int) -> Response:
    """不带的字段不变。换了手机，该账号绑定的微信须重新绑定。"""
    actor = gate.actor()
    if "name" in body:
        opening.rename(actor, account_id, body["name"])
    if "phone" in body:
        opening.set_phone(actor, account_id, body["phone"])
    return _shown(account_id)


@blueprint.route("/accounts/<id:account_id>/password-reset", methods=["POST"])
@gate.requires(Permission.MANAGE_ACCOUNTS)
@gate.needs_fresh
@blueprint.response(200, schemas.OneTimePassword, description="一次性密码")
@blueprint.may_answer(409)
@blueprint.doc(operationId="resetPassword", summary="重设密码")
def reset_password(account_id: int) -> Response:
    """原密码作废，会话全部结束。回答不保存，重发即再换一个。"""
    return answer({"password": opening.reset_password(gate.actor(), account_id)})


@blueprint.route("/accounts/<id:account_id>/disabling", methods=["POST"])
@gate.requires(Permission.MANAGE_ACCOUNTS)
@idempotent()
@blueprint.arguments(schemas.DisablingBody)
@blueprint.response(200, schemas.Account, description="已停用的账号")
@blueprint.doc(operationId="disableAccount", summary="停用账号")
def disable(body: dict[str, Any], account_id: int) -> Response:
    """会话 5 秒内在各处失效。名下还有结对或未办结的子工单的，须先交接。"""
    successor = body["successor_account_id"]
    leaving.disable(gate.actor(), account_id, body["reason"], successor, at=clock.now())
    return _shown(account_id)


@blueprint.route("/accounts/<id:account_id>/enabling", methods=["POST"])
@gate.requires(Permission.MANAGE_ACCOUNTS)
@gate.needs_fresh
@idempotent()
@blueprint.arguments(schemas.EnablingBody)
@blueprint.response(200, schemas.Account, description="已启用的账号")
@blueprint.doc(operationId="enableAccount", summary="启用账号")
def enable(body: dict[str, Any], account_id: int) -> Response:
    """原有的身份中尚未结束的随之恢复。"""
    leaving.enable(gate.actor(), account_id, body["reason"])
    return _shown(account_id)


@blueprint.route("/accounts/<id:account_id>/move", methods=["POST"])
@gate.requires(Permission.MANAGE_ACCOUNTS)
@gate.needs_fresh
@idempotent()
@blueprint.arguments(schemas.MoveBody)
@blueprint.response(200, schemas.AccountMembershipPage, description="调动后的身份，第一页")
@blueprint.doc(operationId="moveAccount", summary="调动")
def move(wanted: Move, account_id: int) -> Response:
    """原单位的身份和代理即刻全部结束，新身份按时开始；新的在前。办过的事仍归原单位。"""
    moving.move(gate.actor(), account_id, wanted, at=clock.now())
    return _memberships(account_id, page_of({"limit": 50, "cursor": None}))


@blueprint.route("/accounts/<id:account_id>/memberships", methods=["GET"])
@gate.requires(Permission.MANAGE_ACCOUNTS)
@blueprint.arguments(PageQuery, location="query")
@blueprint.response(200, schemas.AccountMembershipPage, description="一页身份")
@blueprint.doc(operationId="listMemberships", summary="账号的身份")
def memberships(query: dict[str, Any], account_id: int) -> Response:
    """包括已经结束和尚未开始的，新的在前。"""
    return _memberships(account_id, page_of(query))


@blueprint.route("/accounts/<id:account_id>/memberships", methods=["POST"])
@gate.requires(Permission.MANAGE_ACCOUNTS)
@gate.needs_fresh
@idempotent()
@blueprint.arguments(schemas.GrantBody)
@blueprint.response(201, schemas.AccountMembership, description="新身份")
@blueprint.doc(operationId="grantRole", summary="授予角色")
def grant(given: Grant, account_id: int) -> Response:
    """不能给自己授权；三类管理员由三个人担任，且不兼业务角色。"""
    membership_id = grants.grant(gate.actor(), account_id, given, at=clock.now())
    return answer(_membership(get_membership(membership_id)), 201)


@blueprint.route("/memberships/<id:membership_id>/end", methods=["POST"])
@gate.requires(Permission.MANAGE_ACCOUNTS)
@idempotent()
@blueprint.arguments(schemas.MembershipEndBody)
@blueprint.response(200, schemas.AccountMembership, description="已结束的身份")
@blueprint.doc(operationId="endMembership", summary="结束身份")
def end(body: dict[str, Any], membership_id: int) -> Response:
    """由其而来的代理一并结束。名下还有结对或未办结的子工单的，须先交接。"""
    successor = body["successor_account_id"]
    grants.end_membership(gate.actor(), membership_id, body["reason"], successor, at=clock.now())
    return answer(_membership(get_membership(membership_id)))


def _shown(account_id: int, status: int = 200) -> Response:
    location = f"/api/v1/accounts/{account_id}" if status == 201 else None
    return answer(asdict(get_account(account_id)), status, location=location)


def _memberships(account_id: int, page: Any) -> Response:
    found, next_cursor = list_memberships(account_id, page)
    return answer(page_body(found, next_cursor, _membership))


def _membership(card: MembershipCard) -> dict[str, Any]:
    return asdict(card) | {"role_label": ROLE[card.role]}
