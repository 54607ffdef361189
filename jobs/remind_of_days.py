"""到日提醒: meetings of tomorrow, tasks of meetings that are late, reviews of what is tracked."""

from app import clock
from app.db import transaction
from app.domain.actor import system
from app.domain.decisions.aftercare import NotYet
from app.domain.errors import IllegalTransition
from app.domain.facts.reminding import DayReminding
from app.domain.permissions import Permission
from jobs.runner import Outcome, each
from services.tickets.days import DueDay, days_to_remind_of
from services.tickets.perform import Command, perform

REMINDER = system("到日提醒")


def remind_of_days() -> Outcome:
    """Give every reminder that has come due, once."""
    with transaction():
        due = days_to_remind_of(at=clock.now())
    return each(due, _remind)


def _remind(due: DueDay) -> bool:
    """False when the matter was settled or put off since it was seen, or told of already."""
    command = Command(due.number, Permission.REMIND_OF_DAY, DayReminding(due.seq))
    try:
        perform(REMINDER, command, at=clock.now())
    except (NotYet, IllegalTransition):
        return False
    return True
