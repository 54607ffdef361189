"""Audience → places: where the people of an audience are found around a ticket."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

from app.domain.actor import ENTERPRISE_ROLES, Role
from app.domain.audience import Audience
from app.domain.rules import Rule, Rules
from app.domain.rung_recipients import Recipients
from app.domain.sla_clock import Clock, ClockKind
from app.domain.ticket_records import Assignment
from app.domain.ticket_state import Change
from app.domain.vocabulary import GONE, AssignmentState, TicketClass, UnitRole


@dataclass(frozen=True, slots=True)
class Standing:
    """A ticket as it is after a change: where its audiences are found, what is due.

    `recipients`: who hears of its rungs, where the change is one.
    """

    enterprise_id: int
    area_code: str
    housekeeper_id: int | None
    is_confidential: bool
    ticket_class: TicketClass | None = None
    assignments: tuple[Assignment, ...] = ()
    clocks: tuple[Clock, ...] = ()
    rules: Rules = field(default_factory=Rules)
    recipients: Recipients = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Place:
    """All who hold one of `roles` at the one place that is given."""

    roles: tuple[str, ...]
    enterprise_id: int | None = None
    housekeeper_id: int | None = None
    organisation_id: int | None = None
    area_code: str | None = None


_ENTERPRISE = tuple(role.value for role in sorted(ENTERPRISE_ROLES))
_APPROVERS = (Role.UNIT_APPROVER.value,)
_UNIT_PEOPLE = (Role.HANDLER.value, Role.CO_HANDLER.value)
_ROLES = {
    Audience.LEAD_APPROVERS: _APPROVERS,
    Audience.CLOCK_APPROVERS: _APPROVERS,
    Audience.CONVENED: (*_UNIT_PEOPLE, *_APPROVERS),
    Audience.OWNER_UNIT: (*_UNIT_PEOPLE, *_APPROVERS),
}
_AREA_ROLES = {
    Audience.COORDINATORS: Role.COORDINATOR.value,
    Audience.SUPERVISORS: Role.SUPERVISOR.value,
    Audience.REVISITORS: Role.REVISITOR.value,
}


def places_of(audience: Audience, standing: Standing, change: Change) -> list[Place]:
    """Where an audience is found; none when the ticket has no such audience."""
    if audience is Audience.ENTERPRISE:
        return [Place(_ENTERPRISE, enterprise_id=standing.enterprise_id)]
    if audience is Audience.HOUSEKEEPER:
        return [_housekeeper(standing)]
    if audience in _BY_EVENT:
        return _BY_EVENT[audience](standing, change)
    if audience in _AREA_ROLES:
        return [Place((_AREA_ROLES[audience],), area_code=standing.area_code)]
    roles = _ROLES.get(audience, _UNIT_PEOPLE)
    units = _unit_ids(audience, standing.assignments, change)
    return [Place(roles, organisation_id=unit) for unit in units]


def _housekeeper(standing: Standing) -> Place:
    """Without a housekeeper, or with something to keep from that person, coordinators hear."""
    if standing.housekeeper_id is None or standing.is_confidential:
        return Place((Role.COORDINATOR.value,), area_code=standing.area_code)
    return Place((Role.HOUSEKEEPER.value,), housekeeper_id=standing.housekeeper_id)


def _owner(_: Standing, change: Change) -> list[Place]:
    """The housekeeper who owns what is tracked, else the people of the unit that does."""
    housekeeper = change.event.facts["owner_housekeeper_id"]
    if housekeeper is not None:
        return [Place((Role.HOUSEKEEPER.value,), housekeeper_id=housekeeper)]
    unit = change.event.facts["owner_organisation_id"]
    return [Place(_ROLES[Audience.OWNER_UNIT], organisation_id=unit)]


def _revisitors(standing: Standing, change: Change) -> list[Place]:
    """Whose clock it is when it is the revisit's."""
    if change.event.facts.get("clock") != ClockKind.REVISIT:
        return []
    return [Place((Role.REVISITOR.value,), area_code=standing.area_code)]


def _third_round(standing: Standing, change: Change) -> list[Place]:
    """From a certain round on supervisors see to who handles it."""
    if change.values["round"] < standing.rules[Rule.OTHER_HANDS_FROM_ROUND]:
        return []
    return [Place((Role.SUPERVISOR.value,), area_code=standing.area_code)]


_BY_EVENT: Mapping[Audience, Callable[[Standing, Change], list[Place]]] = {
    Audience.CLOCK_REVISITORS: _revisitors,
    Audience.TRACKING_OWNER: _owner,
    Audience.THIRD_ROUND_SUPERVISORS: _third_round,
}
"""Whom the event itself makes an audience."""


def _unit_ids(
    audience: Audience, assignments: Iterable[Assignment], change: Change
) -> Iterable[int]:
    if audience is Audience.CONVENED:
        facts = change.event.facts
        return [*facts["organisation_ids"], *facts.get("excused_organisation_ids", ())]
    if audience is Audience.OWNER_UNIT:
        return [change.event.facts["owner_organisation_id"]]
    if audience in (Audience.CLOCK_UNIT, Audience.CLOCK_APPROVERS):
        if change.event.facts.get("clock") == ClockKind.RULING:
            return []  # it is the coordinators who are late
        unit = change.event.facts.get("organisation_id")
        return [unit] if unit else []
    live = [one for one in assignments if one.round == change.event.round]
    if audience is Audience.UNITS:
        return [one.organisation_id for one in live if one.state is not AssignmentState.RETURNED]
    role = UnitRole.CO if audience is Audience.CO_UNITS else UnitRole.LEAD
    return [one.organisation_id for one in live if one.role is role and one.state not in GONE]
