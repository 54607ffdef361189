"""Tickets in any status, led there by the product's own actions."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from app.db import db
from app.domain.actor import Actor, system
from app.domain.facts.merging import Parent
from app.domain.facts.suspension import SuspensionRequest
from app.domain.facts.tracking import Tracking
from app.domain.permissions import Permission as Act
from app.domain.ticket_state import Change
from app.domain.vocabulary import Status
from app.models.ticket import Ticket
from services.tickets.intake import submit
from services.tickets.perform import Command, perform
from tests.domain import story
from tests.domain.story import MINUTE, MONDAY
from tests.factories.cast import Cast, make_cast
from tests.factories.uploads import make_handed_in, make_upload

PREFIX = "AS"
SYSTEM = system("定时任务")


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
        given = given or usual_facts(action, self.cast, self.at)
        if isinstance(given, SuspensionRequest) and given.attachment_ids == (story.PROOF,):
            given = replace(given, attachment_ids=(make_upload(actor.account_id, self.at).id,))
        if isinstance(given, Tracking) and given.owner_account_id == story.OWNER:
            given = replace(given, owner_account_id=self.cast.handler.account.id)
        if given is story.USUAL[Act.REQUEST_PURGE]:
            file = make_handed_in(self.ticket.id, self.cast.applicant.account.id, self.at)
            given = replace(given, attachment_ids=(file.id,))
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
        given.setdefault("record_revisit", story.UNSOLVED)
    for action in story.PATHS[status]:
        case.act(action, given.pop(action.value, None))
    if given:
        raise TypeError(f"no such action on the way to {status}: {sorted(given)}")
    return case


def who_does(action: Act, cast: Cast) -> Actor:
    """Who usually takes `action`."""
    part = story.DOERS[action]
    return SYSTEM if part == "system" else getattr(cast, part).actor


def usual_facts(action: Act, cast: Cast, at: datetime = MONDAY) -> Any:
    """Plain, valid facts for `action` at `at`."""
    return story.usual_facts(action, cast.lead_unit.id, cast.co_unit.id, at)


def parent_of(case: Case) -> Parent:
    """The ticket as one that others are merged into."""
    row = case.ticket
    return Parent(row.id, row.number, row.enterprise_id, Status(row.status))
