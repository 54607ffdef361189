"""检索诉求: the same list, narrowed by words, on one of two ways to the same page."""

from collections.abc import Collection
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ARRAY

from app.domain.actor import Actor
from app.domain.permissions import GRANTS, Permission, Scope
from app.models.terms import area_mark
from app.models.ticket import Ticket
from app.models.ticket_words import TICKET_TERMS, TicketWords
from services.search.question import Question, matches, question
from services.search.shares import shares
from services.visibility.asking import Condition

NARROW = (Scope.OWN_ENTERPRISE, Scope.PAIRING)
"""Who sees so little that all of it is sooner read than an index of all words."""

_WORDS, _MARKED = (sa.bindparam(f"q_{name}", type_=ARRAY(sa.Text)) for name in ("words", "marked"))
_MATCHES = matches(TICKET_TERMS, _WORDS, _MARKED)


class Way(StrEnum):
    """How a page is found: along the list, or by the index of words."""

    WALK = "walk"
    LOOK_UP = "look_up"


def asked_within(actor: Actor, text: str, area: str | None) -> Question:
    """What `text` looks for in the area of a prefix; in the actor's own, where that is a limit.

    The list keeps to both by itself: an area in which most tickets are is not looked up.
    """
    limits = [area] if area else []
    if _scope(actor) is Scope.AREA and actor.area_prefix:
        limits.append(actor.area_prefix)
    counted = shares(TicketWords.__tablename__)
    return question(text, [each for each in limits if not counted.is_in_most(area_mark(each))])


def values_of_question(asked: Question) -> dict[str, Any]:
    """What fills the parameters of either way."""
    words, marked = asked.terms()
    return {"q_words": words, "q_marked": marked}


def way_to(actor: Actor, asked: Question, filters: Collection[str], limit: int) -> Way:
    """The faster way. Both lead to the same page."""
    if _scope(actor) in NARROW or "enterprise" in filters:
        return Way.WALK
    walked = shares(TicketWords.__tablename__).is_walked(asked, limit)
    return Way.WALK if walked else Way.LOOK_UP


def on_the_walk() -> Condition:
    """The condition on `tickets` under which one stays in the list: looked up one by one."""
    own = sa.select(_MATCHES).where(TicketWords.ticket_id == Ticket.id)
    return own.scalar_subquery()


def looked_up(query: sa.Select[*tuple[Any, ...]]) -> sa.CTE:
    """All that `query` finds with the words, fenced off from the sorting, which would walk."""
    found = query.join(TicketWords, TicketWords.ticket_id == Ticket.id).where(_MATCHES)
    return found.cte("found").prefix_with("MATERIALIZED")


def _scope(actor: Actor) -> Scope | None:
    return GRANTS[Permission.READ_TICKETS].get(actor.role)
