"""容缺 in the database: for whom, who hears, and that what failed begins again."""

from datetime import date

import pytest
import sqlalchemy as sa

from app.db import db
from app.domain.decisions.deferral import NotEligible
from app.domain.errors import Forbidden, NotFound
from app.domain.facts.acceptance import Acceptance
from app.domain.facts.deferral import Deferral
from app.domain.permissions import Permission as Act
from app.domain.register import CATEGORIES
from app.domain.vocabulary import Status, TicketClass
from app.models.audit_entry import AuditEntry
from app.models.enterprise import Enterprise
from services.coordination.resubmission import resubmit
from services.directory.credit import state_credit
from services.gateways.file_store import FileStore
from services.tickets.deadline_audit import audit_after
from services.tickets.show import show_ticket
from tests.domain.calendars import local
from tests.factories import Case, make_account, make_cast, make_organisation, make_ticket
from tests.services.tickets.test_notices import heard

pytestmark = pytest.mark.usefixtures("database")

PROMISED = Acceptance(
    TicketClass.APPROVAL,
    "approval",
    promised_days=5,
    deferral=Deferral(("环评批复",), date(2026, 6, 5)),
)


def deferred() -> Case:
    return make_ticket(Status.ACCEPTED, accept=PROMISED)


@pytest.fixture
def officer(database):
    unit = make_organisation(reports_categories=list(CATEGORIES))
    return make_account("register_officer", organisation_id=unit.id).actor


def test_the_enterprise_reads_what_it_has_promised():
    case = deferred()
    shown = show_ticket(case.cast.applicant.actor, case.number, at=case.at)
    [matter] = shown["matters"]
    assert (matter["kind"], matter["opened_by"]) == ("deferral", None)
    assert matter["details"] == {"items": ["环评批复"], "promise_date": "2026-06-05"}
    assert case.number not in {one.number for one in audit_after(0).drifts}


def test_who_hears_that_it_has_come():
    case = deferred()
    case.act(Act.DISPATCH)
    seq = case.act(Act.SUPPLY_DEFERRED).event.seq
    assert heard(case, seq) == {"deferral_supplied": {"housekeeper", "handler"}}


def test_what_failed_begins_again(tmp_path):
    case = deferred()
    case.act(Act.DISPATCH)
    seq = case.act(Act.FAIL_DEFERRAL, at=local("2026-06-08 09:00")).event.seq
    assert heard(case, seq) == {"deferral_failed": {"applicant", "handler", "co_handler"}}
    again = resubmit(case.cast.applicant.actor, case.number, "AS", FileStore(tmp_path), at=case.at)
    assert again.number != case.number


def test_an_enterprise_with_an_unrepaired_record_is_not_eligible(officer):
    cast = make_cast()
    state_credit(officer, cast.enterprise.id, "列入失信名单", is_discredited=True)
    case = make_ticket(Status.SUBMITTED, cast)
    with pytest.raises(NotEligible):
        case.act(Act.ACCEPT, PROMISED)
    state_credit(officer, cast.enterprise.id, "已经修复", is_discredited=False)
    case.act(Act.ACCEPT, PROMISED)
    assert case.ticket.status == "accepted"


def test_the_record_is_audited_with_its_reason(officer):
    enterprise_id = make_cast().enterprise.id
    state_credit(officer, enterprise_id, "列入失信名单", is_discredited=True)
    query = sa.select(AuditEntry.facts).where(AuditEntry.action == "state_credit")
    assert db.session.scalars(query).one() == {"is_discredited": True, "reason": "列入失信名单"}
    stored = sa.select(Enterprise.is_discredited).where(Enterprise.id == enterprise_id)
    assert db.session.scalar(stored) is True


def test_only_who_reports_an_enterprise_states_its_record(officer):
    enterprise_id = make_cast().enterprise.id
    with pytest.raises(NotFound):
        state_credit(officer, 2**40, "列入失信名单", is_discredited=True)
    coordinator = make_account("coordinator").actor
    with pytest.raises(Forbidden):
        state_credit(coordinator, enterprise_id, "列入失信名单", is_discredited=True)
