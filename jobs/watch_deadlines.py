"""亮牌: every clock that has come near its end or past it gets its card, each card once."""

from app import clock
from app.db import transaction
from app.domain.actor import system
from app.domain.decisions.aftercare import NotYet
from app.domain.errors import IllegalTransition
from app.domain.permissions import Permission
from jobs.runner import Outcome, each
from services.tickets.due import DueCard, due_cards
from services.tickets.perform import Command, perform

WATCH = system("时限巡查")


def watch_deadlines() -> Outcome:
    """Issue every card that is due. What was missed while nobody watched is given once, the red."""
    with transaction():
        due = due_cards(at=clock.now())
    return each(due, _issue)


def _issue(card: DueCard) -> bool:
    """False when the ticket moved on, or got its card, since it was seen."""
    try:
        perform(WATCH, Command(card.number, Permission.ISSUE_CARD, card.issue), at=clock.now())
    except (NotYet, IllegalTransition):
        return False
    return True
