"""诉求类别: what may be chosen when a request is submitted or accepted."""

from dataclasses import dataclass

import sqlalchemy as sa

from app.domain.keyset import Page
from app.models.category import Category
from services.paging import ascending, fetch_page

BY_PLACE = ascending("place", Category.sort, Category.code)


@dataclass(frozen=True, slots=True)
class CategoryItem:
    """A category on offer."""

    code: str
    name: str


def list_categories(page: Page) -> tuple[list[CategoryItem], str | None]:
    """A page of the categories in use, in their order."""
    query = sa.select(Category.code, Category.name).where(Category.is_active)
    found = fetch_page(query, BY_PLACE, page)
    return [CategoryItem(row.code, row.name) for row in found.rows], found.next_cursor
