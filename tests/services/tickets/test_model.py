"""Whoever does whatever in whatever order, on the database: what the rows must tell afterwards.

The rules themselves are tried in memory, `tests/domain/test_model.py`, on many more lives.
`make fuzz rounds=50` plays 50 times as many lives.
"""

import os
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from random import Random
from typing import Any

import pytest
import sqlalchemy as sa

from app.db import db
from app.domain.actor import Actor, Role
from app.domain.audience import Audience, addresses
from app.domain.errors import Forbidden, IllegalTransition, InvalidInput, NotFound, Refused
from app.domain.facts.handover import HandedOver
from app.domain.facts.merging import AnswerOfParent, FollowParent, MergeInto
from app.domain.facts.purging import PurgeRequest
from app.domain.facts.suspension import SuspensionRequest
from app.domain.facts.tracking import Tracking
from app.domain.permissions import Permission as Act
from app.domain.ticket_flow import allowed_actions
from app.domain.ticket_state import Change, TicketState
from app.domain.vocabulary import Status
from app.models.account import Membership
from app.models.notification import Notification
from app.models.ticket import Ticket
from services.tickets.deadline_audit import audit_after
from services.tickets.history import verify_histories
from services.tickets.perform import Command, perform
from services.tickets.read_state import read_ticket
from services.tickets.show import show_ticket
from tests.domain import story
from tests.domain.model import EVERYTHING, RARE, STRAIGHT, Scene, choices
from tests.factories import (
    Case,
    make_account,
    make_cast,
    make_housekeeper,
    make_organisation,
    make_ticket,
)
from tests.factories.tickets import SYSTEM, parent_of
from tests.factories.uploads import make_upload
from tests.services.tickets.test_perform import everything

ROUNDS = int(os.environ.get("GUANJIA_FUZZ_ROUNDS", "1"))
LIVES, STEPS, FILES = 4, 30, 3
STARTS = (Status.SUBMITTED, Status.HANDLING, Status.EVALUATING, Status.MERGED)
"""Where lives begin, in turn: what comes late in a life would else seldom be lived to see."""

ENDING = frozenset({Act.ARCHIVE, Act.CLOSE, Act.EVALUATE, Act.VERIFY_REVIEW, Act.RULE_SET_ASIDE})
BESIDE = frozenset({Act.REQUEST_PURGE, Act.RULE_PURGE})
MERGED = frozenset({Act.FORWARD_ANSWER, Act.FOLLOW_PARENT, Act.EVALUATE, Act.UNMERGE})
COMMON = EVERYTHING - RARE
MINUTES = (1, 45, 300, 300, 1_500, 5_000)
PARTS = (
    *("applicant", "housekeeper", "operator", "coordinator", "second_coordinator", "handler"),
    *("unit_approver", "co_handler", "revisitor", "supervisor"),
)
STRANGERS = ("enterprise_admin", "housekeeper", "handler", "unit_approver", "lay_supervisor")


class Life:
    """A ticket with all who have or have not to do with it, and another one to merge it into."""

    def __init__(self, chance: Random, start: Status) -> None:
        self.chance, self.cast = chance, make_cast()
        third = make_organisation()
        self.other = make_ticket("handling", self.cast)
        begun = Status.SUBMITTED if start is Status.MERGED else start
        account, at = self.cast.applicant.account.id, self.other.at
        self.files = tuple(make_upload(account, at).id for _ in range(FILES))
        submitted = replace(story.USUAL[Act.SUBMIT], attachment_ids=self.files)
        self.case = make_ticket(begun, self.cast, at=at, submit=submitted)
        if start is Status.MERGED:
            self.case.act(Act.MERGE, MergeInto(parent_of(self.other), "同一事项"))
        self.keepers = (self.cast.housekeeper_row.id, make_housekeeper("王华").id)
        self.units = (self.cast.lead_unit.id, self.cast.co_unit.id, third.id)
        self.people: list[Actor] = [
            SYSTEM,
            *(getattr(self.cast, part).actor for part in PARTS),
            *(make_account(role, organisation_id=third.id).actor for role in STRANGERS[2:4]),
            *(make_account(role).actor for role in STRANGERS),
        ]

    @property
    def state(self) -> TicketState:
        return read_ticket(SYSTEM, self.case.number)

    def next_step(self, state: TicketState) -> tuple[Actor, Act]:
        """Mostly what leads on, sometimes what comes between, and what nobody has offered."""
        wanted = self.chance.choice(
            [STRAIGHT, STRAIGHT, COMMON, COMMON, EVERYTHING, ENDING, BESIDE, MERGED]
        )
        offered = [
            (action, place)
            for place, actor in enumerate(self.people)
            for action in sorted(wanted.intersection(allowed_actions(state, actor)))
        ]
        if not offered or self.chance.random() < 0.1:
            return self.chance.choice(self.people), self.chance.choice(sorted(EVERYTHING))
        action = self.chance.choice(sorted({action for action, _ in offered}))
        places = [place for each, place in offered if each == action]
        return self.people[self.chance.choice(places)], Act(action)

    def facts(self, state: TicketState, action: Act, actor: Actor) -> Any:
        """Facts that name what there is."""
        scene = Scene(state, actor, self.case.at, self.units)
        given = self.chance.choice(choices(action, scene))
        if isinstance(given, SuspensionRequest) and actor is not SYSTEM:
            proof = make_upload(actor.account_id, self.case.at)
            return replace(given, attachment_ids=(proof.id,))
        if isinstance(given, PurgeRequest):
            return replace(given, attachment_ids=(self.chance.choice(self.files),))
        return self._of_others(state, given)

    def _of_others(self, state: TicketState, given: Any) -> Any:
        """The facts with the people, units and tickets that there are."""
        if isinstance(given, Tracking):
            return replace(given, owner_account_id=self.cast.handler.account.id)
        if isinstance(given, HandedOver):
            return replace(given, housekeeper_id=self.chance.choice(self.keepers))
        if isinstance(given, FollowParent):
            return FollowParent(parent_of(self.other))
        if isinstance(given, AnswerOfParent):
            unit, by = self.cast.lead_unit.id, self.cast.handler.account.id
            own = replace(given.reply, organisation_id=unit, drafted_by=by, released_by=by)
            return AnswerOfParent(replace(own, released_at=self.case.at))
        if isinstance(given, MergeInto) and given.parent and given.parent.id != state.id:
            return replace(given, parent=parent_of(self.other))
        return given


@pytest.mark.parametrize("number", range(LIVES * ROUNDS))
@pytest.mark.usefixtures("database")
def test_the_rows_tell_what_happened(number):
    life = Life(Random(number), STARTS[number % len(STARTS)])
    for _ in range(STEPS):
        life.case.at += timedelta(minutes=life.chance.choice(MINUTES))
        state = life.state
        actor, action = life.next_step(state)
        facts, is_seen = life.facts(state, action, actor), sees(actor, life.case, state)
        before = everything()
        try:
            change = perform(actor, Command(state.number, action, facts), at=life.case.at)
        except (NotFound, Forbidden, IllegalTransition, InvalidInput, Refused) as refusal:
            check_refusal(refusal, is_seen, action.value in allowed_actions(state, actor))
            assert everything() == before
        else:
            assert is_seen
            check_rows(change)


def sees(actor: Actor, case: Case, state: TicketState) -> bool:
    """Whether the actor sees the ticket, and if so, is offered what the rules allow."""
    if actor is SYSTEM:
        return True
    try:
        shown = show_ticket(actor, case.number, at=case.at)
    except NotFound:
        return False
    assert shown["allowed_actions"] == allowed_actions(state, actor)
    return True


def check_refusal(refusal: Exception, is_seen: bool, is_offered: bool) -> None:
    """Not seen, or not offered, or not with these facts."""
    assert isinstance(refusal, NotFound) is not is_seen
    if is_seen:
        assert isinstance(refusal, (Forbidden, IllegalTransition)) is not is_offered


def check_rows(change: Change) -> None:
    """History, clocks and outbox say what was decided."""
    assert [one for one in verify_histories() if one.broken_seq is not None] == []
    assert audit_after(0).drifts == ()
    listed = addresses(Act(change.event.action), change.outcome)
    kinds = {one.kind.value for one in listed}
    told = {(row.kind, row.role) for row in outbox(change)}
    assert {kind for kind, _ in told} <= kinds
    for one in listed:
        if one.audience is Audience.ENTERPRISE and not change.event.actor.is_enterprise:
            assert (one.kind.value, Role.ENTERPRISE_ADMIN.value) in told


def outbox(change: Change) -> Sequence[Any]:
    """Of the messages that the event left, the kind and the role in which each is read."""
    query = (
        sa.select(Notification.kind, Membership.role)
        .join(Membership, Membership.id == Notification.membership_id)
        .join(Ticket, Ticket.id == Notification.ticket_id)
        .where(Ticket.number == change.number, Notification.event_seq == change.event.seq)
    )
    return db.session.execute(query).all()
