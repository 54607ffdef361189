"""并案答复: children are given their parent's answer; those of a parent that ended go on alone."""

from app import clock
from app.db import transaction
from app.domain.decisions.aftercare import NotYet
from app.domain.errors import IllegalTransition
from jobs.runner import Outcome, each
from services.tickets import merging


def pass_on_answers() -> Outcome:
    """One answer to many. Each child is a change of its own."""
    with transaction():
        waiting, alone = merging.children_to_answer(), merging.children_left_alone()
    answered, freed = each(waiting, _pass_on), each(alone, _let_go)
    return Outcome(answered.items + freed.items, answered.failures + freed.failures)


def _pass_on(number: str) -> bool:
    """False when another process was first, or it moved on since it was seen."""
    try:
        return merging.pass_on(number, at=clock.now())
    except (NotYet, IllegalTransition):
        return False


def _let_go(number: str) -> bool:
    """False when it moved on since it was seen."""
    try:
        merging.let_go(number, at=clock.now())
    except IllegalTransition:
        return False
    return True
