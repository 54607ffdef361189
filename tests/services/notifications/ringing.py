"""Officials' phones over a day: tickets to tell of, and what rings."""

from datetime import datetime, timedelta

from flask import current_app

from app.domain.digests import Limits
from app.models.delivery import Delivery
from services.notifications.deliver import Worker, send
from services.notifications.settle import settle
from tests.domain.calendars import CALENDAR, local
from tests.factories import MONDAY, make_ticket
from tests.services.notifications.phones import claim, deliveries
from tests.wechat import APPID

TODO, DIGEST, OVERDUE = "新诉求待办", "待办汇总", "已超期"
EVENING, MORNING = local("2026-06-01 19:00"), local("2026-06-02 08:30")
MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)


def at_most(pushes: int, digests: int = 2) -> Worker:
    return Worker("host:1", frozenset({APPID}), CALENDAR, Limits(pushes, digests))


def ring(worker: Worker, at: datetime) -> int:
    """Send all that goes out at `at`; how often it rang."""
    rung = 0
    while claimed := claim(worker, at=at):
        rung += settle(claimed, send(current_app.config["WECHAT"], claimed), at=at)
    return rung


def tickets(cast, count: int, at: datetime = MONDAY) -> list:
    return [make_ticket(cast=cast, at=at + number * MINUTE) for number in range(count)]


def titles(phone) -> list[str]:
    return sorted(message["title"] for message in phone.shown())


def states() -> list[str]:
    return sorted(each.state for each in deliveries())


def digest() -> Delivery:
    [found] = [each for each in deliveries() if each.template == DIGEST]
    return found


def merged(into: Delivery) -> list[int]:
    found = [each for each in deliveries() if each.merged_into == into.id]
    return [each.notification_id for each in found]
