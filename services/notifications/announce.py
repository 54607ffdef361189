"""Event → outbox: who hears of a change, as notices that the writer spreads over memberships."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from app.domain.actor import ENTERPRISE_ROLES, Role
from app.domain.audience import Audience, addresses
from app.domain.permissions import Permission
from app.domain.ticket_state import Assignment, Change
from app.domain.vocabulary import AssignmentState, UnitRole
from services.notifications.wording import wording


@dataclass(frozen=True, slots=True)
class Notice:
    """One message to all who hold one of `roles` at the one place that is given."""

    kind: str
    title: str
    body: str
    roles: tuple[str, ...]
    enterprise_id: int | None = None
    housekeeper_id: int | None = None
    organisation_ids: tuple[int, ...] = ()
    area_code: str | None = None


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a ticket's audiences are found after a change."""

    enterprise_id: int
    area_code: str
    housekeeper_id: int | None
    is_confidential: bool
    assignments: tuple[Assignment, ...]


_APPROVERS = (Role.UNIT_APPROVER.value,)
_UNIT_PEOPLE = (Role.HANDLER.value, Role.CO_HANDLER.value)


def announce(change: Change, standing: Standing) -> list[Notice]:
    """The notices of a change; none for events that nobody is told about."""
    action = Permission(change.event.action)
    notices: list[Notice] = []
    for address in addresses(action, change.outcome):
        clock = change.event.facts.get("clock")
        title, body = wording(address.kind, change.number, clock)
        places = _places(address.audience, standing, change)
        notices += [Notice(address.kind.value, title, body, **place) for place in places]
    return notices


def _places(audience: Audience, standing: Standing, change: Change) -> list[dict[str, Any]]:
    """Roles and place of an audience; empty when the ticket has no such audience."""
    if audience is Audience.ENTERPRISE:
        roles = tuple(role.value for role in sorted(ENTERPRISE_ROLES))
        return [{"roles": roles, "enterprise_id": standing.enterprise_id}]
    if audience is Audience.HOUSEKEEPER:
        return _housekeeper(standing)
    if audience in _AREA_ROLES:
        return [{"roles": (_AREA_ROLES[audience],), "area_code": standing.area_code}]
    return _units(audience, standing, change)


_AREA_ROLES = {
    Audience.COORDINATORS: Role.COORDINATOR.value,
    Audience.SUPERVISORS: Role.SUPERVISOR.value,
    Audience.REVISITORS: Role.REVISITOR.value,
}


def _housekeeper(standing: Standing) -> list[dict[str, Any]]:
    """Without a housekeeper, or with something to keep from that person, coordinators hear."""
    if standing.housekeeper_id is None or standing.is_confidential:
        return [{"roles": (Role.COORDINATOR.value,), "area_code": standing.area_code}]
    return [{"roles": (Role.HOUSEKEEPER.value,), "housekeeper_id": standing.housekeeper_id}]


def _units(audience: Audience, standing: Standing, change: Change) -> list[dict[str, Any]]:
    roles = _APPROVERS if audience in _TO_APPROVERS else _UNIT_PEOPLE
    units = tuple(_unit_ids(audience, standing.assignments, change))
    return [{"roles": roles, "organisation_ids": units}] if units else []


_TO_APPROVERS = frozenset({Audience.LEAD_APPROVERS, Audience.CLOCK_APPROVERS})


def _unit_ids(
    audience: Audience, assignments: Iterable[Assignment], change: Change
) -> Iterable[int]:
    if audience in (Audience.CLOCK_UNIT, Audience.CLOCK_APPROVERS):
        unit = change.event.facts.get("organisation_id")
        return [unit] if unit else []
    live = [one for one in assignments if one.round == change.event.round]
    if audience is Audience.UNITS:
        return [one.organisation_id for one in live]
    return [
        one.organisation_id
        for one in live
        if one.role is UnitRole.LEAD and one.state is not AssignmentState.CANCELLED
    ]
