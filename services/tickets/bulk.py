"""成批操作: many commands through the one door, each for itself.

Each is a part of the transaction that is undone alone, so that what is refused costs the others
nothing, and all that was done is committed, or lost, with the answer that tells of it.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import TypeAlias

from sqlalchemy.exc import IntegrityError

from app.db import part_of_transaction
from app.domain.actor import Actor
from app.domain.errors import Conflict, DomainError
from app.domain.ticket_state import Change
from services.tickets.perform import Command, perform

Outcome: TypeAlias = Change | DomainError


def perform_each(
    actor: Actor, commands: Mapping[int, Command], *, at: datetime
) -> Mapping[int, Outcome]:
    """What became of each command, by its place: the change, or why it was refused.

    Tickets are locked in the order of their numbers, whatever the order asked in: two who act on
    the same ones wait for each other and never for themselves.
    """
    in_turn: Sequence[int] = sorted(commands, key=lambda place: commands[place].number)
    return {place: _outcome(actor, commands[place], at=at) for place in in_turn}


def _outcome(actor: Actor, command: Command, *, at: datetime) -> Outcome:
    try:
        with part_of_transaction():
            return perform(actor, command, at=at)
    except DomainError as refusal:
        return refusal
    except IntegrityError:
        return Conflict("与他人同时进行的操作冲突，请刷新后重试。")
