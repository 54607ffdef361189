"""并案: what its actions must bring."""

from dataclasses import dataclass

from app.domain.ticket_records import Reply
from app.domain.vocabulary import Status


@dataclass(frozen=True, slots=True)
class Parent:
    """主件, as it stands under its lock."""

    id: int
    number: str
    enterprise_id: int
    status: Status
    complained_housekeeper_id: int | None = None
    complained_organisation_ids: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class MergeInto:
    """并入主件. `parent` None: there is none of that number within the actor's sight."""

    parent: Parent | None
    reason: str


@dataclass(frozen=True, slots=True)
class Unmerge:
    """撤销并案."""

    reason: str


@dataclass(frozen=True, slots=True)
class FollowParent:
    """随主件并入: the parent has been merged itself."""

    parent: Parent


@dataclass(frozen=True, slots=True)
class AnswerOfParent:
    """主件的答复, released."""

    reply: Reply
