"""无人查看的新诉求: whoever is next hears of what the housekeeper has not read."""

from app import clock
from app.db import transaction
from jobs.runner import Outcome, each
from services.tickets.unread import UnreadTicket, tell_others, unread_tickets


def watch_unread() -> Outcome:
    """Climb every rung that has come, each once."""
    with transaction():
        unread = unread_tickets(at=clock.now())
    return each(unread, _tell)


def _tell(unread: UnreadTicket) -> bool:
    return tell_others(unread, at=clock.now())
