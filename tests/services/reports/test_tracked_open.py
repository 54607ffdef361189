"""挂账跟踪 in the report: not completed, and a count of its own beside that rate."""

from dataclasses import replace

import pytest

from app.db import snapshot, transaction
from app.domain.permissions import Permission as Act
from app.domain.vocabulary import ResultCode, Status
from services.reports import figures, refresh
from services.reports.question import Question
from tests.domain.story import ANSWER
from tests.factories import MONDAY, Case, make_ticket
from tests.services.reports.counting_house import count, drift
from tests.services.reports.test_closure import DAY, JUNE, rate, report

AT = MONDAY + 20 * DAY
TRACKED = replace(ANSWER, result_code=ResultCode.TRACKED_OPEN, unsolved_reason="资金待批复")


@pytest.fixture(autouse=True)
def at_work(committed_app, monkeypatch):
    monkeypatch.setattr(refresh, "MARGIN_SECONDS", 0)
    with committed_app.app_context():
        yield


def act(case: Case, *actions: Act) -> None:
    for action in actions:
        with transaction():
            case.act(action, TRACKED if action is Act.REPLY else None)


def told(case: Case, **asked) -> tuple[int, int, tuple[int, int, int]]:
    """Accepted, tracked open, and what the rate of the completed is made of. It must add up."""
    with snapshot():
        totals = report(case.cast.supervisor.actor, at=AT, **asked)["totals"]
    accepted, tracked = (totals["counts"][name] for name in ("accepted", "tracked_open"))
    made_of = rate(totals, "completion_rate")
    assert accepted == made_of[1]
    assert tracked <= made_of[2]
    return accepted, tracked, made_of


def kept(case: Case) -> tuple[int, int, tuple[int, int, int]]:
    """The same from the figures that the job keeps, which must be those of a recount."""
    count(AT)
    assert drift(AT) == 0
    with snapshot():
        actor = case.cast.supervisor.actor
        assert figures.counted_beforehand(actor, Question(JUNE), at=AT) is not None
    return told(case)


def test_what_is_tracked_open_is_counted_and_pending():
    with transaction():
        case = make_ticket(Status.HANDLING)
        make_ticket(Status.FEEDBACK, case.cast)
    assert kept(case) == told(case, is_cohort=True) == (2, 0, (1, 2, 1))
    act(case, Act.ESCALATE, Act.TRACK_OPEN)
    assert kept(case) == told(case, is_cohort=True) == (2, 1, (1, 2, 1))
    act(case, Act.END_TRACKING)
    assert kept(case) == told(case, is_cohort=True) == (2, 0, (1, 2, 1))


def test_an_answer_that_says_so_is_not_taken_for_a_completion():
    with transaction():
        case = make_ticket(Status.HANDLING)
    act(case, Act.ESCALATE, Act.TRACK_OPEN)
    act(case, Act.GIVE_OPINION, Act.REPLY, Act.COUNTERSIGN, Act.RULE_REPLY)
    assert kept(case) == (1, 1, (0, 1, 1))


def test_the_end_of_a_past_day_is_told_as_it_was():
    with transaction():
        case = make_ticket(Status.HANDLING)
    act(case, Act.ESCALATE)
    case.at = MONDAY + DAY
    act(case, Act.TRACK_OPEN)
    case.at = MONDAY + 3 * DAY
    act(case, Act.END_TRACKING)
    until = [(MONDAY + days * DAY).date() for days in (0, 2, 4)]
    period = replace(JUNE, end=until[0] + DAY)
    seen = [told(case, period=period, until=day)[1] for day in until]
    assert seen == [0, 1, 0]
