"""How many notices and calls there may be is a number of the rules: the database sets no other."""

from datetime import timedelta

import pytest

from app.domain.facts.acceptance import LateItem, SupplementNotice
from app.domain.permissions import Permission as Act
from app.domain.rules import Rule
from app.domain.vocabulary import Status
from tests.domain.story import UNREACHED
from tests.factories import make_ticket
from tests.factories.numbers import set_number

pytestmark = pytest.mark.usefixtures("database")

BEFORE = "2026-05-01"
DAY = timedelta(days=1)
AGAIN = SupplementNotice(
    items=("营业执照复印件",),
    late_items=(LateItem(was_visible_at_first=False, reason="后来才有的情况"),),
)


@pytest.mark.parametrize("attempts", [1, 2, 5])
def test_a_revisit_ends_after_as_many_calls_as_the_rule_says(attempts):
    set_number(Rule.REVISIT_ATTEMPTS, attempts, BEFORE)
    case = make_ticket(Status.REVISITING)
    for _ in range(attempts):
        assert case.ticket.status == Status.REVISITING
        case.act(Act.RECORD_REVISIT, UNREACHED, at=case.at + DAY)
    assert case.ticket.status == Status.EVALUATING


def test_there_may_be_as_many_notices_as_the_rule_says():
    set_number(Rule.SUPPLEMENT_NOTICES, 3, BEFORE)
    case = make_ticket(Status.SUPPLEMENTING)
    for _ in range(2):
        case.act(Act.SUPPLY)
        case.act(Act.REQUEST_SUPPLEMENT, AGAIN)
    assert case.ticket.supplement_count == 3
