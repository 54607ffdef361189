"""Tickets in any status, led there by the product's own actions."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from app.db import db
from app.domain import ticket_facts as facts
from app.domain.actor import Actor, system
from app.domain.permissions import Permission as Act
from app.domain.ticket_state import Change
from app.domain.vocabulary import (
    RefusalGround,
    ResultCode,
    RevisitOutcome,
    Status,
    TicketClass,
)
from app.domain.work_calendar import LOCAL_ZONE
from app.models.ticket import Ticket
from services.tickets.intake import submit
from services.tickets.perform import Command, perform
from tests.factories.cast import Cast, make_cast

MONDAY = datetime(2026, 6, 1, 10, 0, tzinfo=LOCAL_ZONE)
"""A working Monday in office hours; the week after it is ordinary too."""

PREFIX = "AS"
MINUTE = timedelta(minutes=1)
JOB = "归档"

_ANSWERED = (Act.ACCEPT, Act.DISPATCH, Act.GIVE_OPINION, Act.REPLY, Act.RULE_REPLY)
_DELIVERED = (*_ANSWERED, Act.RECEIVE_FEEDBACK)
_REVISITED = (*_DELIVERED, Act.RECORD_REVISIT)

PATHS: Mapping[Status, tuple[Act, ...]] = {
    Status.SUBMITTED: (),
    Status.SUPPLEMENTING: (Act.REQUEST_SUPPLEMENT,),
    Status.ACCEPTED: (Act.ACCEPT,),
    Status.COORDINATING: _REVISITED,
    Status.HANDLING: (Act.ACCEPT, Act.DISPATCH),
    Status.FEEDBACK: _ANSWERED,
    Status.REVISITING: _DELIVERED,
    Status.EVALUATING: _REVISITED,
    Status.ARCHIVED: (*_REVISITED, Act.EVALUATE, Act.ARCHIVE),
    Status.REFUSED: (Act.PROPOSE_REFUSAL, Act.RULE_REFUSAL),
    Status.WITHDRAWN: (Act.WITHDRAW,),
}
"""The straight way to each status; `coordinating` comes of a revisit that finds it unsolved."""

UNSOLVED = facts.RevisitCall(is_reached=True, outcome=RevisitOutcome.UNSOLVED, was_contacted=True)
SOLVED = facts.RevisitCall(is_reached=True, outcome=RevisitOutcome.SOLVED, was_contacted=True)


@dataclass(slots=True)
class Case:
    """A ticket with its cast, and a clock of its own that goes on with every act."""

    number: str
    cast: Cast
    at: datetime

    @property
    def ticket(self) -> Ticket:
        """The row as it stands now."""
        query = sa.select(Ticket).where(Ticket.number == self.number)
        return db.session.scalars(query, execution_options={"populate_existing": True}).one()

    def act(self, action: Act, given: Any = None, **changes: Any) -> Change:
        """Take `action`: with usual facts, by who usually does (`by`), a minute later (`at`)."""
        actor = changes.pop("by", None) or who_does(action, self.cast)
        self.at = changes.pop("at", None) or self.at + MINUTE
        given = given or usual_facts(action, self.cast)
        return perform(actor, Command(self.number, action, given, **changes), at=self.at)


def make_ticket(
    status: Status | str = Status.SUBMITTED,
    cast: Cast | None = None,
    *,
    at: datetime = MONDAY,
    by: Actor | None = None,
    **given: Any,
) -> Case:
    """A ticket led to `status` from a submission at `at`, a minute for each action.

    `given` replaces the usual facts of an action by its name: `accept=Acceptance(…)`,
    `submit=Submission(…)`. `by` submits instead of the applicant.
    """
    cast = cast or make_cast()
    submission = given.pop("submit", None) or usual_facts(Act.SUBMIT, cast)
    change = submit(by or cast.applicant.actor, submission, PREFIX, at=at)
    case = Case(change.number, cast, at)
    status = Status(status)
    if status is Status.COORDINATING:
        given.setdefault("record_revisit", UNSOLVED)
    for action in PATHS[status]:
        case.act(action, given.pop(action.value, None))
    if given:
        raise TypeError(f"no such action on the way to {status}: {sorted(given)}")
    return case


def who_does(action: Act, cast: Cast) -> Actor:
    """Who usually takes `action`."""
    if action in (Act.ARCHIVE, Act.ISSUE_CARD):
        return system(JOB)
    persons = {
        Act.RULE_REFUSAL: cast.second_coordinator,
        Act.PROPOSE_REFUSAL: cast.coordinator,
        Act.DISPATCH: cast.coordinator,
        Act.SIGN_FOR: cast.handler,
        Act.REPLY: cast.handler,
        Act.GIVE_OPINION: cast.co_handler,
        Act.RULE_REPLY: cast.unit_approver,
        Act.RECORD_REVISIT: cast.revisitor,
    }
    by_enterprise = (Act.SUPPLY, Act.WITHDRAW, Act.RECEIVE_FEEDBACK, Act.EVALUATE)
    usual = cast.applicant if action in by_enterprise else cast.housekeeper
    return persons.get(action, usual).actor


def usual_facts(action: Act, cast: Cast) -> Any:
    """Plain, valid facts for `action`."""
    return _dispatch(cast) if action is Act.DISPATCH else USUAL[action]


def _dispatch(cast: Cast) -> facts.Dispatch:
    return facts.Dispatch(cast.lead_unit.id, (cast.co_unit.id,), "请尽快办理")


ANSWER = facts.Answer(ResultCode.SOLVED, "已协调供电公司完成增容。", is_contacted=False)

USUAL: Mapping[Act, Any] = {
    Act.SUBMIT: facts.Submission("厂区用电增容", "新生产线投产需要增加用电容量，请协调。"),
    Act.FIRST_CONTACT: facts.FirstContact("已电话联系企业了解情况"),
    Act.ACCEPT: facts.Acceptance(TicketClass.NORMAL, "utilities"),
    Act.PROPOSE_REFUSAL: facts.Refusal(RefusalGround.OTHER_PROCEDURE, "已进入诉讼程序", "法院"),
    Act.RULE_REFUSAL: facts.RefusalRuling(approved=True),
    Act.REQUEST_SUPPLEMENT: facts.SupplementNotice(("用电合同", "增容申请表")),
    Act.SUPPLY: facts.Supplement("材料已补齐"),
    Act.WITHDRAW: facts.Withdrawal("问题已自行解决"),
    Act.SIGN_FOR: facts.SignFor(),
    Act.GIVE_OPINION: facts.Opinion("同意增容方案"),
    Act.REPLY: ANSWER,
    Act.RULE_REPLY: facts.Approval(approved=True),
    Act.ANSWER_DIRECTLY: ANSWER,
    Act.RECEIVE_FEEDBACK: facts.Receipt(),
    Act.RECORD_REVISIT: SOLVED,
    Act.EVALUATE: facts.Rating(5),
    Act.ARCHIVE: facts.Archiving(),
}
