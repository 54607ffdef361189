"""诉求类别: what may be chosen when a request is submitted or accepted."""

from dataclasses import dataclass

import sqlalchemy as sa

from app.db import db
from app.models.category import Category


@dataclass(frozen=True, slots=True)
class CategoryItem:
    """A category on offer."""

    code: str
    name: str


def list_categories() -> list[CategoryItem]:
    """The categories in use, in their order."""
    query = (
        sa.select(Category.code, Category.name)
        .where(Category.is_active)
        .order_by(Category.sort, Category.code)
    )
    return [CategoryItem(code, name) for code, name in db.session.execute(query)]
