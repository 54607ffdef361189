"""One door to a ticket: seen, allowed, in time, or refused with nothing changed."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

import pytest
import sqlalchemy as sa

from app.db import db
from app.domain.errors import (
    Forbidden,
    IllegalTransition,
    InvalidInput,
    NotFound,
    Refused,
    StaleVersion,
)
from app.domain.facts.acceptance import Acceptance
from app.domain.facts.coordination import Dispatch
from app.domain.facts.handling import Answer, Approval, Opinion
from app.domain.permissions import Permission as Act
from app.domain.vocabulary import ResultCode, Status, TicketClass
from app.models.assignment import Assignment
from app.models.attachment import Attachment
from app.models.audit_entry import AuditEntry
from app.models.evaluation import Evaluation
from app.models.notification import Notification
from app.models.reply import Reply
from app.models.revisit import Revisit, RevisitAttempt
from app.models.sla import SlaClock
from app.models.supplement_request import SupplementRequest
from app.models.ticket import Ticket
from app.models.ticket_event import TicketEvent
from tests.domain.story import ANSWER
from tests.factories import Case, make_account, make_ticket

pytestmark = pytest.mark.usefixtures("database")

TABLES = (
    *(Ticket, TicketEvent, Assignment, SlaClock, SupplementRequest, Reply, Revisit),
    *(RevisitAttempt, Evaluation, Notification, AuditEntry),
)
NOBODYS = 2**40


def everything() -> dict[str, list[str]]:
    """All rows that an action may touch."""
    db.session.expire_all()
    return {
        model.__tablename__: sorted(map(repr, db.session.execute(sa.select(model.__table__)).all()))
        for model in TABLES
    }


@contextmanager
def refused(error: type[Exception]) -> Iterator[pytest.ExceptionInfo]:
    """The block is refused with `error`, and not a row is different afterwards."""
    before = everything()
    with pytest.raises(error) as caught:
        yield caught
    assert everything() == before


def test_what_one_does_not_see_is_not_there():
    case = make_ticket()
    for stranger in ("enterprise_admin", "housekeeper", "handler", "revisitor"):
        with refused(NotFound):
            case.act(Act.ACCEPT, by=make_account(stranger).actor)
    with refused(NotFound):
        case.act(Act.ACCEPT, by=make_account("coordinator", area_prefix="210303").actor)


def test_a_number_that_was_never_given_is_not_there():
    case = make_ticket()
    case.number = "AS20260601-999999"
    with refused(NotFound):
        case.act(Act.ACCEPT)


def test_what_one_sees_but_may_not_do_is_forbidden():
    case = make_ticket()
    with refused(Forbidden):
        case.act(Act.ACCEPT, by=case.cast.applicant.actor)


def test_a_stale_version_names_who_changed_it():
    case = make_ticket()
    version = case.ticket.version
    case.act(Act.FIRST_CONTACT)
    with refused(StaleVersion) as stale:
        case.act(Act.ACCEPT, expected_version=version)
    assert stale.value.current_version == version + 1
    assert stale.value.changed_by == case.cast.housekeeper.account.name
    assert stale.value.changed_at == case.ticket.changed_at


def test_a_version_of_the_future_is_stale_too():
    case = make_ticket()
    with refused(StaleVersion):
        case.act(Act.ACCEPT, expected_version=case.ticket.version + 1)


def test_the_present_version_is_accepted_and_the_next_one_follows():
    case = make_ticket()
    case.act(Act.ACCEPT, expected_version=1)
    assert (case.ticket.version, case.ticket.event_seq) == (2, 2)


def test_who_may_not_act_is_not_told_of_a_stale_version():
    case = make_ticket()
    with refused(Forbidden):
        case.act(Act.ACCEPT, by=case.cast.applicant.actor, expected_version=99)


def test_an_illegal_action_changes_nothing():
    case = make_ticket(Status.ACCEPTED)
    with refused(IllegalTransition) as illegal:
        case.act(Act.ACCEPT)
    assert illegal.value.status == "accepted"
    assert "dispatch" in illegal.value.allowed
    assert illegal.value.changed_by == case.cast.housekeeper.account.name
    assert illegal.value.changed_at == case.ticket.changed_at


def test_an_enterprise_learns_the_role_of_who_was_first_and_nobody_of_a_check():
    case = make_ticket(Status.HANDLING)
    case.act(Act.FIRST_CONTACT)
    with refused(IllegalTransition) as illegal:
        case.act(Act.SUPPLY)
    assert illegal.value.changed_by == "管家"
    case.act(Act.WITHDRAW)
    case.act(Act.RECORD_PRESSURE_CHECK)
    with refused(IllegalTransition) as illegal:
        case.act(Act.FIRST_CONTACT)
    assert illegal.value.changed_by == case.cast.applicant.account.name


@pytest.mark.parametrize(
    ("status", "action", "given", "pointer"),
    [
        (
            Status.SUBMITTED,
            Act.ACCEPT,
            Acceptance(TicketClass.NORMAL, "magic"),
            "/category_code",
        ),
        (Status.ACCEPTED, Act.DISPATCH, Dispatch(NOBODYS), "/lead_organisation_id"),
        (
            Status.HANDLING,
            Act.GIVE_OPINION,
            Opinion("同意", (NOBODYS,)),
            "/attachment_ids/0",
        ),
        (
            Status.ACCEPTED,
            Act.ANSWER_DIRECTLY,
            Answer(ResultCode.PARTLY, "部分解决", is_contacted=False),
            "/unsolved_reason",
        ),
    ],
)
def test_facts_that_lead_nowhere_are_named(status, action, given, pointer):
    case = make_ticket(status)
    with refused(InvalidInput) as error:
        case.act(action, given)
    assert [each.pointer for each in error.value.errors] == [pointer]


def test_each_helper_that_does_not_exist_is_named():
    case = make_ticket(Status.ACCEPTED)
    given = Dispatch(case.cast.lead_unit.id, (case.cast.co_unit.id, NOBODYS, NOBODYS + 1))
    with refused(InvalidInput) as error:
        case.act(Act.DISPATCH, given)
    pointers = [each.pointer for each in error.value.errors]
    assert pointers == ["/co_organisation_ids/1", "/co_organisation_ids/2"]


def test_a_rule_that_says_no_changes_nothing():
    case = make_ticket(Status.HANDLING)
    case.act(Act.REPLY)
    with refused(Refused):
        case.act(Act.RULE_REPLY)


def test_an_archive_before_its_time_changes_nothing():
    case = make_ticket(Status.EVALUATING)
    with refused(Refused):
        case.act(Act.ARCHIVE)


def test_time_never_runs_backwards_in_a_history():
    case = make_ticket()
    change = case.act(Act.ACCEPT, at=case.at - timedelta(hours=1))
    assert change.event.at == case.ticket.changed_at == case.ticket.submitted_at


def uploaded(case: Case, owner: int) -> int:
    """A file of `owner` that nothing has taken up."""
    attachment = Attachment(
        account_id=owner,
        filename="照片.png",
        media_type="image/png",
        size=1,
        sha256=b"",
        storage_key=f"{owner}-{case.number}",
        created_at=case.at,
    )
    db.session.add(attachment)
    db.session.flush()
    return attachment.id


def test_a_file_is_taken_up_by_the_event_once():
    case = make_ticket(Status.HANDLING)
    file = uploaded(case, case.cast.co_handler.account.id)
    change = case.act(Act.GIVE_OPINION, Opinion("同意", (file,)))
    row = db.session.get_one(Attachment, file, populate_existing=True)
    assert (row.ticket_id, row.event_seq) == (case.ticket.id, change.event.seq)
    case.act(Act.REPLY)
    case.act(Act.RULE_REPLY, Approval(approved=False, note="请补充"))
    with refused(InvalidInput):
        case.act(Act.REPLY, Answer(ANSWER.result_code, "答复", False, attachment_ids=(file,)))


def test_another_persons_file_is_nobodys():
    case = make_ticket(Status.HANDLING)
    file = uploaded(case, case.cast.handler.account.id)
    with refused(InvalidInput):
        case.act(Act.GIVE_OPINION, Opinion("同意", (file,)))


def test_every_action_leaves_an_event_a_notice_and_an_audit_entry():
    case = make_ticket(Status.ACCEPTED)
    event = db.session.scalars(sa.select(TicketEvent).where(TicketEvent.seq == 2)).one()
    assert (event.action, event.from_status, event.to_status) == ("accept", "submitted", "accepted")
    assert (event.account_id, event.ip) == (case.cast.housekeeper.account.id, "127.0.0.1")
    told = db.session.scalars(sa.select(Notification).where(Notification.event_seq == 2)).one()
    assert (told.account_id, told.kind) == (case.cast.applicant.account.id, "accepted")
    assert case.number in told.body + told.title
    entry = db.session.scalars(sa.select(AuditEntry).where(AuditEntry.action == "accept")).one()
    assert (entry.subject, entry.role) == (f"ticket:{case.number}", "housekeeper")
