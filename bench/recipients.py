"""Who hears of a change in the loaded city, where every part is played by one person."""

from collections.abc import Iterable, Iterator

from app.domain.actor import Role
from app.domain.ticket_state import Change
from bench.cast import slot
from services.notifications.announce import Notice

IN_AREA = {
    Role.COORDINATOR: "coordinator",
    Role.SUPERVISOR: "supervisor",
    Role.REVISITOR: "revisitor",
}
IN_UNIT = {Role.HANDLER: "handler", Role.UNIT_APPROVER: "approver"}


def recipients(change: Change, notices: Iterable[Notice]) -> Iterator[tuple[str, Notice]]:
    """The parts that are told, each by the first notice that reaches it, and not of own deeds."""
    told: set[str] = set()
    for notice in notices:
        for part in _parts(notice):
            if part not in told and slot(part) != change.event.actor.account_id:
                told.add(part)
                yield part, notice


def _parts(notice: Notice) -> Iterator[str]:
    if notice.enterprise_id is not None:
        yield "applicant"
    if notice.housekeeper_id is not None:
        yield "keeper"
    for unit in ("lead", "co"):
        if notice.organisation_id == slot(unit):
            yield from (f"{unit}_{IN_UNIT[role]}" for role in IN_UNIT if role in notice.roles)
    if notice.area_code is not None:
        yield from (IN_AREA[role] for role in IN_AREA if role in notice.roles)
