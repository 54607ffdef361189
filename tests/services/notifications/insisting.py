"""Messages that nobody may miss, and the ways they have gone."""

from datetime import datetime, timedelta

import sqlalchemy as sa

from app import clock, sealing
from app.db import db
from app.domain.permissions import Permission as Act
from app.models.fallback import Fallback, PhoneTask, TextMessage
from jobs.deliver_texts import deliver_texts
from jobs.fall_back import fall_back
from services.notifications.texts import TextClaim, claim_text, next_text
from services.tickets.terms import newest_calendar
from tests.factories import Case, Person, make_ticket

MOBILE = "13912345678"


def ask(cast, **given) -> Case:
    """A ticket whose enterprise was just asked for material."""
    case = make_ticket(cast=cast, **given)
    case.act(Act.REQUEST_SUPPLEMENT)
    return case


def take(case: Case) -> TextClaim:
    """Claim the short message that is due."""
    due = next_text(at=case.at)
    assert due
    claimed = claim_text(due, "host:1", newest_calendar(), at=case.at)
    assert claimed
    return claimed


def change(model, **values) -> None:
    """Every row of `model` has these values."""
    db.session.execute(sa.update(model).values(**values))


def give_number(person: Person, phone: str = MOBILE) -> None:
    """The person's account has a mobile number."""
    person.account.phone = sealing.seal(phone, "accounts.phone")
    db.session.flush()


def look(at: datetime) -> int:
    """The job that sees what WeChat does not bring."""
    with clock.frozen(at):
        return fall_back().items


def send(at: datetime) -> int:
    """The job that sends short messages, in the real time of the provider; how many were taken."""
    clock.set_offset(at - clock.real())
    try:
        return deliver_texts().items
    finally:
        clock.set_offset(timedelta(0))


def fallback() -> Fallback:
    """The one message that is insisted on, as it stands."""
    return db.session.scalars(_fresh(sa.select(Fallback))).one()


def text() -> TextMessage | None:
    """The one short message, if there is one."""
    return db.session.scalars(_fresh(sa.select(TextMessage))).one_or_none()


def task() -> PhoneTask | None:
    """The one phone task, if there is one."""
    return db.session.scalars(_fresh(sa.select(PhoneTask))).one_or_none()


def _fresh(query):
    return query.execution_options(populate_existing=True)
