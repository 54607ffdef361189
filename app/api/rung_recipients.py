"""提醒对象: who hears of each rung, and by which channel, from which day on."""

from dataclasses import asdict
from typing import Any

from flask import Response

from app import clock
from app.api import gate
from app.api.answers import answer
from app.api.blueprints import resource
from app.api.idempotency import idempotent
from app.api.paging import page_body, page_of
from app.api.schemas.rung_recipients import (
    RecipientsBody,
    RecipientsItem,
    RecipientsPage,
    RecipientsQuery,
)
from app.domain.late_rungs import RUNG_LABELS
from app.domain.permissions import Permission
from app.domain.sla_clock import Rung
from services.promises.recipients import (
    NewRecipients,
    RecipientsShown,
    list_recipients,
    set_recipients,
)

blueprint = resource("rung-recipients", "提醒对象")


@blueprint.route("/rung-recipients", methods=["GET"])
@gate.requires(Permission.READ_REFERENCE)
@blueprint.arguments(RecipientsQuery, location="query")
@blueprint.response(200, RecipientsPage, description="一页提醒对象")
@blueprint.doc(operationId="listRungRecipients", summary="提醒对象列表")
def listing(query: dict[str, Any]) -> Response:
    """今天有效的和将要生效的，后设定的在前。写明时限和分级的优先；诉求自始至终适用提交之日有效的。"""
    found, cursor = list_recipients(query["rung"], page_of(query), at=clock.now())
    return answer(page_body(found, cursor, _shown))


@blueprint.route("/rung-recipients", methods=["POST"])
@gate.requires(Permission.CONFIGURE_PROMISES)
@gate.needs_fresh
@idempotent()
@blueprint.arguments(RecipientsBody)
@blueprint.response(201, RecipientsItem, description="已设定")
@blueprint.may_answer(409)
@blueprint.doc(operationId="setRungRecipients", summary="设定提醒对象")
def create(new: NewRecipients) -> Response:
    """只适用于生效之日起提交的诉求，已有诉求不变。红牌须有负责的人在手机上收到；只能是本来看得到诉求的人。"""
    made = set_recipients(gate.actor(), new, at=clock.now())
    return answer(_shown(made), 201, location="/api/v1/rung-recipients")


def _shown(row: RecipientsShown) -> dict[str, Any]:
    return asdict(row) | {"rung_label": RUNG_LABELS[Rung(row.rung)]}
