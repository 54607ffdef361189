"""注销: nothing of an enterprise that closed goes on, and nothing of it is lost."""

import pytest

from app.db import db
from app.domain.actor import Role
from app.domain.errors import Forbidden, NotFound
from app.models.audit_entry import AuditEntry
from services.members.close import TicketsOpen, close_enterprise
from services.pairing.propose import NotInCharge
from tests.factories import (
    MONDAY,
    make_account,
    make_cast,
    make_enterprise,
    make_housekeeper,
    make_organisation,
    make_pairing,
    make_ticket,
)

pytestmark = pytest.mark.usefixtures("database")
REASON = "登记机关准予注销。"


@pytest.fixture
def officer():
    return make_account(Role.REGISTER_OFFICER).actor


def test_memberships_and_pairings_end(officer):
    enterprise = make_enterprise()
    member = make_account(Role.ENTERPRISE_ADMIN, enterprise_id=enterprise.id).membership
    elsewhere = make_account(Role.ENTERPRISE_ADMIN).membership
    lead = make_pairing(enterprise)
    proposed = make_pairing(enterprise, make_housekeeper(), role="deputy", is_active=False)
    close_enterprise(officer, enterprise.id, REASON, at=MONDAY)
    for row in (member, elsewhere, lead, proposed, enterprise):
        db.session.refresh(row)
    assert (enterprise.operating_state, enterprise.closed_on) == ("注销", MONDAY.date())
    assert (member.valid_until, elsewhere.valid_until) == (MONDAY, None)
    assert {lead.state, proposed.state} == {"ended"}


def test_an_enterprise_with_open_tickets_is_not_closed(officer):
    case = make_ticket("submitted")
    with pytest.raises(TicketsOpen, match=case.number):
        close_enterprise(officer, case.cast.enterprise.id, REASON, at=MONDAY)
    assert case.cast.enterprise.operating_state == "投产运营"


@pytest.mark.parametrize("status", ["archived", "withdrawn", "refused"])
def test_what_is_over_hinders_nothing(officer, status):
    case = make_ticket(status)
    close_enterprise(officer, case.cast.enterprise.id, REASON, at=MONDAY)
    assert case.cast.enterprise.operating_state == "注销"


def test_twice_is_once(officer):
    enterprise = make_enterprise()
    for _ in range(2):
        close_enterprise(officer, enterprise.id, REASON, at=MONDAY)
    assert db.session.query(AuditEntry).filter_by(action="close_enterprise").count() == 1


def test_only_officials_of_the_area_close(officer):
    cast = make_cast()
    with pytest.raises(Forbidden):
        close_enterprise(cast.applicant.actor, cast.enterprise.id, REASON, at=MONDAY)
    elsewhere = make_account(Role.REGISTER_OFFICER, area_prefix="210303").actor
    with pytest.raises(NotFound):
        close_enterprise(elsewhere, cast.enterprise.id, REASON, at=MONDAY)


def test_an_officer_closes_what_the_own_unit_reports():
    unit = make_organisation(reports_categories=["规上工业"])
    officer = make_account(Role.REGISTER_OFFICER, organisation_id=unit.id).actor
    own, foreign = make_enterprise(categories=("规上工业",)), make_enterprise()
    with pytest.raises(NotInCharge):
        close_enterprise(officer, foreign.id, REASON, at=MONDAY)
    close_enterprise(officer, own.id, REASON, at=MONDAY)
    assert (foreign.closed_on, own.closed_on) == (None, MONDAY.date())
