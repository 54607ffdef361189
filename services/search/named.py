"""检索企业和管家: one condition on the table, on the faster of two ways."""

from typing import Any

import sqlalchemy as sa

from services.search.question import Question, matches
from services.search.shares import shares
from services.visibility.asking import Condition


def found_by(key: Any, array: Any, asked: Question, limit: int, *within: Condition) -> Condition:
    """The condition on the table of `key` under which a row is an answer to `asked`.

    `array` is its expression of terms, `limit` the length of a page in the order of `key`; `within`
    are the other conditions, so that the look into the index finds nothing that they leave out.
    """
    condition = matches(array, *asked.terms())
    if shares(key.table.name).is_walked(asked, limit):
        # In this form no index serves it: it is asked of each row on the way along the list.
        return condition.is_(sa.true())
    ids = sa.select(key).where(condition, *within).correlate(None)
    looked_up: Condition = key == sa.any_(sa.func.array(ids.scalar_subquery()))
    return looked_up
