"""Made-up requests: some of their values give way to real ones, so that they come to something."""

from collections.abc import Mapping
from random import Random
from typing import Any

from schemathesis import Case
from schemathesis.core.parameters import ParameterLocation as Place

from tests.contract.operations import Operation
from tests.contract.town import Asking, Town

MOSTLY = 0.85


def make_real(case: Case, operation: Operation, who: Asking, town: Town, chance: Random) -> None:
    """Put real things into `case`, mostly; what is wrong on purpose stays wrong."""
    things = who.things | _ticket(operation, town, chance)
    case.path_parameters = _filled(case, Place.PATH, case.path_parameters, things, chance)
    case.query = _filled(case, Place.QUERY, case.query, things, chance)
    case.body = _filled(case, Place.BODY, case.body, things, chance)
    if _is_meant(case, Place.HEADER):
        case.headers = _headers(case, town, chance)


def _ticket(operation: Operation, town: Town, chance: Random) -> dict[str, Any]:
    """A ticket and an assignment, more often than not one that the operation may act on."""
    everyone = list(town.statuses)
    fitting = [each for each in everyone if town.statuses[each] in operation.statuses]
    return {
        "number": chance.choice(fitting if fitting and chance.random() < MOSTLY else everyone),
        "assignment_id": chance.choice(list(town.assignments)),
    }


def _is_meant(case: Case, place: Place) -> bool:
    """Whether what stands there is meant to be right."""
    component = case.meta.components.get(place) if case.meta else None
    return component is not None and component.mode.is_positive


def _filled(
    case: Case, place: Place, values: Any, things: Mapping[str, Any], chance: Random
) -> Any:
    """`values`, which other cases may share, with things in the place of most that name one."""
    if not isinstance(values, dict) or not _is_meant(case, place):
        return values
    known = sorted(values.keys() & things.keys())
    return values | {name: things[name] for name in known if chance.random() < MOSTLY}


def _headers(case: Case, town: Town, chance: Random) -> Any:
    headers = case.headers.copy()
    if chance.random() < MOSTLY:
        headers.pop("X-Membership", None)
        headers.pop("X-Program", None)
    if "If-Match" in headers and chance.random() < MOSTLY:
        headers["If-Match"] = _etag(case, town)
    return headers


def _etag(case: Case, town: Town) -> str:
    number = case.path_parameters.get("number", "")
    assignment = case.path_parameters.get("assignment_id", 0)
    return town.etags.get(number) or town.assignments.get(assignment) or '"1"'
