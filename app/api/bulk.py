"""成批操作: the same action on many tickets, each decided for itself."""

from collections.abc import Mapping, Sequence
from typing import Any

from flask import Response
from marshmallow import Schema, ValidationError

from app import clock
from app.api import gate
from app.api.answers import answer
from app.api.blueprints import resource
from app.api.idempotency import idempotent
from app.api.problems import invalid_fields, refusal
from app.api.schemas.bulk import BULK, BulkAnswer, BulkBody, Wish
from app.api.ticket_actions.routes import ACTIONS
from app.domain import permissions
from app.domain.errors import DomainError
from app.domain.permissions import Permission
from services.tickets.bulk import Outcome, perform_each
from services.tickets.perform import Command

blueprint = resource("bulk", "成批操作诉求")

BODIES: Mapping[Permission, Schema] = {
    action.permission: action.body() for action in ACTIONS if action.permission in BULK
}


@blueprint.route("/tickets/bulk", methods=["POST"])
@gate.requires(Permission.ACT_IN_BULK)
@idempotent()
@blueprint.arguments(BulkBody)
@blueprint.response(200, BulkAnswer, description="各件的结果")
@blueprint.doc(operationId="actInBulk", summary="成批操作")
def act(wish: dict[str, Any]) -> Response:
    """同一操作用于多件诉求，最多 100 件。逐件判断，一件未完成不影响其他；看不到的一件答 404。"""
    actor, at = gate.actor(), clock.now()
    action = Permission(wish["action"])
    permissions.demand(actor, action)
    read = [_command(action, item) for item in wish["items"]]
    commands = {place: one for place, one in enumerate(read) if isinstance(one, Command)}
    outcomes = perform_each(actor, commands, at=at)
    results = [
        _result(item.number, one if isinstance(one, DomainError) else outcomes[place])
        for place, (item, one) in enumerate(zip(wish["items"], read, strict=True))
    ]
    return answer({"action": action, **_counted(results), "results": results})


def _command(action: Permission, item: Wish) -> Command | DomainError:
    """The item as a command, or what is wrong with its facts."""
    try:
        facts = BODIES[action].load(item.facts)
    except ValidationError as error:
        return invalid_fields(error.messages, "/facts")
    return Command(item.number, action, facts, item.version)


def _result(number: str, outcome: Outcome) -> dict[str, Any]:
    if isinstance(outcome, DomainError):
        problem = refusal(outcome).get_json()
        return {"number": number, "status": problem["status"], "version": None, "problem": problem}
    return {
        "number": number,
        "status": 200,
        "version": outcome.values["version"],
        "problem": None,
    }


def _counted(results: Sequence[Mapping[str, Any]]) -> dict[str, int]:
    done = sum(result["problem"] is None for result in results)
    return {"done": done, "refused": len(results) - done}
