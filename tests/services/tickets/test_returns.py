"""退回 in the database: the rule that is kept, who is told, what is suggested, one lead still."""

from dataclasses import replace

import pytest
import sqlalchemy as sa

from app.db import db
from app.domain.errors import InvalidInput, NotFound
from app.domain.facts.acceptance import Acceptance
from app.domain.facts.coordination import Dispatch
from app.domain.facts.intake import Complained
from app.domain.facts.returning import Conclusion, ReturnRequest, ReturnRuling
from app.domain.keyset import Page
from app.domain.permissions import Permission as Act
from app.domain.vocabulary import ReturnGround, Status, TicketClass
from app.models.assignment import Assignment
from app.models.matter import Matter
from app.models.routing_rule import RoutingRule
from app.models.ticket import Ticket
from services.coordination.suggestions import suggest_units
from services.tickets.assignments import find_assignments
from services.tickets.deadline_audit import audit_after
from services.tickets.queues import in_queue
from tests.domain.story import USUAL
from tests.factories import Case, make_account, make_cast, make_organisation, make_ticket
from tests.services.tickets.test_notices import COORDINATORS, heard

pytestmark = pytest.mark.usefixtures("database")

WHY = "该路段由另一单位管理。"


def returned(**given) -> Case:
    """The lead's return was upheld; the helping unit was suggested."""
    case = make_ticket(Status.HANDLING, **given)
    for action in (Act.REQUEST_RETURN, Act.CONSENT_RETURN, Act.RULE_RETURN):
        case.act(action)
    return case


def test_a_part_that_a_unit_would_return_stands_in_the_list_once():
    case = make_ticket(Status.HANDLING)
    case.act(Act.REQUEST_RETURN)
    case.act(Act.CONSENT_RETURN)
    found, _ = find_assignments(case.cast.coordinator.actor, None, Page(25, None), at=case.at)
    assert sorted(one["role"] for one in found) == ["co", "lead"]


def test_what_was_returned_may_have_another_lead():
    case = returned()
    third = make_organisation()
    case.act(Act.DISPATCH, Dispatch(third.id))
    parts = {
        one.organisation_id: (one.role, one.state)
        for one in db.session.scalars(sa.select(Assignment))
        if one.ticket_id == case.ticket.id
    }
    assert parts == {
        case.cast.lead_unit.id: ("lead", "returned"),
        case.cast.co_unit.id: ("co", "dispatched"),
        third.id: ("lead", "dispatched"),
    }
    assert case.number not in {one.number for one in audit_after(0).drifts}


def test_an_upheld_return_is_a_rule_with_its_source():
    case = returned()
    [rule] = db.session.scalars(
        sa.select(RoutingRule).where(RoutingRule.ticket_id == case.ticket.id)
    )
    [matter] = db.session.scalars(sa.select(Matter).where(Matter.ticket_id == case.ticket.id))
    assert (rule.seq, rule.organisation_id) == (matter.seq, case.cast.co_unit.id)
    assert (rule.category_code, rule.is_binding, rule.made_at) == ("utilities", False, case.at)
    assert rule.area_prefix == case.cast.coordinator.actor.area_prefix


@pytest.mark.parametrize(
    ("before", "action", "messages"),
    [
        ((), Act.REQUEST_RETURN, {"return_asked": {"unit_approver"}}),
        ((Act.REQUEST_RETURN,), Act.CONSENT_RETURN, {"return_asked": COORDINATORS}),
        (
            (Act.REQUEST_RETURN, Act.CONSENT_RETURN),
            Act.RULE_RETURN,
            {
                "return_ruled": {"handler", "unit_approver"},
                "new_todo": {"second_coordinator", "housekeeper"},
            },
        ),
        ((), Act.CONVENE, {"convened": {"handler", "unit_approver", "co_handler"}}),
        ((Act.CONVENE,), Act.CONCLUDE_CONSULTATION, {"new_todo": {"handler", "co_handler"}}),
    ],
)
def test_who_hears_of_it(before, action, messages):
    case = make_ticket(Status.HANDLING)
    for step in before:
        case.act(step)
    assert heard(case, case.act(action).event.seq) == messages


def test_who_returned_it_hears_nothing_of_the_next_dispatch():
    case = returned()
    seq = case.act(Act.DISPATCH, Dispatch(make_organisation().id)).event.seq
    assert heard(case, seq) == {"new_todo": {"co_handler"}}


@pytest.mark.parametrize(
    ("action", "given"),
    [
        (Act.REQUEST_RETURN, ReturnRequest(ReturnGround.NOT_OUR_DUTY, WHY, 2**40)),
        (Act.CONCLUDE_CONSULTATION, Conclusion("会商确定。", 2**40)),
    ],
)
def test_the_units_that_are_named_exist(action, given):
    case = make_ticket(Status.HANDLING)
    case.act(Act.CONVENE)
    with pytest.raises(InvalidInput) as error:
        case.act(action, given)
    assert error.value.errors[0].code == "unknown-organisation"


def suggested(case: Case) -> list[tuple[int, str]]:
    found = suggest_units(case.cast.coordinator.actor, case.number)
    return [(one.organisation_id, one.ground) for one in found]


def test_the_next_of_the_kind_is_sent_where_the_last_belonged():
    earlier = returned()
    like = make_ticket(Status.ACCEPTED, earlier.cast)
    [(unit, ground)] = suggested(like)
    assert (unit, ground) == (earlier.cast.co_unit.id, "ruled")
    other_kind = Acceptance(TicketClass.NORMAL, "finance")
    assert suggested(make_ticket(Status.ACCEPTED, earlier.cast, accept=other_kind)) == []


def test_who_is_complained_of_is_not_suggested():
    earlier = returned()
    earlier.cast.co_unit.handles_categories = ["utilities"]
    db.session.flush()
    about = Complained(organisation_ids=(earlier.cast.co_unit.id,))
    said = replace(USUAL[Act.SUBMIT], complains_of=about)
    assert suggested(make_ticket(Status.ACCEPTED, earlier.cast, submit=said)) == []


def test_a_ruling_names_its_ticket_to_who_sees_it():
    kept = replace(USUAL[Act.SUBMIT], is_confidential=True)
    cast = make_cast()
    secret = make_ticket(cast=cast, submit=kept)
    for action in (Act.ACCEPT, Act.DISPATCH):
        secret.act(action, by=cast.coordinator.actor)
    for action in (Act.REQUEST_RETURN, Act.CONSENT_RETURN, Act.RULE_RETURN):
        secret.act(action)
    like = make_ticket(Status.ACCEPTED, cast)
    told = {
        part: [
            (one.ground, one.source_number)
            for one in suggest_units(getattr(cast, part).actor, like.number)
        ]
        for part in ("coordinator", "housekeeper")
    }
    assert told == {"coordinator": [("ruled", secret.number)], "housekeeper": [("ruled", None)]}


def test_a_rule_of_another_area_is_not_suggested():
    earlier = returned()
    rule = db.session.scalars(
        sa.select(RoutingRule).where(RoutingRule.ticket_id == earlier.ticket.id)
    ).one()
    rule.area_prefix = "999999"
    db.session.flush()
    assert suggested(make_ticket(Status.ACCEPTED, earlier.cast)) == []


def test_what_binds_comes_first_and_the_newest_before_the_older():
    first = returned()
    cast = first.cast
    second = make_ticket(Status.HANDLING, cast)
    second.act(Act.CONVENE)
    second.act(Act.CONCLUDE_CONSULTATION)
    third_unit = make_organisation()
    third = make_ticket(Status.HANDLING, cast, at=second.at)
    third.act(Act.REQUEST_RETURN, ReturnRequest(ReturnGround.NOT_OUR_DUTY, WHY, third_unit.id))
    third.act(Act.CONSENT_RETURN)
    third.act(Act.RULE_RETURN)
    by_duty = make_organisation()
    by_duty.handles_categories = ["utilities"]
    by_duty.area_code = None
    db.session.flush()
    assert suggested(make_ticket(Status.ACCEPTED, cast)) == [
        (cast.lead_unit.id, "binding"),
        (third_unit.id, "ruled"),
        (cast.co_unit.id, "ruled"),
        (by_duty.id, "duty"),
    ]


def test_who_returned_this_one_is_not_suggested_for_it():
    case = make_ticket(Status.HANDLING)
    case.cast.lead_unit.handles_categories = ["utilities"]
    case.cast.lead_unit.area_code = None
    db.session.flush()
    assert (case.cast.lead_unit.id, "duty") in suggested(case)
    for action in (Act.REQUEST_RETURN, Act.CONSENT_RETURN, Act.RULE_RETURN):
        case.act(action)
    assert case.cast.lead_unit.id not in dict(suggested(case))


def test_a_ticket_out_of_sight_has_no_suggestions():
    with pytest.raises(NotFound):
        suggest_units(make_account("coordinator", area_prefix="99").actor, make_ticket().number)


def waiting(case: Case, person, queue: str) -> bool:
    query = sa.select(Ticket.id).where(Ticket.number == case.number, in_queue(person.actor, queue))
    return db.session.scalar(query) is not None


def test_the_work_lists_know_who_is_waited_for():
    case = make_ticket(Status.HANDLING)
    cast = case.cast
    lists = (cast.unit_approver, "to_consent_return"), (cast.coordinator, "to_rule_return")
    assert [waiting(case, *one) for one in lists] == [False, False]
    case.act(Act.REQUEST_RETURN)
    assert [waiting(case, *one) for one in lists] == [True, False]
    case.act(Act.CONSENT_RETURN)
    assert [waiting(case, *one) for one in lists] == [False, True]
    rejected = ReturnRuling(upheld=False, note="属该单位职责", organisation_id=cast.lead_unit.id)
    case.act(Act.RULE_RETURN, rejected)
    assert [waiting(case, *one) for one in lists] == [False, False]


def test_a_conclusion_lets_the_lead_and_the_helping_unit_change_places():
    case = make_ticket(Status.HANDLING)
    lead, co = case.cast.lead_unit.id, case.cast.co_unit.id
    case.act(Act.CONVENE)
    case.act(Act.CONCLUDE_CONSULTATION, Conclusion("由协办单位牵头。", co, (lead,)))
    parts = db.session.execute(
        sa.select(Assignment.organisation_id, Assignment.role).where(
            Assignment.ticket_id == case.ticket.id
        )
    )
    assert dict(parts.all()) == {lead: "co", co: "lead"}
