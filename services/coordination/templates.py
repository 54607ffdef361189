"""派单模板: kept by the system administrator, used by who dispatches."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any

import sqlalchemy as sa

from app.db import db
from app.domain.actor import Actor
from app.domain.errors import AlreadyExists, NotFound
from app.domain.keyset import Page
from app.domain.permissions import Permission, demand
from app.models.dispatch_template import DispatchTemplate
from services.audit import record
from services.paging import ascending, fetch_page

BY_CODE = ascending("code", DispatchTemplate.code)


@dataclass(frozen=True, slots=True)
class TemplateItem:
    """A template of dispatches, in use or not any more."""

    id: int
    code: str
    name: str
    instruction: str
    silence_is_consent: bool
    is_active: bool


def list_templates(actor: Actor, page: Page) -> tuple[list[TemplateItem], str | None]:
    """A page of all templates. Raises `Forbidden`."""
    demand(actor, Permission.READ_DISPATCH_TEMPLATES)
    found = fetch_page(sa.select(*_SHOWN), BY_CODE, page)
    return [_item(row) for row in found.rows], found.next_cursor


def add_template(actor: Actor, said: Mapping[str, Any]) -> TemplateItem:
    """A new template. Raises `Forbidden`, `AlreadyExists` (the code is taken)."""
    demand(actor, Permission.CONFIGURE_DISPATCH_TEMPLATES)
    known = sa.select(DispatchTemplate.id).where(DispatchTemplate.code == said["code"])
    if db.session.scalar(known) is not None:
        raise AlreadyExists("这个代码的模板已经有了。")
    made = sa.insert(DispatchTemplate).values(**said).returning(*_SHOWN)
    item = _item(db.session.execute(made).one())
    record(actor, "add_dispatch_template", f"dispatch_template:{item.id}", dict(said))
    return item


def change_template(actor: Actor, template_id: int, said: Mapping[str, Any]) -> TemplateItem:
    """Change what is said and leave the rest; what was dispatched stays as it was told.

    Raises `Forbidden`, `NotFound`.
    """
    demand(actor, Permission.CONFIGURE_DISPATCH_TEMPLATES)
    template = db.session.get(DispatchTemplate, template_id, with_for_update=True)
    if template is None:
        raise NotFound
    for name, value in said.items():
        setattr(template, name, value)
    db.session.flush()
    record(actor, "change_dispatch_template", f"dispatch_template:{template_id}", dict(said))
    shown = sa.select(*_SHOWN).where(DispatchTemplate.id == template_id)
    return _item(db.session.execute(shown).one())


_NAMES = tuple(field.name for field in fields(TemplateItem))
_SHOWN = tuple(DispatchTemplate.__table__.c[name] for name in _NAMES)


def _item(row: Any) -> TemplateItem:
    return TemplateItem(*(getattr(row, name) for name in _NAMES))
