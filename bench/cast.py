"""Stand-ins for everything in a ticket's life that differs from one ticket to the next.

A life is decided once with stand-ins and told of many tickets: an id is a number that occurs
nowhere else, a text stands in marks. `as_pattern` turns them into places of a %-pattern.
"""

import re
from collections.abc import Mapping
from typing import Any

from app.domain.actor import Actor, Role, system

NUMBER = "AS19000101-000000"
"""Has the shape of a real one, because phones show it in fields that check what they are given."""

FIRST_ID = 7_700_000_000_000_000
SLOTS = (
    *("enterprise", "applicant", "applicant_seat", "applicant_name"),
    *("housekeeper", "keeper", "keeper_seat", "keeper_name", "keeper_unit"),
    *("lead", "lead_handler", "lead_handler_seat", "lead_approver", "lead_approver_seat"),
    *("lead_handler_name", "lead_approver_name"),
    *("co", "co_handler", "co_handler_seat", "co_handler_name", "co_approver", "co_approver_seat"),
    *("coordinator", "coordinator_seat", "coordinator_name"),
    *("revisitor", "revisitor_seat", "revisitor_name"),
    *("supervisor", "supervisor_seat", "supervisor_name"),
    *("service_centre", "bureau"),
    *("area", "category", "title", "body", "words", "address"),
    *("ticket_id", "head", "hash", "number"),
)
"""`…_seat` is the membership of the account."""

_MARKED = re.compile(rf"{FIRST_ID // 1000}(\d{{3}})|⟪(\w+)⟫|({NUMBER})")


def slot(name: str) -> int:
    """The id that stands for `name`."""
    return FIRST_ID + SLOTS.index(name)


def text(name: str) -> str:
    """The text that stands for `name`."""
    return f"⟪{SLOTS[SLOTS.index(name)]}⟫"


def as_pattern(line: str) -> str:
    """`line` with a place `%(name)s` for every stand-in, everything else as it was."""
    return _MARKED.sub(_place, line.replace("%", "%%"))


def _place(found: re.Match[str]) -> str:
    index, name, number = found.groups()
    if number:
        return "%(number)s"
    return f"%({name or SLOTS[int(index)]})s"


def _person(role: Role, part: str, **more: Any) -> Actor:
    """Who plays `part`, asking from an address of the network."""
    seat, name = slot(f"{part}_seat"), text(f"{part}_name")
    return Actor(role, name, slot(part), seat, ip=text("address"), **more)


PEOPLE: Mapping[str, Actor] = {
    "applicant": _person(Role.ENTERPRISE_ADMIN, "applicant", enterprise_id=slot("enterprise")),
    "keeper": _person(
        Role.HOUSEKEEPER,
        "keeper",
        housekeeper_id=slot("housekeeper"),
        organisation_id=slot("keeper_unit"),
    ),
    "coordinator": _person(
        Role.COORDINATOR, "coordinator", organisation_id=slot("service_centre"), area_prefix=""
    ),
    "lead_handler": _person(Role.HANDLER, "lead_handler", organisation_id=slot("lead")),
    "lead_approver": _person(Role.UNIT_APPROVER, "lead_approver", organisation_id=slot("lead")),
    "co_handler": _person(Role.HANDLER, "co_handler", organisation_id=slot("co")),
    "revisitor": _person(
        Role.REVISITOR, "revisitor", organisation_id=slot("bureau"), area_prefix=""
    ),
    "supervisor": _person(
        Role.SUPERVISOR, "supervisor", organisation_id=slot("bureau"), area_prefix=""
    ),
    "archivist": system("自动归档"),
    "watch": system("时限巡查"),
}
