"""What an action names must exist: categories, units, files. Checked before it is decided."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

import sqlalchemy as sa

from app.db import db
from app.domain.actor import Actor
from app.domain.errors import FieldError, InvalidInput
from app.domain.ticket_facts import (
    Acceptance,
    Answer,
    Dispatch,
    Opinion,
    Submission,
    Supplement,
)
from app.models.attachment import Attachment
from app.models.category import Category
from app.models.organisation import Organisation


def check_facts(facts: Any, actor: Actor) -> None:
    """Raises `InvalidInput` naming every reference that leads nowhere."""
    for check in CHECKS.get(type(facts), ()):
        check(facts, actor)


def _category(facts: Acceptance | Submission, _: Actor) -> None:
    if facts.category_code is None:
        return
    known = db.session.scalar(
        sa.select(sa.true()).where(Category.code == facts.category_code, Category.is_active)
    )
    if not known:
        raise InvalidInput([FieldError("/category_code", "unknown-category", "没有这个类别。")])


def _units(facts: Dispatch, _: Actor) -> None:
    named = {
        "/lead_organisation_id": facts.lead_organisation_id,
        **{f"/co_organisation_ids/{i}": unit for i, unit in enumerate(facts.co_organisation_ids)},
    }
    known = _existing(Organisation.id, named.values())
    errors = [
        FieldError(pointer, "unknown-organisation", "没有这个单位。")
        for pointer, unit in named.items()
        if unit not in known
    ]
    if errors:
        raise InvalidInput(errors)


def _files(facts: Submission | Supplement | Answer | Opinion, actor: Actor) -> None:
    """Files belong to who uploaded them until an action takes them, once."""
    free = _existing(
        Attachment.id,
        facts.attachment_ids,
        Attachment.account_id == actor.account_id,
        Attachment.ticket_id.is_(None),
    )
    errors = [
        FieldError(f"/attachment_ids/{index}", "unknown-attachment", "附件不存在或已被使用。")
        for index, attachment in enumerate(facts.attachment_ids)
        if attachment not in free
    ]
    if errors:
        raise InvalidInput(errors)


def _existing(column: Any, values: Iterable[int], *conditions: Any) -> set[int]:
    wanted = list(values)
    if not wanted:
        return set()
    return set(db.session.scalars(sa.select(column).where(column.in_(wanted), *conditions)))


CHECKS: Mapping[type[Any], tuple[Callable[[Any, Actor], None], ...]] = {
    Submission: (_category, _files),
    Acceptance: (_category,),
    Dispatch: (_units,),
    Supplement: (_files,),
    Answer: (_files,),
    Opinion: (_files,),
}
