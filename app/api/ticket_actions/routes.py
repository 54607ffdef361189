"""The routes of all actions, made from their tables."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from flask import Response

from app import clock
from app.api import gate
from app.api.answers import answer
from app.api.blueprints import resource
from app.api.idempotency import idempotent
from app.api.schemas.tickets import TicketDetail
from app.api.ticket_actions import (
    acceptance,
    aftercare,
    commenting,
    coordination,
    deferral,
    delays,
    handling,
    judging,
    merging,
    progress,
    purging,
    retarget,
    returning,
    rework,
    tiers,
    urging,
)
from app.api.ticket_actions.action import Action
from app.api.versions import versioned
from services.tickets import show
from services.tickets.assignments import own_part, visible_part
from services.tickets.perform import Command, perform

blueprint = resource("ticket-actions", "诉求和子工单的操作；改变状态须带诉求的 If-Match")

ACTIONS = (
    *acceptance.ACTIONS,
    *deferral.ACTIONS,
    *coordination.ACTIONS,
    *returning.ACTIONS,
    *tiers.ACTIONS,
    *handling.ACTIONS,
    *delays.ACTIONS,
    *progress.ACTIONS,
    *judging.ACTIONS,
    *aftercare.ACTIONS,
    *rework.ACTIONS,
    *merging.ACTIONS,
    *retarget.ACTIONS,
    *urging.ACTIONS,
    *commenting.ACTIONS,
    *purging.ACTIONS,
)


def _act(action: Action, number: str, facts: Any, expected_version: int | None) -> Response:
    """Carry out an action, under If-Match where one came, and answer with the ticket then."""
    at = clock.now()
    actor = gate.actor()
    perform(actor, Command(number, action.permission, facts, expected_version), at=at)
    ticket = show.show_own_change(actor, number, at=at)
    return answer(ticket, version=ticket["version"])


def _on_ticket(action: Action) -> Callable[..., Response]:
    def view(facts: Any, number: str, expected_version: int) -> Response:
        return _act(action, number, facts, expected_version)

    return view


def _beside(action: Action) -> Callable[..., Response]:
    def view(facts: Any, number: str) -> Response:
        return _act(action, number, facts, None)

    return view


def _on_assignment(action: Action) -> Callable[..., Response]:
    def view(facts: Any, assignment_id: int, expected_version: int) -> Response:
        number = own_part(gate.actor(), assignment_id).number
        return _act(action, number, facts, expected_version)

    return view


def _on_other_unit(action: Action) -> Callable[..., Response]:
    def view(facts: Any, assignment_id: int, expected_version: int) -> Response:
        part = visible_part(gate.actor(), assignment_id)
        of_unit = replace(facts, organisation_id=part.organisation_id)
        return _act(action, part.number, of_unit, expected_version)

    return view


def _view(action: Action) -> Callable[..., Any]:
    if action.is_appended:
        return _beside(action)
    if action.is_on_other_unit:
        return _on_other_unit(action)
    return _on_assignment(action) if action.is_of_unit else _on_ticket(action)


def path_of(action: Action) -> str:
    """Where the action stands, beneath the root of the API."""
    place = "assignments/<id:assignment_id>" if action.is_of_unit else "tickets/<number:number>"
    return f"/{place}/{action.noun}"


def _add(action: Action) -> None:
    view = _view(action)
    view.__name__ = action.permission.value
    view.__doc__ = action.description
    for decorate in (
        blueprint.doc(operationId=action.operation, summary=action.summary),
        blueprint.response(200, TicketDetail, description="操作后的诉求"),
        blueprint.arguments(action.body),
        *(() if action.is_appended else (versioned,)),
        idempotent(),
        gate.requires(action.permission),
    ):
        view = decorate(view)
    blueprint.route(path_of(action), methods=["POST"])(view)


for _action in ACTIONS:
    _add(_action)
