"""Who asks in these tests, and the real things that made-up requests may be about."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from io import BytesIO
from typing import Any

import sqlalchemy as sa
from flask import Flask

from app.db import db
from app.domain.actor import Role
from app.domain.permissions import Permission
from app.models.assignment import Assignment
from tests.api.rights.world import World
from tests.callers import API, signed_in
from tests.factories import Case, make_enterprise, make_ticket
from tests.files import pdf
from tests.handsets import Handset, bearing
from tests.wechat import Phones

NOBODY, VISITOR, WECHAT_USER = "nobody", "visitor", "wechat_user"
ROLES = tuple(role.value for role in Role if role is not Role.SYSTEM)
VISITORS_NUMBER, USERS_NUMBER = "13912340009", "13912340010"


@dataclass(frozen=True)
class Asking:
    """Somebody with a token, or nobody without one; `things` are theirs or within their reach."""

    name: str
    token: str | None = None
    things: dict[str, Any] = field(default_factory=dict)

    def headers(self) -> dict[str, str]:
        return bearing(self.token) if self.token else {}


class Town:
    """A lively world, and everybody who can be told apart at its counter."""

    def __init__(self, app: Flask, wechat: Phones) -> None:
        self.client, self.world = app.test_client(), World()
        cases = [*self.world.tickets.values(), *self._more()]
        self.statuses = {case.number: case.ticket.status for case in cases}
        self.etags = {case.number: f'"{case.ticket.version}"' for case in cases}
        self.assignments = dict(self._assignments(cases))
        make_enterprise(contact_phone=USERS_NUMBER)
        visitor, user = (
            Handset(self.client, wechat, number) for number in (VISITORS_NUMBER, USERS_NUMBER)
        )
        everybody = [
            Asking(NOBODY),
            Asking(VISITOR, visitor.token()),
            Asking(WECHAT_USER, user.bound()),
            *map(self._in_role, ROLES),
        ]
        self.people = {who.name: who for who in everybody}

    def _more(self) -> Iterator[Case]:
        """What the world lacks: nobody's refusal awaited, and a reply that awaits its approval."""
        cast = self.world.cast
        yield make_ticket("submitted", cast)
        replied = make_ticket("handling", cast)
        replied.act(Permission.SIGN_FOR)
        replied.act(Permission.REPLY)
        yield replied

    def _assignments(self, cases: list[Case]) -> Iterator[tuple[int, str]]:
        """(id, the ETag of its ticket)."""
        for case in cases:
            wanted = sa.select(Assignment.id).where(Assignment.ticket_id == case.ticket.id)
            for found in db.session.scalars(wanted):
                yield found, self.etags[case.number]

    def _in_role(self, role: str) -> Asking:
        person = self.world.insider(Role(role), None)
        token = signed_in(person)
        things = self.world.places(person, None, "handling")
        things |= {
            "attachment_ids": self._uploaded(token),
            "category_code": "utilities",
            "category": "utilities",
            "lead_organisation_id": self.world.cast.lead_unit.id,
            "co_organisation_ids": [self.world.cast.co_unit.id],
            "enterprise": self.world.cast.enterprise.id,
            "organisation": self.world.cast.lead_unit.id,
        }
        return Asking(role, token, things)

    def _uploaded(self, token: str) -> list[int]:
        """A file of their own, for those who may upload."""
        form = {"file": (BytesIO(pdf()), "证明.pdf")}
        answer = self.client.post(f"{API}/attachments", data=form, headers=bearing(token))
        return [answer.json["id"]] if answer.status_code == 201 else []


@contextmanager
def undone() -> Iterator[None]:
    """What happens inside is undone: each request meets the same world, in whatever order."""
    connection: Any = db.engines[None]
    savepoint = connection.begin_nested()
    try:
        yield
    finally:
        savepoint.rollback()
