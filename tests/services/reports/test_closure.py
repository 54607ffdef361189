"""The closure report at its edges: midnight, areas, late and withdrawn work, unknown rates."""

from datetime import date, datetime, timedelta

import pytest

from app.domain.actor import Role
from app.domain.indicators import COUNTS, INDICATORS, GroupBy
from app.domain.periods import Period
from app.domain.permissions import Permission as Act
from app.domain.vocabulary import Status
from app.domain.work_calendar import LOCAL_ZONE
from services.reports.closure import report_closure
from services.reports.question import Question
from services.reports.sources import SOURCES
from tests.domain.story import UNSOLVED
from tests.factories import (
    CITY,
    COUNTY,
    MONDAY,
    OTHER_COUNTY,
    make_account,
    make_area,
    make_cast,
    make_enterprise,
    make_ticket,
)

JUNE = Period(date(2026, 6, 1), date(2026, 7, 1))
MIDNIGHT = datetime(2026, 6, 1, 0, 0, tzinfo=LOCAL_ZONE)
SECOND, DAY = timedelta(seconds=1), timedelta(days=1)


@pytest.fixture
def cast(database):
    return make_cast()


@pytest.fixture
def supervisor(database):
    return make_account(Role.SUPERVISOR).actor


def report(actor, at=None, **asked):
    question = Question(asked.pop("period", JUNE), **asked)
    return report_closure(actor, question, at=at or MONDAY + 20 * DAY)


def rate(line, key):
    value = line["indicators"][key]
    return value["numerator"], value["denominator"], value["pending"]


def lines(found):
    return {line["key"]: line for line in found["groups"]}


def test_every_figure_has_one_source_by_the_instant_it_names():
    by = {name: source.by for source in SOURCES for name in source.figures}
    assert len(by) == sum(len(source.figures) for source in SOURCES)
    for count in COUNTS:
        assert by[count.key] == count.by
    for indicator in INDICATORS:
        parts = {name for name in by if name.partition(".")[0] == indicator.key}
        assert {by[name] for name in parts} == {indicator.by}
        assert len(parts) == (3 if indicator.pending else 2)


def test_with_nothing_to_tell_every_rate_is_unknown(supervisor):
    found = report(supervisor)
    assert not any(found["totals"]["counts"].values())
    assert {value["rate"] for value in found["totals"]["indicators"].values()} == {None}
    assert all(value["is_small"] for value in found["totals"]["indicators"].values())


def test_months_begin_at_local_midnight(cast, supervisor):
    for at in (MIDNIGHT - SECOND, MIDNIGHT, JUNE.ends_at - SECOND, JUNE.ends_at):
        make_ticket(cast=cast, at=at)
    whole = Period(date(2026, 5, 1), date(2026, 8, 1))
    found = report(supervisor, MONDAY + 60 * DAY, period=whole, group_by=GroupBy.MONTH)
    counts = {key: line["counts"]["submitted"] for key, line in lines(found).items()}
    assert counts == {"2026-05": 1, "2026-06": 2, "2026-07": 1}
    assert report(supervisor, MONDAY + 60 * DAY)["totals"]["counts"]["submitted"] == 2


def test_areas_are_those_right_below_the_callers_own(cast, supervisor):
    zone = make_area().code
    for area in (OTHER_COUNTY, zone, CITY):
        make_ticket(cast=make_cast(make_enterprise(area_code=area)))
    make_ticket(cast=cast)
    found = lines(report(supervisor))
    counts = {key: line["counts"]["submitted"] for key, line in found.items()}
    assert {key for key, count in counts.items() if count} == {COUNTY, OTHER_COUNTY, zone, None}
    assert (found[COUNTY]["name"], found[None]["name"]) == ("铁东区", "本级")
    assert counts["210381000000"] == 0
    coordinator = lines(report(cast.coordinator.actor))
    assert {key for key, line in coordinator.items() if line["counts"]["submitted"]} == {
        "210302002000"
    }


def test_what_is_withdrawn_before_acceptance_is_no_case_of_any_rate(cast, supervisor):
    make_ticket(Status.WITHDRAWN, cast)
    make_ticket(Status.REFUSED, cast)
    make_ticket(Status.ACCEPTED, cast)
    total = report(supervisor)["totals"]
    assert total["counts"]["submitted"] == 3
    assert total["counts"]["withdrawn"] == 1
    assert rate(total, "acceptance_rate") == (1, 2, 0)
    assert rate(total, "timely_acceptance_rate") == (2, 2, 0)


def test_who_decides_late_and_who_never_decides_are_both_late(cast, supervisor):
    for _ in range(2):
        make_ticket(cast=cast)
    late = make_ticket(cast=cast)
    late.act(Act.ACCEPT, at=MONDAY + 3 * DAY)
    assert rate(report(supervisor)["totals"], "timely_acceptance_rate") == (0, 3, 0)
    early = report(supervisor, MONDAY + timedelta(hours=1))["totals"]
    assert rate(early, "timely_acceptance_rate") == (0, 0, 3)


def test_the_due_second_is_in_time_and_the_next_is_not(cast, supervisor):
    due = datetime(2026, 6, 8, 17, 30, tzinfo=LOCAL_ZONE)
    for at in (due, due + SECOND):
        make_ticket(Status.ACCEPTED, cast).act(Act.ANSWER_DIRECTLY, at=at)
    make_ticket(Status.ACCEPTED, cast)
    assert rate(report(supervisor)["totals"], "timely_completion_rate") == (1, 3, 0)
    assert rate(report(supervisor, due)["totals"], "timely_completion_rate") == (1, 1, 2)


def test_hoarding_old_cases_does_not_help(cast, supervisor):
    """Completed in July, due in June: late in June, and no case of July's rate."""
    make_ticket(Status.ACCEPTED, cast).act(Act.ANSWER_DIRECTLY, at=MONDAY + 35 * DAY)
    now = MONDAY + 40 * DAY
    july = Period(date(2026, 7, 1), date(2026, 8, 1))
    assert rate(report(supervisor, now)["totals"], "timely_completion_rate") == (0, 1, 0)
    later = report(supervisor, now, period=july)["totals"]
    assert rate(later, "timely_completion_rate") == (0, 0, 0)
    assert later["counts"]["completed"] == 1


def test_withdrawal_in_time_is_not_lateness_but_after_it_is(cast, supervisor):
    for days in (2, 10):
        make_ticket(Status.HANDLING, cast).act(Act.WITHDRAW, at=MONDAY + days * DAY)
    total = report(supervisor)["totals"]
    assert rate(total, "timely_completion_rate") == (0, 1, 0)
    assert rate(total, "timely_assignment_rate") == (0, 1, 0)
    assert rate(total, "completion_rate") == (0, 2, 0)


def test_rework_moves_a_ticket_to_its_final_round(cast, supervisor):
    case = make_ticket(Status.COORDINATING, cast)
    total = report(supervisor, case.at)["totals"]
    assert total["counts"]["completed"] == 0
    assert rate(total, "completion_rate") == (0, 1, 1)
    assert rate(total, "resolution_rate") == (0, 1, 0)
    case.act(Act.ANSWER_DIRECTLY)
    case.act(Act.RECEIVE_FEEDBACK)
    case.act(Act.RECORD_REVISIT)
    total = report(supervisor)["totals"]
    assert rate(total, "completion_rate") == (1, 1, 0)
    assert rate(total, "timely_completion_rate") == (1, 1, 0)
    assert rate(total, "resolution_rate") == (1, 2, 0)


def test_each_unit_is_told_on_its_own_clock(cast, supervisor):
    other = make_cast()
    make_ticket(Status.FEEDBACK, cast)
    late = make_ticket(Status.HANDLING, cast)
    late.act(Act.GIVE_OPINION)
    late.act(Act.REPLY)
    late.act(Act.COUNTERSIGN)
    late.act(Act.RULE_REPLY, at=MONDAY + 15 * DAY)
    make_ticket(Status.ACCEPTED, other).act(Act.ANSWER_DIRECTLY)
    found = lines(report(supervisor, group_by=GroupBy.ORGANISATION))
    assert rate(found[str(cast.lead_unit.id)], "timely_assignment_rate") == (1, 2, 0)
    assert found[str(cast.lead_unit.id)]["name"] == cast.lead_unit.name
    assert found[None]["counts"]["completed"] == 1
    own = lines(report(cast.unit_approver.actor, group_by=GroupBy.ORGANISATION))
    assert own.keys() == {str(cast.lead_unit.id)}


def test_what_is_suspended_is_open_and_not_late(cast, supervisor):
    make_ticket(Status.SUSPENDED, cast)
    totals = report(supervisor)["totals"]
    assert (totals["counts"]["pending"], totals["counts"]["overdue_open"]) == (1, 0)
    assert rate(totals, "timely_completion_rate") == (0, 0, 0)


def test_what_was_found_unreasonable_counts_nowhere(cast, supervisor):
    case = make_ticket(Status.HANDLING, cast)
    case.act(Act.PROPOSE_UNREASONABLE)
    assert report(supervisor)["totals"]["counts"]["submitted"] == 1
    case.act(Act.RULE_UNREASONABLE)
    assert set(report(supervisor)["totals"]["counts"].values()) == {0}


def test_silence_is_no_praise(cast, supervisor):
    silent = make_ticket(Status.EVALUATING, cast)
    silent.act(Act.ARCHIVE, at=MONDAY + 16 * DAY)
    total = report(supervisor)["totals"]
    assert rate(total, "satisfaction_rate") == (0, 0, 0)
    assert total["indicators"]["satisfaction_rate"]["rate"] is None
    assert rate(total, "rating_rate") == (0, 1, 0)


def test_a_cut_off_tells_what_was_known_then(cast, supervisor):
    case = make_ticket(Status.REVISITING, cast)
    case.act(Act.RECORD_REVISIT, UNSOLVED, at=MONDAY + 5 * DAY)
    now = MONDAY + 10 * DAY
    before = report(supervisor, now, until=date(2026, 6, 4))["totals"]
    after = report(supervisor, now, until=date(2026, 6, 6))["totals"]
    assert rate(before, "completion_rate") == (1, 1, 0)
    assert rate(after, "completion_rate") == (0, 1, 1)


def test_a_cohort_is_followed_whenever_things_happen(cast, supervisor):
    for day in (-3, 0):
        make_ticket(Status.FEEDBACK, cast, at=MONDAY + day * DAY)
    case = make_ticket(Status.ACCEPTED, cast)
    case.act(Act.ANSWER_DIRECTLY, at=MONDAY + 45 * DAY)
    now = MONDAY + 50 * DAY
    found = report(supervisor, now, is_cohort=True)
    assert "submitted" not in found["totals"]["counts"]
    assert found["totals"]["counts"]["completed"] == 2
    assert rate(found["totals"], "completion_rate") == (2, 2, 0)
    assert {entry["attributed_by"] for entry in found["definitions"]} == {"accepted_at"}


def test_statistics_lead_back_to_the_list_of_tickets(cast, supervisor):
    make_ticket(cast=cast)
    june = {"submitted_from": "2026-06-01", "submitted_to": "2026-07-01"}
    found = report(supervisor)
    assert found["totals"]["tickets"]["submitted_at"] == june
    assert lines(found)[COUNTY]["tickets"]["submitted_at"] == june | {"area": COUNTY}
    month = lines(report(supervisor, group_by=GroupBy.MONTH))["2026-06"]
    assert month["tickets"]["completed_at"] == {
        "completed_from": "2026-06-01",
        "completed_to": "2026-07-01",
    }
    of_unit = report(cast.unit_approver.actor)["totals"]["tickets"]["accepted_at"]
    assert of_unit["organisation"] == str(cast.lead_unit.id)
    assert report(supervisor, until=date(2026, 6, 3))["totals"]["tickets"] == {}
    observer = make_account(Role.LAY_SUPERVISOR).actor
    assert report(observer)["totals"]["tickets"] == {}
    assert report(observer)["totals"]["counts"]["submitted"] == 1
