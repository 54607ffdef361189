"""送达预报: whom nothing reaches on the phone for what falls due on the next working day."""

from typing import Any

from flask import Response, current_app

from app import clock
from app.api import gate
from app.api.answers import answer
from app.api.blueprints import resource
from app.api.paging import PageQuery, page_body, page_of
from app.api.schemas.unreachable import UnreachablePage
from app.domain.permissions import Permission
from services.forecasts.show import Channels, list_unreachable
from services.tickets.terms import newest_calendar

blueprint = resource("unreachable-recipients", "送达预报")


@blueprint.route("/unreachable-recipients", methods=["GET"])
@gate.requires(Permission.READ_UNREACHABLE)
@blueprint.arguments(PageQuery, location="query")
@blueprint.response(200, UnreachablePage, description="一页通知不到的人")
@blueprint.doc(operationId="listUnreachableRecipients", summary="明日到期而通知不到的人")
def listing(query: dict[str, Any]) -> Response:
    """今天之后到下一个工作日为止到期的事，要告知的人没有绑定微信、没有订阅，又没有短信可发的。

    管家只见本人企业的人；涉密的和投诉管家的不列。协调员见本区域的企业和办理人员。先到期的在前。
    """
    channels = Channels.configured(current_app.config)
    found, cursor = list_unreachable(
        gate.actor(), channels, newest_calendar(), page_of(query), at=clock.now()
    )
    return answer(page_body(found, cursor, dict))
