"""提醒与亮牌: every clock gets the warning that it has come to, each warning once."""

from app import clock
from app.db import transaction
from app.domain.actor import system
from app.domain.decisions.aftercare import NotYet
from app.domain.errors import IllegalTransition
from jobs.runner import Outcome, each
from services.tickets.due import DueWarning, due_warnings
from services.tickets.perform import Command, perform

WATCH = system("时限巡查")


def watch_deadlines() -> Outcome:
    """Give every warning that is due; of those missed while nobody watched only the latest."""
    with transaction():
        due = due_warnings(at=clock.now())
    return each(due, _warn)


def _warn(due: DueWarning) -> bool:
    """False when the ticket moved on, or got its warning, since it was seen."""
    try:
        perform(WATCH, Command(due.number, due.action, due.facts), at=clock.now())
    except (NotYet, IllegalTransition):
        return False
    return True
