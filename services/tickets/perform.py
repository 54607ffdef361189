"""One door to a ticket: lock, see, authorise, check the version, decide, announce, write.

People, bulk actions and jobs all come through here, with actor and time as arguments.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from app.db import db
from app.domain import labels, ticket_flow
from app.domain.actor import ENTERPRISE_ROLES, UNIT_ROLES, Actor, Role
from app.domain.disclosure import KEPT_FROM_HANDLERS
from app.domain.errors import IllegalTransition, StaleVersion
from app.domain.permissions import Permission
from app.domain.rung_recipients import RUNG_ACTIONS, Recipients
from app.domain.sla_clock import Clock
from app.domain.terms import Moment
from app.domain.ticket_records import Assignment
from app.domain.ticket_state import Change, TicketState
from app.domain.transitions import TRANSITIONS
from app.models.ticket_event import TicketEvent
from services.notifications.announce import announce
from services.notifications.places import Standing
from services.tickets.checks import check_category, check_facts
from services.tickets.eligibility import check_deferral
from services.tickets.owners import with_owner
from services.tickets.purging import check_holds, with_files
from services.tickets.read_state import Held, lock_ticket
from services.tickets.revisit_lots import with_lot
from services.tickets.templates import with_template
from services.tickets.terms import first_day, local_day, recipients_on, terms_of
from services.tickets.write import write_change

UNTOLD = [
    row.action for row in TRANSITIONS if not row.is_new_version or row.action in KEPT_FROM_HANDLERS
]
"""What nobody is named for who acted on a ticket."""


@dataclass(frozen=True, slots=True)
class Command:
    """What is asked of a ticket. `expected_version` None: a job, which decides under the lock."""

    number: str
    action: Permission
    facts: Any
    expected_version: int | None = None


def perform(actor: Actor, command: Command, *, at: datetime) -> Change:
    """Carry out `command`, once, under the ticket's lock.

    Raises `NotFound` (not visible), `Forbidden`, `StaleVersion`, `IllegalTransition`,
    `InvalidInput`, `Refused`. Nothing is written when it raises.
    """
    held = lock_ticket(actor, command.number)
    state = held.state
    ticket_flow.authorise(state, command.action, actor)
    if command.expected_version not in (None, state.version):
        raise StaleVersion(state.version, *_last_change(actor, state))
    check_category(command.facts, held.categories)
    check_facts(actor, command.facts, state.id)
    check_deferral(command.facts, state.enterprise_id)
    facts = with_files(actor, with_template(command.facts), state.id)
    moment = _moment(held, at=at)
    facts = with_lot(state, with_owner(facts, at=at), moment)
    try:
        change = ticket_flow.decide(state, command.action, facts, actor, moment)
    except IllegalTransition as refusal:
        raise refusal.after(*_last_change(actor, state)) from None
    check_holds(change, state.id)
    notices = announce(change, _standing_after(state, change), moment.terms.calendar)
    write_change(state, change, notices)
    return change


def _moment(held: Held, *, at: datetime) -> Moment:
    """Now, under the terms with which the ticket began or to which it was retargeted."""
    state = held.state
    began = first_day(state.submitted_at, state.policies_on)
    terms, today = (
        terms_of(held.stamp, day=day, area_code=state.area_code)
        for day in (began, local_day(at=at))
    )
    return Moment(max(at, state.changed_at), terms, today)


def _standing_after(state: TicketState, change: Change) -> Standing:
    records = (*state.assignments, *state.clocks, *change.records)
    assignments = {
        (one.round, one.organisation_id): one for one in records if isinstance(one, Assignment)
    }
    clocks = {
        (one.round, one.kind, one.organisation_id): one for one in records if isinstance(one, Clock)
    }
    return Standing(
        enterprise_id=state.enterprise_id,
        area_code=state.area_code,
        housekeeper_id=state.housekeeper_id,
        is_confidential=state.is_confidential,
        ticket_class=change.values.get("ticket_class", state.ticket_class),
        assignments=tuple(assignments.values()),
        clocks=tuple(clocks.values()),
        rules=state.rules,
        recipients=_recipients(state, change),
    )


def _recipients(state: TicketState, change: Change) -> Recipients:
    """By the terms with which the ticket began; nobody is asked where it is no rung."""
    if change.event.action not in RUNG_ACTIONS:
        return {}
    return recipients_on(first_day(state.submitted_at, state.policies_on))


def _last_change(actor: Actor, state: TicketState) -> tuple[str, datetime]:
    """Who changed it last, and when.

    Names the person to officials, the role to an enterprise, which reads no officials' names.
    Nor does a unit read who wrote anonymously.
    """
    last = db.session.execute(
        sa.select(TicketEvent.actor_name, TicketEvent.role, TicketEvent.at)
        .where(TicketEvent.ticket_id == state.id, TicketEvent.action.not_in(UNTOLD))
        .order_by(TicketEvent.seq.desc())
        .limit(1)
    ).one()
    is_nameless = last.role in ENTERPRISE_ROLES and state.is_anonymous and actor.role in UNIT_ROLES
    is_untold = actor.is_enterprise or is_nameless
    return labels.ROLE[Role(last.role)] if is_untold else last.actor_name, last.at
