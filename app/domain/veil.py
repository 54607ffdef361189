"""内容审核中: what somebody else of the enterprise does not read while it is not decided.

Who wrote it reads it, and who has to act on the ticket: a complaint must be handled, whatever its
words are. Pure: what is veiled is told by the caller.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from app.domain.content_checks import NOTICE, REPEATING, TEXTS
from app.domain.permissions import Permission as Act
from app.domain.vocabulary import MatterKind


@dataclass(frozen=True, slots=True)
class Veiled:
    """An event of a ticket whose text is veiled to the reader; `attempt` counts supplements."""

    seq: int
    action: Act
    attempt: int | None = None


@dataclass(frozen=True, slots=True)
class Veil:
    """All events of a ticket whose texts the reader does not read."""

    events: tuple[Veiled, ...] = ()

    @classmethod
    def of(cls, rows: Iterable[Mapping[str, Any]] | None) -> "Veil":
        """From rows with `seq`, `action` and `attempt`."""
        return cls(
            tuple(Veiled(row["seq"], Act(row["action"]), row["attempt"]) for row in rows or ())
        )

    def hides(self, action: Act) -> bool:
        """Whether the text of some event of `action` is veiled."""
        return any(one.action is action for one in self.events)

    def submission(self, shown: dict[str, Any]) -> dict[str, Any]:
        """The title and the text of a ticket, and whether they are withheld."""
        if not self.hides(Act.SUBMIT):
            return {"is_withheld": False}
        return {"is_withheld": True} | {name: NOTICE for name in TEXTS[Act.SUBMIT] if name in shown}

    def supplements(self, supplements: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
        """The notices with their answers."""
        hidden = {one.attempt for one in self.events if one.action is Act.SUPPLY}
        return [
            one | {"answer": NOTICE} if one["attempt"] in hidden and one["answer"] else one
            for one in supplements
        ]

    def matters(self, matters: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
        """The matters: requests to purge have a reason, what was deferred has a note."""
        return [self._matter(one) for one in matters]

    def _matter(self, matter: dict[str, Any]) -> dict[str, Any]:
        kind = matter["kind"]
        if kind == MatterKind.PURGE and self.hides(Act.REQUEST_PURGE):
            return matter | {"details": matter["details"] | {"reason": NOTICE}}
        if kind == MatterKind.DEFERRAL and self.hides(Act.SUPPLY_DEFERRED):
            return matter | {"note": matter["note"] and NOTICE}
        return matter

    def evaluations(self, evaluations: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
        """The ratings of all rounds, without words where some of them are veiled."""
        if not self.hides(Act.EVALUATE):
            return [*evaluations]
        return [one | veiled_facts(Act.EVALUATE, one) for one in evaluations]


def veiled_facts(action: Act, facts: Mapping[str, Any]) -> dict[str, Any]:
    """The facts of an event of which nobody but its author reads the words."""
    names = TEXTS.get(REPEATING.get(action, action), ())
    return {name: _veiled(value) if name in names else value for name, value in facts.items()}


def _veiled(value: Any) -> Any:
    if isinstance(value, list | tuple):
        return [NOTICE] if value else []
    return NOTICE if value else value
