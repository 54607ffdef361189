"""时限标准: what each class may take, from which day on."""

from dataclasses import asdict
from typing import Any

from flask import Response

from app import clock
from app.api import gate
from app.api.answers import answer
from app.api.blueprints import resource
from app.api.idempotency import idempotent
from app.api.paging import page_body, page_of
from app.api.schemas.sla_policies import PolicyBody, PolicyItem, PolicyPage, PolicyQuery
from app.domain import labels
from app.domain.permissions import Permission
from app.domain.sla_clock import ClockKind
from services.promises.policies import NewPolicy, PolicyShown, list_policies, set_policy

blueprint = resource("sla-policies", "时限标准")


@blueprint.route("/sla-policies", methods=["GET"])
@gate.requires(Permission.READ_REFERENCE)
@blueprint.arguments(PolicyQuery, location="query")
@blueprint.response(200, PolicyPage, description="一页时限标准")
@blueprint.doc(operationId="listSlaPolicies", summary="时限标准列表")
def listing(query: dict[str, Any]) -> Response:
    """后设定的在前。诉求自始至终适用提交之日有效的标准，除非由人重定时限。"""
    found, cursor = list_policies(query["ticket_class"], page_of(query), at=clock.now())
    return answer(page_body(found, cursor, _shown))


@blueprint.route("/sla-policies", methods=["POST"])
@gate.requires(Permission.CONFIGURE_PROMISES)
@gate.needs_fresh
@idempotent()
@blueprint.arguments(PolicyBody)
@blueprint.response(201, PolicyItem, description="已设定")
@blueprint.may_answer(409)
@blueprint.doc(operationId="setSlaPolicy", summary="设定时限标准")
def create(new: NewPolicy) -> Response:
    """只适用于生效之日起提交的诉求，已有诉求的时限不变。原有的标准保留备查。"""
    made = set_policy(gate.actor(), new, at=clock.now())
    return answer(_shown(made), 201, location="/api/v1/sla-policies")


def _shown(policy: PolicyShown) -> dict[str, Any]:
    return asdict(policy) | {"clock_label": labels.CLOCK[ClockKind(policy.clock)]}
