"""Fifty people at twenty tickets, over HTTP and with real commits: nothing is lost.

Of all who act on a version one wins; who loses learns by whom and when, or that it is over.
"""

from collections import Counter
from datetime import datetime
from functools import partial
from random import Random
from typing import Any, NamedTuple

import pytest
import sqlalchemy as sa

from app.db import db, transaction
from app.domain.vocabulary import Status
from app.models.ticket import Ticket
from app.models.ticket_event import TicketEvent
from services.tickets.deadline_audit import audit_after
from services.tickets.history import verify_histories
from tests.callers import API, Caller
from tests.factories import make_cast, make_ticket
from tests.threads import all_at_once

SECOND_NOTICE = 422
"""A second notice of missing material has to say why the first did not."""
ACTORS, TICKETS, ACTS = 50, 20, 6
NAMED = {409: "illegal-transition", 412: "stale-version"}
BODIES: dict[str, dict[str, Any]] = {
    "first-contact": {"note": "已电话联系企业了解情况"},
    "acceptance": {"ticket_class": "normal", "category_code": "utilities"},
    "refusal": {"ground": "unlawful", "explanation": "所提要求违反法律法规"},
    "refusal/approval": {"approved": False, "note": "理由不足"},
    "supplement-request": {"items": ["供用电合同"]},
    "supplement": {"answer": "材料已经补齐"},
    "withdrawal": {"reason": "问题已自行解决"},
}
DOING = {
    "coordinator": ("first-contact", "acceptance", "refusal", "refusal/approval", "dispatch"),
    "second_coordinator": ("acceptance", "refusal/approval", "supplement-request", "dispatch"),
    "housekeeper": ("first-contact", "acceptance", "refusal", "supplement-request"),
    "applicant": ("supplement", "supplement", "withdrawal"),
}


class Town(NamedTuple):
    """Committed tickets, and who holds a session, with nothing that hangs on one."""

    numbers: list[str]
    headers: dict[str, dict[str, str]]
    at: datetime


class Told(NamedTuple):
    """An attempt: on which version, and what was answered."""

    number: str
    version: int
    status: int
    problem: dict[str, Any]


@pytest.fixture
def town(committed_app) -> Town:
    with committed_app.app_context(), transaction():
        cast = make_cast()
        cases = [make_ticket(Status.SUBMITTED, cast) for _ in range(TICKETS)]
        callers = {part: Caller(committed_app.test_client(), getattr(cast, part)) for part in DOING}
        BODIES["dispatch"] = {"lead_organisation_id": cast.lead_unit.id}
        headers = {part: caller.headers() for part, caller in callers.items()}
        return Town([case.number for case in cases], headers, cases[-1].at)


def play(app, town: Town, number: int) -> list[Told]:
    """One of the fifty: looks at a ticket, acts on what was seen, and goes to the next."""
    rng, client = Random(number), app.test_client()
    part = sorted(DOING)[number % len(DOING)]
    headers, told = town.headers[part], []
    for _ in range(ACTS):
        ticket = rng.choice(town.numbers)
        seen = client.get(f"{API}/tickets/{ticket}", headers=headers).json["version"]
        noun = rng.choice(DOING[part])
        answer = client.post(
            f"{API}/tickets/{ticket}/{noun}",
            json=BODIES[noun],
            headers=headers | {"If-Match": f'"{seen}"'},
        )
        told.append(Told(ticket, seen, answer.status_code, answer.json))
    return told


def test_nothing_is_lost_and_every_version_has_one_winner(committed_app, town):
    works = [partial(play, committed_app, town, number) for number in range(ACTORS)]
    answered = all_at_once(committed_app, *works, at=town.at)
    assert not [one for one in answered if isinstance(one, BaseException)]
    told = [one for each in answered for one in each]
    assert {one.status for one in told} <= {200, 403, 409, 412, SECOND_NOTICE}
    won = Counter((one.number, one.version) for one in told if one.status == 200)
    assert set(won.values()) == {1}
    for one in told:
        if one.status in NAMED:
            assert one.problem["title"] == NAMED[one.status]
            assert one.problem["changed_by"]
            assert one.problem["changed_at"]
    assert {one.status for one in told} >= {200, 409, 412}
    check_stored(committed_app, town, won)


def check_stored(app, town: Town, won: Counter) -> None:
    """Every version that was won is an event, in one chain without a gap, and no more than that."""
    with app.app_context():
        assert all(each.broken_seq is None for each in verify_histories())
        rows = db.session.execute(
            sa.select(Ticket.number, Ticket.version, Ticket.event_seq, sa.func.count())
            .join(TicketEvent, TicketEvent.ticket_id == Ticket.id)
            .group_by(Ticket.id)
        ).all()
        assert {row.number for row in rows} == set(town.numbers)
        for number, version, seq, events in rows:
            versions = sorted(seen for ticket, seen in won if ticket == number)
            assert versions == list(range(1, version))
            assert version == seq == events
        assert audit_after(0).drifts == ()
