"""What a view's decorators say about it, for the checks and the document that go by them."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

from app.domain.permissions import Permission

View = TypeVar("View", bound=Callable[..., Any])

PUBLIC = "public"
VISITOR = "visitor"
SESSION = "session"
FROM_BODY = frozenset({"json", "multipart"})


@dataclass(frozen=True, slots=True)
class Marks:
    """The marks of a view. They travel outwards through every decorator that uses `wraps`."""

    gate: Permission | str | None = None
    takes: frozenset[str] = frozenset()
    takes_key: bool = False
    needs_key: bool = False
    needs_version: bool = False
    problems: frozenset[int] = frozenset()
    takes_membership: bool = False
    takes_program: bool = False
    reads_raw: bool = False
    is_unlimited: bool = False
    needs_fresh: bool = False
    eases: frozenset[str] = frozenset()

    @property
    def is_public(self) -> bool:
        return self.gate == PUBLIC

    @property
    def needs_session(self) -> bool:
        """Whether an account has to be logged in."""
        return self.gate not in {PUBLIC, VISITOR}

    @property
    def asks_for_right(self) -> bool:
        """Whether a role has to hold a right, so that there has to be a membership."""
        return self.needs_session and self.gate != SESSION

    @property
    def takes_body(self) -> bool:
        return bool(self.takes & FROM_BODY)


def marks_of(view: Callable[..., Any]) -> Marks:
    """The marks that the decorators of `view` left on it."""
    return Marks(**{name: vars(view)[name] for name in Marks.__slots__ if name in vars(view)})


def mark(view: View, **marks: Any) -> View:
    """Leave `marks` (fields of `Marks`) on `view`."""
    vars(view).update(marks)
    return view
