"""逾期未补正: the sweep takes as withdrawn what was asked for and not brought, and nothing else."""

from datetime import timedelta

import pytest

from app import clock
from app.domain.permissions import Permission as Act
from app.domain.sla_clock import ClockKind
from app.domain.vocabulary import Status
from jobs.lapse_supplements import lapse_supplements
from tests.factories import make_ticket
from tests.services.tickets.test_notices import clocks_of, heard

pytestmark = pytest.mark.usefixtures("database")


def sweep(at) -> int:
    with clock.frozen(at):
        outcome = lapse_supplements()
    assert outcome.failures == 0
    return outcome.items


def test_it_lapses_after_the_last_moment_and_the_enterprise_hears():
    case = make_ticket(Status.SUPPLEMENTING)
    [due] = [one.due_at for one in clocks_of(case) if one.kind == ClockKind.SUPPLEMENT]
    assert due is not None
    assert sweep(due) == 0
    assert sweep(due + timedelta(seconds=1)) == 1
    assert (case.ticket.status, case.ticket.lapse_ground) == ("withdrawn", "supplement_overdue")
    told = heard(case, case.ticket.event_seq)
    assert told == {"supplement_lapsed": {"applicant", "housekeeper"}}
    assert sweep(due + timedelta(days=9)) == 0


def test_who_brought_it_is_left_alone():
    case = make_ticket(Status.SUPPLEMENTING)
    case.act(Act.SUPPLY)
    assert sweep(case.at + timedelta(days=30)) == 0
    assert case.ticket.status == "submitted"
