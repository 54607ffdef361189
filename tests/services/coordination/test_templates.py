"""派单模板: kept by the administrator; what it says is told to the units and holds for them."""

from datetime import timedelta

import pytest
import sqlalchemy as sa

from app.db import db
from app.domain.errors import AlreadyExists, Forbidden, InvalidInput, NotFound
from app.domain.facts.coordination import Dispatch
from app.domain.keyset import Page
from app.domain.permissions import Permission as Act
from app.domain.vocabulary import Status
from app.models.assignment import Assignment
from services.coordination.templates import add_template, change_template, list_templates
from tests.factories import Case, make_account, make_ticket

pytestmark = pytest.mark.usefixtures("database")

JOINT = {
    "code": "joint_visit",
    "name": "联合踏勘",
    "instruction": "请共同到现场踏勘。",
    "silence_is_consent": True,
}


@pytest.fixture
def administrator(database):
    return make_account("sys_admin").actor


def dispatched(**given) -> Case:
    case = make_ticket(Status.ACCEPTED)
    units = case.cast.lead_unit.id, (case.cast.co_unit.id,)
    case.act(Act.DISPATCH, Dispatch(*units, template_code="joint_visit", **given))
    return case


def parts(case: Case) -> dict[str, tuple[str | None, bool]]:
    query = sa.select(Assignment).where(Assignment.ticket_id == case.ticket.id)
    found = db.session.scalars(query, execution_options={"populate_existing": True})
    return {one.role: (one.instruction, one.silence_is_consent) for one in found}


def test_a_dispatch_says_what_its_template_says(administrator):
    add_template(administrator, JOINT)
    assert parts(dispatched()) == {
        "lead": (JOINT["instruction"], False),
        "co": (JOINT["instruction"], True),
    }
    assert parts(dispatched(instruction="请今天去。"))["co"] == ("请今天去。", True)


def test_a_silent_unit_is_not_waited_for_and_its_part_is_done(administrator):
    add_template(administrator, JOINT)
    case = dispatched()
    case.act(Act.REPLY)
    case.act(Act.RULE_REPLY, at=case.at + timedelta(days=9))
    query = sa.select(Assignment.state).where(Assignment.ticket_id == case.ticket.id)
    assert set(db.session.scalars(query)) == {"done"}
    assert case.ticket.status == "feedback"


def test_what_is_changed_later_does_not_touch_what_was_told(administrator):
    made = add_template(administrator, JOINT)
    case = dispatched()
    change_template(administrator, made.id, {"silence_is_consent": False})
    assert parts(case)["co"][1] is True
    assert parts(dispatched())["co"][1] is False


@pytest.mark.parametrize("is_known", [True, False])
def test_only_templates_in_use_are_used(administrator, is_known):
    if is_known:
        change_template(administrator, add_template(administrator, JOINT).id, {"is_active": False})
    with pytest.raises(InvalidInput) as error:
        dispatched()
    assert error.value.errors[0].pointer == "/template_code"


def test_a_code_is_given_once(administrator):
    add_template(administrator, JOINT)
    with pytest.raises(AlreadyExists):
        add_template(administrator, JOINT)


def test_who_dispatches_reads_and_only_the_administrator_writes(administrator):
    made = add_template(administrator, JOINT)
    for role in ("coordinator", "housekeeper"):
        reader = make_account(role).actor
        assert list_templates(reader, Page(25, None))[0] == [made]
        with pytest.raises(Forbidden):
            add_template(reader, JOINT | {"code": "other"})
        with pytest.raises(Forbidden):
            change_template(reader, made.id, {"name": "别的"})
    with pytest.raises(Forbidden):
        list_templates(make_account("handler").actor, Page(25, None))


def test_what_is_not_there_is_not_changed(administrator):
    with pytest.raises(NotFound):
        change_template(administrator, 2**40, {"name": "别的"})
