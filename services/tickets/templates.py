"""派单模板 put into the dispatch that names it."""

from dataclasses import replace
from typing import Any

import sqlalchemy as sa

from app.db import db
from app.domain.errors import FieldError, InvalidInput
from app.domain.facts.coordination import Dispatch
from app.models.dispatch_template import DispatchTemplate


def with_template(facts: Any) -> Any:
    """The facts, a dispatch with what its template says; asked only where one is named.

    Raises `InvalidInput` for a template that is not there, or not in use any more.
    """
    if not isinstance(facts, Dispatch) or facts.template_code is None:
        return facts
    found = db.session.execute(
        sa.select(DispatchTemplate.instruction, DispatchTemplate.silence_is_consent).where(
            DispatchTemplate.code == facts.template_code, DispatchTemplate.is_active
        )
    ).one_or_none()
    if found is None:
        detail = "没有这个派单模板，或已停用。"
        raise InvalidInput([FieldError("/template_code", "unknown-template", detail)])
    return replace(
        facts,
        instruction=facts.instruction or found.instruction,
        silence_is_consent=found.silence_is_consent,
    )
