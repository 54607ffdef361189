"""Changes behind the product's back, as somebody with the database in hand makes them."""

from collections.abc import Iterator
from contextlib import contextmanager

import sqlalchemy as sa

from app.db import db
from tests.factories import Case

KEPT = ("ticket_events", "tickets")


def behind_its_back(statement: str, case: Case) -> None:
    """Change rows of the ticket as no product code would."""
    ticket_id = case.ticket.id
    with unguarded():
        db.session.execute(sa.text(statement), {"ticket": ticket_id})


@contextmanager
def unguarded() -> Iterator[None]:
    """Inside, the database lets histories be changed."""
    for table in KEPT:
        db.session.execute(sa.text(f"ALTER TABLE {table} DISABLE TRIGGER USER"))
    yield
    for table in KEPT:
        db.session.execute(sa.text(f"ALTER TABLE {table} ENABLE TRIGGER USER"))
    db.session.expire_all()
