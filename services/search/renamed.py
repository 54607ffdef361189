"""更名: tickets of a renamed enterprise are found by its new name as well as by the old one."""

from collections.abc import Sequence

import sqlalchemy as sa

from app.db import db

_ADD_NAMES = sa.text(
    "UPDATE ticket_words w SET words = ARRAY("
    "SELECT unnest(w.words) UNION SELECT unnest(e.name_words[2:]))"
    " FROM tickets t JOIN enterprises e ON e.id = t.enterprise_id"
    " WHERE t.enterprise_id = ANY (:enterprises) AND w.ticket_id = t.id AND NOT t.is_anonymous"
)


def follow_names(enterprise_ids: Sequence[int]) -> None:
    """Add the words of the present names of these enterprises to all of their tickets."""
    if enterprise_ids:
        db.session.execute(_ADD_NAMES, {"enterprises": list(enterprise_ids)})
