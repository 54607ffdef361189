"""Two people and one ticket: one winner, and a history that holds. Real connections and commits."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import pytest
import sqlalchemy as sa

from app.db import db, transaction
from app.domain.actor import Actor
from app.domain.errors import IllegalTransition, StaleVersion
from app.domain.permissions import Permission as Act
from app.domain.vocabulary import Status
from app.models.ticket import Ticket
from app.models.ticket_event import TicketEvent
from services.tickets.history import verify_histories
from services.tickets.perform import Command, perform
from tests.domain.story import DOERS, MINUTE
from tests.factories import make_ticket
from tests.factories.tickets import usual_facts, who_does
from tests.threads import all_at_once, beside, wait_for_a_blocked_connection

PLAYED = set(DOERS) - {Act.SUBMIT, Act.REMIND, Act.ISSUE_CARD, Act.HAND_OVER}


@dataclass
class Scene:
    """A committed ticket and who may act on it, with nothing that hangs on a session."""

    number: str
    version: int
    at: datetime
    actors: dict[Act, Actor]
    facts: dict[Act, Any]

    def doing(self, action: Act, version: int | None = None):
        """The whole transaction of who usually takes `action`."""
        command = Command(self.number, action, self.facts[action], version)

        def act() -> str:
            with transaction():
                return perform(self.actors[action], command, at=self.at).event.action

        return act


@pytest.fixture
def scene(committed_app):
    """Makes a committed ticket of a status."""

    def make(status: Status) -> Scene:
        with committed_app.app_context(), transaction():
            case = make_ticket(status)
            return Scene(
                case.number,
                case.ticket.version,
                case.at + MINUTE,
                {action: who_does(action, case.cast) for action in PLAYED},
                {action: usual_facts(action, case.cast) for action in PLAYED},
            )

    return make


def actions_of(app, number: str) -> list[str]:
    """The history, which must hold and have no gap."""
    with app.app_context():
        assert [each.broken_seq for each in verify_histories()] == [None]
        query = sa.select(TicketEvent.seq, TicketEvent.action).join(
            Ticket, Ticket.id == TicketEvent.ticket_id
        )
        query = query.where(Ticket.number == number).order_by(TicketEvent.seq)
        rows = db.session.execute(query).all()
    assert [row.seq for row in rows] == list(range(1, len(rows) + 1))
    return [row.action for row in rows]


def test_who_comes_second_sees_what_the_first_has_done(committed_app, scene):
    here = scene(Status.SUBMITTED)
    with committed_app.app_context(), transaction():
        accepted = Command(here.number, Act.ACCEPT, here.facts[Act.ACCEPT], here.version)
        perform(here.actors[Act.ACCEPT], accepted, at=here.at)
        second = here.doing(Act.PROPOSE_REFUSAL, here.version)
        with beside(committed_app, second, at=here.at) as refused:
            wait_for_a_blocked_connection(committed_app)
            assert not refused.done()
            db.session.commit()
    with pytest.raises(StaleVersion) as stale:
        refused.result()
    assert stale.value.current_version == here.version + 1
    assert stale.value.changed_by == here.actors[Act.ACCEPT].name
    assert actions_of(committed_app, here.number) == ["submit", "accept"]


@pytest.mark.parametrize("with_version", [True, False])
@pytest.mark.parametrize(
    ("status", "acts"),
    [
        (Status.SUBMITTED, (Act.ACCEPT, Act.PROPOSE_REFUSAL)),
        (Status.SUBMITTED, (Act.ACCEPT, Act.WITHDRAW)),
        (Status.ACCEPTED, (Act.DISPATCH, Act.ANSWER_DIRECTLY)),
        (Status.SUPPLEMENTING, (Act.SUPPLY, Act.WITHDRAW)),
        (Status.HANDLING, (Act.REPLY, Act.REPLY)),
        (Status.FEEDBACK, (Act.RECEIVE_FEEDBACK, Act.RECEIVE_FEEDBACK)),
        (Status.EVALUATING, (Act.OBJECT, Act.ORDER_REWORK)),
    ],
)
def test_of_two_that_exclude_each_other_one_wins(committed_app, scene, status, acts, with_version):
    here = scene(status)
    version = here.version if with_version else None
    works = [here.doing(action, version) for action in acts]
    answers = all_at_once(committed_app, *works, at=here.at)
    won = [answer for answer in answers if isinstance(answer, str)]
    lost = [answer for answer in answers if not isinstance(answer, str)]
    history = actions_of(committed_app, here.number)
    assert len(history) == here.version + len(won)
    if Act.WITHDRAW in acts and won[0] != Act.WITHDRAW and len(won) == 2:
        assert history[-1] == Act.WITHDRAW  # which is open after the other act as well
        return
    assert len(won) == 1
    assert isinstance(lost[0], StaleVersion if with_version else IllegalTransition)


def test_many_that_agree_with_each_other_all_come_through(committed_app, scene):
    here = scene(Status.HANDLING)
    acts = [Act.FIRST_CONTACT, Act.SIGN_FOR, Act.GIVE_OPINION]
    answers = all_at_once(committed_app, *map(here.doing, acts), at=here.at)
    assert sorted(answers) == sorted(acts)
    assert sorted(actions_of(committed_app, here.number)[-3:]) == sorted(acts)


def test_eight_with_one_version_leave_one_winner(committed_app, scene):
    here = scene(Status.ACCEPTED)
    acts = [here.doing(Act.DISPATCH, here.version) for _ in range(8)]
    answers = all_at_once(committed_app, *acts, at=here.at)
    assert [type(answer) for answer in answers].count(StaleVersion) == 7
    assert actions_of(committed_app, here.number) == ["submit", "accept", "dispatch"]
