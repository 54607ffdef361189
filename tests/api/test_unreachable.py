"""Whom nothing reaches for what falls due next: the list, and the calls."""

from datetime import datetime, timedelta

import pytest
import sqlalchemy as sa

from app import clock
from app.db import db
from app.domain.actor import Role
from app.domain.permissions import Permission as Act
from app.domain.phone_forms import Template
from app.domain.quiet_hours import next_opening
from app.models.fallback import PhoneTask
from app.models.follow_up import FollowUpVisit
from app.models.sla import SlaClock
from app.models.subscription import WechatQuota
from app.models.ticket import Ticket
from app.models.wechat import WechatBinding
from jobs.forecast_reach import forecast_reach, review_forecasts
from tests.callers import Caller
from tests.domain.calendars import CALENDAR, local
from tests.domain.story import UNREACHED
from tests.factories import Case, make_account, make_cast, make_ticket
from tests.factories.wechat import make_binding, make_quota, make_template
from tests.factories.wecom import make_wecom_binding
from tests.services.notifications.insisting import give_number
from tests.statements import heard
from tests.wechat import APPID

DAY = timedelta(days=1)
SUBJECT = "supplement"


@pytest.fixture
def cast(client, wechat):
    return make_cast()


@pytest.fixture
def case(cast) -> Case:
    """A ticket for which material is missing."""
    case = make_ticket(cast=cast)
    case.act(Act.REQUEST_SUPPLEMENT)
    return case


def due_of(case: Case, kind: str = SUBJECT) -> datetime:
    query = sa.select(SlaClock.due_at).where(
        SlaClock.ticket_id == case.ticket.id, SlaClock.kind == kind, SlaClock.stopped_at.is_(None)
    )
    due_at = db.session.scalar(query)
    assert due_at
    return due_at


def eve_of(due_at: datetime) -> datetime:
    """Four o'clock on the day before."""
    day = due_at.astimezone(clock.LOCAL_ZONE) - DAY
    return day.replace(hour=16, minute=0)


def listed(caller: Caller, at: datetime) -> list[dict]:
    with clock.frozen(at):
        answer = caller.get("/unreachable-recipients")
    assert answer.status_code == 200, answer.text
    return answer.json["items"]


def reasons(row: dict) -> list[str]:
    return [each["reason"] for each in row["reasons"]]


def run(job, at: datetime) -> int:
    with clock.frozen(at):
        return job().items


def tasks() -> list[PhoneTask]:
    query = sa.select(PhoneTask).order_by(PhoneTask.id)
    return list(db.session.scalars(query.execution_options(populate_existing=True)))


def test_the_housekeeper_sees_who_for_what_and_why(client, case, cast):
    housekeeper, due_at = Caller(client, cast.housekeeper), due_of(case)
    [row] = listed(housekeeper, eve_of(due_at))
    assert (row["ticket_number"], row["matter"], row["kind"]) == (
        *(case.number, SUBJECT, "supplement_reminder"),
    )
    assert datetime.fromisoformat(row["due_at"]) == due_at
    assert (row["template"], row["recipient_role"]) == ("补正通知", "enterprise_admin")
    assert row["enterprise_name"] == cast.enterprise.name
    assert "*" in row["recipient"]
    assert reasons(row) == ["not-bound"]
    assert listed(housekeeper, eve_of(due_at) - 3 * DAY) == []
    assert listed(housekeeper, due_at + DAY) == []


def test_a_consent_that_is_left_reaches_and_one_that_is_spent_does_not(client, case, cast):
    housekeeper, eve = Caller(client, cast.housekeeper), eve_of(due_of(case))
    template, binding = make_template(Template.SUPPLEMENT), make_binding(cast.applicant, APPID)
    assert reasons(listed(housekeeper, eve)[0]) == ["no-consent"]
    make_quota(binding, template)
    assert listed(housekeeper, eve) == []
    db.session.execute(sa.update(WechatQuota).values(remaining=0))
    assert reasons(listed(housekeeper, eve)[0]) == ["no-consent"]
    db.session.execute(sa.update(WechatQuota).values(is_standing=True))
    assert listed(housekeeper, eve) == []
    db.session.execute(sa.update(WechatQuota).values(is_refused=True))
    assert reasons(listed(housekeeper, eve)[0]) == ["no-consent"]
    db.session.execute(sa.update(WechatBinding).values(ended_at=clock.real()))
    assert reasons(listed(housekeeper, eve)[0]) == ["not-bound"]


def test_a_template_that_does_not_work_reaches_nobody(client, case, cast):
    make_binding(cast.applicant, APPID)
    [row] = listed(Caller(client, cast.housekeeper), eve_of(due_of(case)))
    assert reasons(row) == ["template-unusable"]


def test_a_reminder_that_is_never_sent_by_text_is_not_helped_by_a_number(client, case, cast):
    give_number(cast.applicant)
    assert listed(Caller(client, cast.housekeeper), eve_of(due_of(case)))


def test_officials_are_the_coordinators_to_see(client, cast):
    case = make_ticket("handling", cast)
    due_at = due_of(case, "assignment")
    give_number(cast.unit_approver)
    found = listed(Caller(client, cast.coordinator), eve_of(due_at))
    assert {(row["matter"], row["recipient_role"]) for row in found} == {
        *(("assignment", "handler"), ("finish", "housekeeper"))
    }
    cast.unit_approver.account.phone = None
    db.session.flush()
    found = listed(Caller(client, cast.coordinator), eve_of(due_at))
    by_role = {row["recipient_role"]: row for row in found}
    assert reasons(by_role["unit_approver"]) == ["not-bound", "no-number"]
    assert listed(Caller(client, cast.housekeeper), eve_of(due_at)) == []


def test_an_official_in_wecom_is_reached_there_and_an_enterprise_is_not(client, case, cast):
    at_work = make_ticket("handling", make_cast())
    of_unit, of_owner = due_of(at_work, "assignment"), due_of(case)
    for person in (at_work.cast.handler, at_work.cast.unit_approver, cast.applicant):
        make_wecom_binding(person)
    found = listed(Caller(client, at_work.cast.coordinator), eve_of(of_unit))
    assert not {"handler", "unit_approver"} & {row["recipient_role"] for row in found}
    assert listed(Caller(client, cast.coordinator), eve_of(of_owner))


def test_each_is_looked_for_in_the_mini_programs_that_are_configured(client, case, cast):
    housekeeper, eve = Caller(client, cast.housekeeper), eve_of(due_of(case))
    here, elsewhere = APPID, "wxfedcba9876543210"
    binding = make_binding(cast.applicant, here)
    make_quota(binding, make_template(Template.SUPPLEMENT, appid=elsewhere))
    assert [reasons(row) for row in listed(housekeeper, eve)] == [["template-unusable"]]
    make_quota(binding, make_template(Template.SUPPLEMENT, "template-here", appid=here))
    assert listed(housekeeper, eve) == []
    make_binding(cast.applicant, elsewhere)
    assert listed(housekeeper, eve) == []


@pytest.mark.parametrize("secret", ["confidential", "about the housekeeper"])
def test_what_is_kept_from_the_housekeeper_does_not_appear(client, case, cast, secret):
    eve, housekeeper = eve_of(due_of(case)), Caller(client, cast.housekeeper)
    assert len(listed(housekeeper, eve)) == 1
    values: dict = {"is_confidential": True}
    if secret != "confidential":
        values = {"complained_housekeeper_id": cast.housekeeper_row.id}
    db.session.execute(sa.update(Ticket).where(Ticket.id == case.ticket.id).values(values))
    assert listed(housekeeper, eve) == []
    assert len(listed(Caller(client, cast.coordinator), eve)) == 1


def test_others_see_nothing_of_it(client, case, cast):
    eve = eve_of(due_of(case))
    stranger = make_cast()
    assert listed(Caller(client, stranger.housekeeper), eve) == []
    elsewhere = make_account(Role.COORDINATOR, area_prefix="4403")
    assert listed(Caller(client, elsewhere), eve) == []
    assert Caller(client, cast.applicant).get("/unreachable-recipients").status_code == 403


def test_a_planned_visit_needs_somebody_who_can_be_spoken_to(client, cast):
    planned = local("2026-06-11 00:00")
    visit = FollowUpVisit(
        enterprise_id=cast.enterprise.id,
        kind="yearly",
        planned_for=planned.date(),
        housekeeper_id=cast.housekeeper_row.id,
    )
    db.session.add(visit)
    db.session.flush()
    housekeeper, eve = Caller(client, cast.housekeeper), eve_of(planned + 16 * timedelta(hours=1))
    [row] = listed(housekeeper, eve)
    assert (row["ticket_number"], row["matter"], row["template"]) == (None, "visit", None)
    assert reasons(row) == ["not-bound", "no-number"]
    assert run(forecast_reach, eve) == 0
    give_number(cast.applicant)
    assert listed(housekeeper, eve) == []


def test_the_list_goes_on_behind_its_cursor(client, case, cast):
    for _ in range(2):
        make_account(Role.ENTERPRISE_STAFF, enterprise_id=cast.enterprise.id)
    housekeeper, seen = Caller(client, cast.housekeeper), 0
    cursor: str | None = ""
    with clock.frozen(eve_of(due_of(case))):
        while cursor is not None:
            page = housekeeper.get(f"/unreachable-recipients?limit=1{cursor}").json
            seen += len(page["items"])
            cursor = page["next_cursor"] and f"&cursor={page['next_cursor']}"
    assert seen == 3


def test_the_list_is_one_statement(client, case, cast):
    housekeeper = Caller(client, cast.housekeeper)
    eve = eve_of(due_of(case))
    listed(housekeeper, eve)
    with heard() as statements:
        listed(housekeeper, eve)
    assert len([one for one in statements if "unreachable" in one]) == 1
    assert len([one for one in statements if "sla_clocks" in one]) == 1


def test_callers_are_left_one_task_for_a_person_a_matter_and_a_due_time(client, case, cast):
    due_at = due_of(case)
    eve = eve_of(due_at)
    assert [run(forecast_reach, eve + timedelta(minutes=part)) for part in (0, 1)] == [1, 0]
    [task] = tasks()
    assert (task.account_id, task.matter, task.cause) == (
        *(cast.applicant.account.id, SUBJECT, "unreachable"),
    )
    assert (task.expires_at, task.due_at) == (due_at, due_at)
    assert task.call_from == next_opening(CALENDAR, at=eve)
    # On the last working day before, and on each day of rest: it is one matter all the same.
    assert run(forecast_reach, eve - DAY) == 0
    operator = Caller(client, cast.operator)
    [shown] = operator.get("/phone-tasks").json["items"]
    assert (shown["ticket_number"], shown["kind"], shown["title"]) == (
        *(case.number, "supplement_reminder", "补正提醒"),
    )
    assert datetime.fromisoformat(shown["due_at"]) == due_at
    assert shown["recipient_role"] == "enterprise_admin"
    with clock.frozen(eve):
        assert operator.post(f"/phone-tasks/{task.id}/claim").status_code == 200
        called = operator.post(f"/phone-tasks/{task.id}/calls", {"outcome": "reached"})
    assert called.json["state"] == "reached"


def test_officials_are_not_called(cast):
    case = make_ticket("handling", cast)
    assert run(forecast_reach, eve_of(due_of(case, "assignment"))) == 0


def test_who_was_called_in_vain_for_the_revisit_is_not_called_for_the_rating(cast):
    case = make_ticket("revisiting", cast)
    for at in ("2026-06-02 10:00", "2026-06-02 14:30", "2026-06-03 09:00"):
        case.act(Act.RECORD_REVISIT, UNREACHED, at=local(at))
    assert run(forecast_reach, eve_of(due_of(case, "evaluation"))) == 0


def test_a_rating_that_nobody_could_be_reminded_of_is_called_for(cast):
    case = make_ticket("evaluating", cast)
    assert run(forecast_reach, eve_of(due_of(case, "evaluation"))) == 1


@pytest.mark.parametrize("what", ["bound", "supplied", "past", "held"])
def test_it_is_dropped_once_it_is_reachable_untrue_or_past(client, case, cast, what):
    due_at = due_of(case)
    eve = eve_of(due_at)
    run(forecast_reach, eve)
    assert run(review_forecasts, eve) == 0
    at = eve + timedelta(minutes=5)
    if what == "supplied":
        case.act(Act.SUPPLY, at=at)
    elif what == "past":
        at = due_at
    else:
        make_quota(make_binding(cast.applicant, APPID), make_template(Template.SUPPLEMENT))
    if what == "held":
        with clock.frozen(eve):
            Caller(client, cast.operator).post(f"/phone-tasks/{tasks()[0].id}/claim")
    is_dropped = what != "held"
    assert run(review_forecasts, at) == is_dropped
    assert tasks()[0].state == ("dropped" if is_dropped else "open")


def test_with_nothing_to_review_one_statement_is_asked(cast):
    with heard() as statements:
        run(review_forecasts, local("2026-06-10 10:00"))
    assert len([one for one in statements if "FROM phone_tasks" in one]) == 1
    assert not [one for one in statements if "sla_clocks" in one]
