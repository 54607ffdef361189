"""What goes to phones is written with the change: to whom, which fields, from when until when."""

import re
from datetime import datetime, timedelta

import pytest
import sqlalchemy as sa

from app.db import db
from app.domain.facts.acceptance import Acceptance
from app.domain.facts.warnings import CardIssue, Reminding
from app.domain.message_kinds import MessageKind
from app.domain.permissions import Permission as Act
from app.domain.phone_forms import FORMS, TODO
from app.domain.sla_clock import Clock, ClockKind, Rung
from app.domain.vocabulary import Status, TicketClass
from app.domain.work_calendar import LOCAL_ZONE
from app.models.delivery import Delivery
from app.models.notification import Notification
from app.models.sla import SlaClock
from tests.domain.story import MINUTE, MONDAY, UNSOLVED
from tests.factories import Case, Person, make_account, make_binding, make_cast, make_ticket

pytestmark = pytest.mark.usefixtures("database")

FRIDAY_EVENING = datetime(2026, 6, 5, 18, 30, tzinfo=LOCAL_ZONE)
MONDAY_MORNING = datetime(2026, 6, 8, 8, 30, tzinfo=LOCAL_ZONE)


def phoned(case: Case, seq: int) -> list[Delivery]:
    """The deliveries of an event."""
    query = (
        sa.select(Delivery)
        .join(Notification, Notification.id == Delivery.notification_id)
        .where(Notification.ticket_id == case.ticket.id, Notification.event_seq == seq)
    )
    return list(db.session.scalars(query))


def told(case: Case, seq: int, person: Person) -> Notification:
    """What the person was told of an event."""
    query = sa.select(Notification).where(
        Notification.ticket_id == case.ticket.id,
        Notification.event_seq == seq,
        Notification.account_id == person.account.id,
    )
    return db.session.scalars(query).one()


def shown(instant: datetime | None) -> str:
    """An instant as a phone shows it."""
    assert instant is not None
    return f"{instant.astimezone(LOCAL_ZONE):%Y-%m-%d %H:%M}"


def count_deliveries() -> int:
    return db.session.scalar(sa.select(sa.func.count()).select_from(Delivery)) or 0


def usefulness(kind: MessageKind) -> timedelta:
    """How long a kind of message is of use on a phone."""
    useful_for = FORMS[kind].useful_for
    assert useful_for is not None
    return useful_for


def test_what_goes_to_a_phone_is_written_with_the_change():
    case = make_ticket()
    binding = make_binding(case.cast.applicant)
    change = case.act(Act.ACCEPT)
    message = told(case, change.event.seq, case.cast.applicant)
    assert message.membership_id == case.cast.applicant.membership.id
    assert (message.template, message.fields) == (
        "受理通知",
        {
            "诉求编号": case.number,
            "受理时间": "2026-06-01 10:01",
            "办结期限": shown(case.ticket.due_at),
            "温馨提示": "诉求已受理，请留意办理进度",
        },
    )
    [delivery] = phoned(case, change.event.seq)
    assert (delivery.notification_id, delivery.binding_id) == (message.id, binding.id)
    assert (delivery.template, delivery.state, delivery.attempts) == ("受理通知", "pending", 0)
    assert delivery.rank == FORMS[MessageKind.ACCEPTED].rank
    assert delivery.send_at == change.event.at
    assert delivery.expires_at == change.event.at + usefulness(MessageKind.ACCEPTED)


def test_nothing_goes_to_who_has_no_standing_binding():
    case = make_ticket()
    ended = make_binding(case.cast.applicant)
    ended.ended_at = ended.bound_at
    make_binding(case.cast.housekeeper)
    case.act(Act.ACCEPT)
    assert count_deliveries() == 0


def test_what_stays_in_the_inbox_goes_to_no_phone():
    case = make_ticket()
    make_binding(case.cast.housekeeper)
    change = case.act(Act.WITHDRAW)
    message = told(case, change.event.seq, case.cast.housekeeper)
    assert (message.kind, message.template, message.fields) == ("withdrawn", None, None)
    assert message.membership_id == case.cast.housekeeper.membership.id
    assert count_deliveries() == 0


def test_who_acts_gets_nothing_on_the_own_phone():
    case = make_ticket()
    make_binding(case.cast.coordinator)
    other = make_binding(case.cast.second_coordinator)
    change = case.act(Act.PROPOSE_REFUSAL)
    [delivery] = phoned(case, change.event.seq)
    assert delivery.binding_id == other.id


def test_a_person_of_several_roles_and_bindings_is_phoned_once():
    case = make_ticket(Status.REVISITING)
    person = case.cast.coordinator
    make_account("housekeeper", person.account, housekeeper_id=case.cast.housekeeper_row.id)
    make_binding(person, appid="wx0000000000000001")
    newest = make_binding(person)
    change = case.act(Act.RECORD_REVISIT, UNSOLVED)
    message = told(case, change.event.seq, person)
    assert message.membership_id == person.membership.id
    [delivery] = phoned(case, change.event.seq)
    assert delivery.binding_id == newest.id


def test_deliveries_go_back_with_their_change():
    case = make_ticket()
    make_binding(case.cast.applicant)
    savepoint = db.session.begin_nested()
    case.act(Act.ACCEPT)
    assert count_deliveries() == 1
    savepoint.rollback()
    assert count_deliveries() == 0


def test_every_unit_is_shown_its_own_due_time():
    case = make_ticket(Status.ACCEPTED)
    change = case.act(Act.DISPATCH)
    clocks = {one.organisation_id: one for one in change.records if isinstance(one, Clock)}
    for person in (case.cast.handler, case.cast.co_handler):
        message = told(case, change.event.seq, person)
        due = clocks[person.membership.organisation_id].due_at
        assert message.fields["待办事项"] == "待签收"
        assert message.fields["办理期限"] == shown(due)


def test_later_the_unit_still_is_shown_its_own_due_time():
    case = make_ticket(Status.ACCEPTED)
    dispatched = case.act(Act.DISPATCH, at=MONDAY + timedelta(days=1))
    clocks = [one for one in dispatched.records if isinstance(one, Clock)]
    case.act(Act.GIVE_OPINION)
    [due] = [one.due_at for one in clocks if one.organisation_id == case.cast.lead_unit.id]
    assert due != case.ticket.due_at
    change = case.act(Act.REPLY)
    fields = told(case, change.event.seq, case.cast.unit_approver).fields
    assert (fields["待办事项"], fields["办理期限"]) == ("待审批", shown(due))


def test_what_is_missing_is_due_by_the_clock_of_the_enterprise():
    case = make_ticket()
    change = case.act(Act.REQUEST_SUPPLEMENT)
    [due] = [
        one.due_at
        for one in change.records
        if isinstance(one, Clock) and one.kind is ClockKind.SUPPLEMENT
    ]
    fields = told(case, change.event.seq, case.cast.applicant).fields
    assert fields["补正期限"] == shown(due)


def test_a_card_shows_its_own_clock_not_the_one_of_the_ticket():
    case = make_ticket()
    query = sa.select(SlaClock.due_at).where(
        SlaClock.ticket_id == case.ticket.id, SlaClock.kind == ClockKind.FIRST_CONTACT
    )
    due_at = db.session.scalars(query).one()
    assert due_at is not None
    assert due_at != case.ticket.due_at
    card = CardIssue(ClockKind.FIRST_CONTACT, Rung.RED)
    change = case.act(Act.ISSUE_CARD, card, at=due_at + MINUTE)
    fields = told(case, change.event.seq, case.cast.housekeeper).fields
    assert (fields["超期事项"], fields["到期时间"]) == ("首次联系", shown(due_at))


def test_a_warning_is_of_use_until_its_clock_is_due():
    case = make_ticket(Status.ACCEPTED)
    make_binding(case.cast.housekeeper)
    due_at = case.ticket.due_at
    card = CardIssue(ClockKind.FINISH, Rung.YELLOW)
    change = case.act(Act.ISSUE_CARD, card, at=case.ticket.yellow_at)
    [delivery] = phoned(case, change.event.seq)
    assert (delivery.template, delivery.expires_at) == ("即将到期", due_at)


def test_a_reminder_says_until_when_what_is_missing_may_come():
    case = make_ticket(Status.SUPPLEMENTING)
    make_binding(case.cast.applicant)
    query = sa.select(SlaClock.remind_at, SlaClock.due_at).where(
        SlaClock.ticket_id == case.ticket.id, SlaClock.kind == ClockKind.SUPPLEMENT
    )
    remind_at, due_at = db.session.execute(query).one()
    change = case.act(Act.REMIND, Reminding(ClockKind.SUPPLEMENT), at=remind_at)
    message = told(case, change.event.seq, case.cast.applicant)
    assert (message.kind, message.template) == ("supplement_reminder", "补正通知")
    assert message.fields["补正期限"] == shown(due_at)
    [delivery] = phoned(case, change.event.seq)
    assert delivery.expires_at == due_at


def test_what_comes_in_at_night_is_held_to_the_next_opening():
    cast = make_cast()
    make_binding(cast.housekeeper)
    case = make_ticket(cast=cast, at=FRIDAY_EVENING)
    [delivery] = phoned(case, case.ticket.event_seq)
    assert delivery.send_at == MONDAY_MORNING
    assert delivery.expires_at == MONDAY_MORNING + usefulness(MessageKind.NEW_TODO)


def test_an_urgent_ticket_rings_at_night():
    case = make_ticket()
    make_binding(case.cast.handler)
    case.act(Act.ACCEPT, Acceptance(TicketClass.URGENT, "utilities"), at=FRIDAY_EVENING)
    change = case.act(Act.DISPATCH)
    [delivery] = phoned(case, change.event.seq)
    assert delivery.send_at == change.event.at


def test_an_answer_at_night_rings_with_the_enterprise_alone():
    case = make_ticket(Status.HANDLING)
    applicant, housekeeper = (
        make_binding(person).id for person in (case.cast.applicant, case.cast.housekeeper)
    )
    for step in (Act.GIVE_OPINION, Act.REPLY, Act.COUNTERSIGN):
        case.act(step)
    change = case.act(Act.RULE_REPLY, at=FRIDAY_EVENING)
    opening = {each.binding_id: each.send_at for each in phoned(case, change.event.seq)}
    assert opening == {applicant: FRIDAY_EVENING, housekeeper: MONDAY_MORNING}


def test_nothing_of_the_ticket_itself_is_shown_on_a_phone():
    case = make_ticket(Status.ARCHIVED)
    query = sa.select(Notification.fields).where(
        Notification.ticket_id == case.ticket.id, Notification.fields.is_not(None)
    )
    told_of = [set(fields.values()) for fields in db.session.scalars(query)]
    allowed = {form.hint for form in FORMS.values()} | set(TODO.values()) | {case.number}
    assert told_of
    for texts in told_of:
        assert all(re.fullmatch(r"\d{4}-\d\d-\d\d \d\d:\d\d", text) for text in texts - allowed)
