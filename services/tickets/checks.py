"""What an action names must exist: categories, units, files. Checked before it is decided."""

from collections.abc import Callable, Collection, Mapping
from typing import Any, TypeAlias

import sqlalchemy as sa

from app.db import db
from app.domain.actor import Actor
from app.domain.decisions.coordination import named_units
from app.domain.errors import FieldError, InvalidInput
from app.domain.facts.acceptance import Supplement
from app.domain.facts.commenting import Comment
from app.domain.facts.coordination import Dispatch
from app.domain.facts.deferral import DeferredMaterial
from app.domain.facts.handling import Answer, Opinion
from app.domain.facts.intake import Submission
from app.domain.facts.joint_meeting import JointMeeting, MeetingConclusion
from app.domain.facts.returning import Conclusion, Convening, ReturnRequest
from app.domain.facts.rework import Objection
from app.domain.facts.suspension import SuspensionRequest
from app.models.attachment import Attachment
from app.models.organisation import Organisation

ATTACHMENTS_PER_TICKET = 9
"""In all its rounds together (api.md, Names)."""


def check_facts(actor: Actor, facts: Any, ticket_id: int | None = None) -> None:
    """Raises `InvalidInput` naming every reference that leads nowhere.

    `ticket_id` is the locked ticket that the facts are for; None: there is none yet.
    """
    for check in CHECKS.get(type(facts), ()):
        check(facts, actor)
    if ticket_id is not None and isinstance(facts, _WithFiles) and facts.attachment_ids:
        _room_for(len(facts.attachment_ids), ticket_id)


_WithFiles: TypeAlias = (
    Submission
    | Supplement
    | DeferredMaterial
    | Answer
    | Opinion
    | SuspensionRequest
    | Objection
    | Comment
)


def check_category(facts: Any, active: Collection[str]) -> None:
    """Raises `InvalidInput` for a category that is not among the active ones."""
    code = getattr(facts, "category_code", None)
    if code is not None and code not in active:
        raise InvalidInput([FieldError("/category_code", "unknown-category", "没有这个类别。")])


def _units(facts: Dispatch | Conclusion, _: Actor) -> None:
    _standing(named_units(facts))


def _suggested_unit(facts: ReturnRequest, _: Actor) -> None:
    _standing({"/suggested_organisation_id": facts.suggested_organisation_id})


def _agreed_units(facts: MeetingConclusion, _: Actor) -> None:
    _standing(named_units(facts.units))


def _convened_units(facts: Convening | JointMeeting, _: Actor) -> None:
    _standing(
        {f"/organisation_ids/{index}": unit for index, unit in enumerate(facts.organisation_ids)}
    )


def _complained(facts: Submission, _: Actor) -> None:
    complained = enumerate(facts.complains_of.organisation_ids)
    _standing({f"/complains_of/organisation_ids/{i}": unit for i, unit in complained})


def _standing(named: Mapping[str, int]) -> None:
    """Raises `InvalidInput` where a unit is not there, or not any more."""
    if not named:
        return
    standing = sa.select(Organisation.id).where(
        Organisation.id.in_(named.values()), Organisation.closed_on.is_(None)
    )
    known = set(db.session.scalars(standing))
    errors = [
        FieldError(pointer, "unknown-organisation", "没有这个单位，或已撤销。")
        for pointer, unit in named.items()
        if unit not in known
    ]
    if errors:
        raise InvalidInput(errors)


def _files(facts: _WithFiles, actor: Actor) -> None:
    """Files belong to who uploaded them until an action takes them, once: hence the lock."""
    if not facts.attachment_ids:
        return
    waiting = sa.select(Attachment.id).where(
        Attachment.id.in_(facts.attachment_ids),
        Attachment.account_id == actor.account_id,
        Attachment.ticket_id.is_(None),
    )
    free = set(db.session.scalars(waiting.order_by(Attachment.id).with_for_update()))
    errors = [
        FieldError(f"/attachment_ids/{index}", "unknown-attachment", "附件不存在或已被使用。")
        for index, attachment in enumerate(facts.attachment_ids)
        if attachment not in free
    ]
    if errors:
        raise InvalidInput(errors)


def _room_for(files: int, ticket_id: int) -> None:
    query = sa.select(sa.func.count()).where(Attachment.ticket_id == ticket_id)
    if (db.session.scalar(query) or 0) + files > ATTACHMENTS_PER_TICKET:
        detail = f"每件诉求的附件合计不超过 {ATTACHMENTS_PER_TICKET} 个。"
        raise InvalidInput([FieldError("/attachment_ids", "too-many-attachments", detail)])


CHECKS: Mapping[type[Any], tuple[Callable[[Any, Actor], None], ...]] = {
    Submission: (_files, _complained),
    Dispatch: (_units,),
    Conclusion: (_units,),
    ReturnRequest: (_suggested_unit,),
    Convening: (_convened_units,),
    JointMeeting: (_convened_units,),
    MeetingConclusion: (_agreed_units,),
    Supplement: (_files,),
    DeferredMaterial: (_files,),
    Answer: (_files,),
    Opinion: (_files,),
    SuspensionRequest: (_files,),
    Objection: (_files,),
    Comment: (_files,),
}
