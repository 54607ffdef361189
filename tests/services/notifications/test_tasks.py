"""A task is told only while it is one, also where doing it leaves the status as it is."""

from typing import Any

import pytest
import sqlalchemy as sa

from app.db import db
from app.domain.facts.acceptance import RefusalRuling
from app.domain.facts.handling import Approval
from app.domain.permissions import Permission as Act
from app.models.delivery import Delivery
from tests.factories import make_ticket
from tests.services.notifications.phones import WORKER, claim, make_phone

TODO = "新诉求待办"
PROPOSE, DISPATCH = (Act.PROPOSE_REFUSAL, None), (Act.DISPATCH, None)
REJECT = (Act.RULE_REFUSAL, RefusalRuling(False, "属受理范围"))
SIGN, ADVISE, REPLY = (Act.SIGN_FOR, None), (Act.GIVE_OPINION, None), (Act.REPLY, None)
EXTEND, CONSENT = (Act.REQUEST_EXTENSION, None), (Act.CONSENT_EXTENSION, None)
PURGE = (Act.REQUEST_PURGE, None)
RETURN = (Act.RULE_REPLY, Approval(approved=False, note="请补充依据"))

Steps = list[tuple[Act, Any]]
TASKS: dict[str, tuple[str, str, Steps, Steps]] = {
    "to accept": ("housekeeper", "submitted", [], [PROPOSE]),
    "to rule on": ("second_coordinator", "submitted", [PROPOSE], [REJECT]),
    "to accept after all": ("housekeeper", "submitted", [PROPOSE, REJECT], [PROPOSE]),
    "to sign for": ("handler", "accepted", [DISPATCH], [SIGN]),
    "to sign for, as the other unit": ("co_handler", "accepted", [DISPATCH], [ADVISE]),
    "to answer": ("handler", "handling", [ADVISE], [REPLY]),
    "to approve": ("unit_approver", "handling", [ADVISE, REPLY], [RETURN]),
    "to consent to": ("unit_approver", "handling", [EXTEND], [CONSENT]),
    "to heed": ("handler", "handling", [(Act.URGE, None)], [(Act.REPORT_PROGRESS, None)]),
    "to purge": ("supervisor", "handling", [PURGE], [(Act.RULE_PURGE, None)]),
    "to mend": ("handler", "handling", [ADVISE, REPLY, RETURN], [REPLY]),
}
"""Who is told, where the ticket stands, what is done until it is a task, what ends it."""


@pytest.mark.parametrize("is_done", [False, True])
@pytest.mark.parametrize("task", TASKS)
def test_a_task_is_told_until_it_is_done(wechat, templates, cast, task, is_done):
    who, status, first, then = TASKS[task]
    phone = make_phone(wechat, getattr(cast, who), TODO, times=9)
    case = make_ticket(status, cast)
    if first:
        db.session.execute(sa.text("DELETE FROM deliveries"))
    for action, given in first:
        case.act(action, given)
    own = sa.select(sa.func.max(Delivery.id)).where(Delivery.binding_id == phone.binding_id)
    others = Delivery.id != own.scalar_subquery()
    db.session.execute(sa.delete(Delivery).where(others))
    told = db.session.scalar(own)
    assert told
    for action, given in then if is_done else ():
        case.act(action, given)
    claimed = claim(WORKER, at=case.at)
    assert (claimed is not None and claimed.delivery_id == told) is not is_done
    if is_done:
        reason = sa.select(Delivery.reason).where(Delivery.id == told)
        assert db.session.scalar(reason) == "outdated"


def test_a_unit_is_told_of_its_own_part(wechat, templates, cast):
    make_phone(wechat, cast.co_handler, TODO)
    case = make_ticket("accepted", cast)
    case.act(Act.DISPATCH)
    case.act(Act.SIGN_FOR)
    assert claim(WORKER, at=case.at)
