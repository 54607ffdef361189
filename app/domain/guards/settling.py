"""事项: the conditions under which one is opened, stood behind and settled."""

from app.domain.actor import Actor, Role
from app.domain.guards.ticket import Guard, every
from app.domain.matters import open_matters
from app.domain.ticket_state import Situation
from app.domain.vocabulary import MatterKind


def none_open(kind: MatterKind) -> Guard:
    """For the row of a kind of matter."""

    def guard(state: Situation, _: Actor) -> bool:
        """None of this kind is open."""
        return not open_matters(state, kind)

    return guard


def awaits_consent(kind: MatterKind) -> Guard:
    """For the row of a kind of matter."""

    def guard(state: Situation, actor: Actor) -> bool:
        """The own unit has opened one and does not stand behind it yet."""
        unit = actor.organisation_id
        own = [one for one in open_matters(state, kind) if one.organisation_id == unit]
        return any(not one.is_consented for one in own)

    return guard


def awaits_ruling(kind: MatterKind) -> Guard:
    """For the row of a kind of matter."""

    def guard(state: Situation, _: Actor) -> bool:
        """One is open, and its own unit stands behind it."""
        return any(one.is_consented for one in open_matters(state, kind))

    return guard


def did_not_open(kind: MatterKind) -> Guard:
    """For the row of a kind of matter."""

    def guard(state: Situation, actor: Actor) -> bool:
        """The second person is not the first."""
        return all(one.opened_by != actor.account_id for one in open_matters(state, kind))

    return guard


def is_high_enough(kind: MatterKind) -> Guard:
    """For the row of a kind of matter."""

    def guard(state: Situation, actor: Actor) -> bool:
        """A supervisor, where the matter takes one."""
        return actor.role is Role.SUPERVISOR or not any(
            one.needs_supervisor for one in open_matters(state, kind)
        )

    return guard


def may_rule(kind: MatterKind) -> Guard:
    """For the row of a kind of matter."""
    return every(did_not_open(kind), is_high_enough(kind))


def is_elsewhere(kind: MatterKind) -> Guard:
    """For the row of a kind of matter."""

    def guard(state: Situation, actor: Actor) -> bool:
        """A supervisor, or a coordinator of another office than that which opened it."""
        return actor.role is Role.SUPERVISOR or all(
            one.organisation_id != actor.organisation_id for one in open_matters(state, kind)
        )

    return guard


def rules_elsewhere(kind: MatterKind) -> Guard:
    """For the row of a kind of matter."""
    return every(did_not_open(kind), is_elsewhere(kind))
