"""Units that would not have it, for the tests of returns and of consultations."""

from app.domain.facts.returning import ReturnRequest, ReturnRuling
from app.domain.permissions import Permission as Act
from app.domain.vocabulary import AssignmentState, ReturnGround, Status
from tests.domain.calendars import local
from tests.domain.stage import CO, LEAD, Play, play_to

S, A = Status, AssignmentState
THIRD = 31
WHY = "该路段由另一单位管理。"
LAST_MOMENT = local("2026-06-02 17:30")
BACK_TO = {unit: ReturnRequest(ReturnGround.NOT_OUR_DUTY, WHY, unit) for unit in (LEAD, CO, THIRD)}
CO_UPHELD = ReturnRuling(upheld=True, organisation_id=CO)
REJECTED = ReturnRuling(upheld=False, note="属该单位职责", organisation_id=LEAD)


def asked(*, by_approver: bool = False) -> Play:
    """The lead unit would not have it, and its approver stands behind that."""
    play = play_to(S.HANDLING)
    play.act(Act.REQUEST_RETURN, by="unit_approver" if by_approver else None)
    if not by_approver:
        play.act(Act.CONSENT_RETURN)
    return play


def state_of(play: Play, unit: int) -> AssignmentState:
    return next(
        one.state
        for one in play.state.assignments
        if (one.organisation_id, one.round) == (unit, play.state.round)
    )


def co_asks(play: Play) -> None:
    """The helping unit would not have it either."""
    play.act(Act.REQUEST_RETURN, BACK_TO[THIRD], by="co_handler")
    play.act(Act.CONSENT_RETURN, by="co_approver")
