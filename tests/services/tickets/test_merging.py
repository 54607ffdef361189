"""One answer to many, over the tables: children follow, are answered, and let go."""

import pytest
import sqlalchemy as sa

from app import clock
from app.db import db
from app.domain.errors import InvalidInput, NotFound
from app.domain.permissions import Permission as Act
from app.domain.vocabulary import Status
from app.models.notification import Notification
from app.models.reply import Reply
from jobs.audit_deadlines import audit_deadlines
from jobs.pass_on_answers import pass_on_answers
from services.tickets.duplicates import find_duplicates, similarity
from services.tickets.history import verify_histories
from services.tickets.merging import Wish, merge
from tests.callers import Caller
from tests.domain.story import MINUTE
from tests.factories import Case, Cast, make_cast, make_ticket

pytestmark = pytest.mark.usefixtures("database")


def put_into(child: Case, parent: Case) -> None:
    child.at = max(child.at, parent.at) + MINUTE
    wish = Wish(child.number, parent.number, "同一事项")
    merge(child.cast.coordinator.actor, wish, at=child.at)


def answered(case: Case) -> None:
    for action in (Act.GIVE_OPINION, Act.REPLY, Act.COUNTERSIGN, Act.RULE_REPLY):
        case.act(action)


def sweep(at) -> int:
    with clock.frozen(at + MINUTE):
        outcome = pass_on_answers()
    assert outcome.failures == 0
    return outcome.items


def whole() -> None:
    assert not [one.number for one in verify_histories() if one.reason]
    assert audit_deadlines().failures == 0


def test_children_follow_when_their_parent_is_merged(database):
    cast = make_cast()
    child, parent, top = (make_ticket(Status.HANDLING, cast) for _ in range(3))
    put_into(child, parent)
    put_into(parent, top)
    assert child.ticket.parent_id == parent.ticket.parent_id == top.ticket.id
    with pytest.raises(InvalidInput):
        put_into(top, child)
    whole()


def test_the_parent_is_named_to_the_own_enterprise_and_to_who_merges_across(client):
    cast, other = make_cast(), make_cast()
    parent, own, foreign = (make_ticket(Status.HANDLING, one) for one in (cast, cast, other))
    for child in (own, foreign):
        put_into(child, parent)

    def named(who, case: Case) -> str | None:
        return Caller(client, who).get(f"/tickets/{case.number}").json["parent_number"]

    assert named(cast.applicant, own) == named(cast.coordinator, own) == parent.number
    assert named(other.coordinator, foreign) == parent.number
    assert named(other.applicant, foreign) is named(other.housekeeper, foreign) is None
    assert named(cast.applicant, parent) is None


def test_one_answer_goes_to_all_and_each_rates_it(client):
    cast, other = make_cast(), make_cast()
    parent, own, foreign = (make_ticket(Status.HANDLING, one) for one in (cast, cast, other))
    for child in (own, foreign):
        put_into(child, parent)
    assert sweep(parent.at) == 0
    answered(parent)
    assert sweep(parent.at) == 2
    assert sweep(parent.at) == 0
    told = sa.select(Notification.ticket_id).where(Notification.kind == "answer_passed_on")
    assert {own.ticket.id, foreign.ticket.id} <= set(db.session.scalars(told))
    with clock.frozen(parent.at + MINUTE):
        caller = Caller(client, other.applicant)
        ticket = caller.get(f"/tickets/{foreign.number}").json
        assert ticket["reply"]["answer"] == caller_of(client, cast, parent)["reply"]["answer"]
        history = caller.get(f"/tickets/{foreign.number}/events")
        for text in (history.text, caller.get(f"/tickets/{foreign.number}").text):
            assert parent.number not in text
            assert cast.enterprise.name not in text
        rated = caller.act(foreign.number, "evaluation", {"level": 4})
    assert (rated["status"], rated["level"]) == ("merged", 4)
    assert parent.ticket.level is None
    whole()


def caller_of(client, cast: Cast, case: Case):
    return Caller(client, cast.applicant).get(f"/tickets/{case.number}").json


def test_a_newer_answer_is_passed_on_too():
    cast = make_cast()
    parent, child = (make_ticket(Status.HANDLING, cast) for _ in range(2))
    put_into(child, parent)
    answered(parent)
    sweep(parent.at)
    parent.at += 2 * MINUTE
    parent.act(Act.OBJECT)
    assert sweep(parent.at) == 0
    parent.act(Act.DISPATCH)
    answered(parent)
    assert sweep(parent.at) == 1
    count = sa.select(sa.func.count()).where(Reply.ticket_id == child.ticket.id)
    assert db.session.scalar(count) == 1


def test_children_of_what_is_withdrawn_go_their_own_way():
    cast = make_cast()
    parent, child = (make_ticket(Status.HANDLING, cast) for _ in range(2))
    put_into(child, parent)
    parent.at = child.at
    parent.act(Act.WITHDRAW)
    assert sweep(parent.at) == 1
    assert (child.ticket.status, child.ticket.parent_id) == ("accepted", None)
    child.at = parent.at + 2 * MINUTE
    child.act(Act.DISPATCH)
    whole()


def test_nobody_merges_into_what_they_do_not_see():
    mine, theirs = make_ticket(Status.ACCEPTED), make_ticket(Status.ACCEPTED)
    wish = Wish(mine.number, theirs.number, "同一事项")
    with pytest.raises(InvalidInput) as refusal:
        merge(mine.cast.housekeeper.actor, wish, at=mine.at + MINUTE)
    assert refusal.value.errors[0].code == "unknown-ticket"


def test_candidates_are_the_enterprises_own_and_alike():
    cast = make_cast()
    mine, alike = (make_ticket(Status.ACCEPTED, cast) for _ in range(2))
    make_ticket(Status.ACCEPTED)
    actor, at = cast.coordinator.actor, mine.at + MINUTE
    [found] = find_duplicates(actor, mine.number, at=at)
    assert (found["number"], found["similarity"]) == (alike.number, 1.0)
    with pytest.raises(NotFound):
        find_duplicates(make_cast().housekeeper.actor, mine.number, at=at)


def test_likeness_is_what_is_common_of_all():
    assert similarity({"增容", "用电"}, {"增容", "用电"}) == 1.0
    assert similarity({"增容", "用电"}, {"增容", "用水"}) == 0.33
    assert similarity({"增容"}, {"用水"}) == 0.0
