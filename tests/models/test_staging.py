"""Rows by COPY: every value arrives as it was, a row that stands in the way is told as usual."""

from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from app.db import db
from app.models.enterprise import Enterprise
from app.models.staging import copy_rows, stage_rows
from tests.factories import make_enterprise

pytestmark = pytest.mark.usefixtures("database")

TABLE = Enterprise.__table__
TEXTS = ["电梯", "", "a,b", '"', "\\", '{"x"}', "\t\n\r", "NULL", " ", "\\N", "\\."]
WITHOUT_CODE = {"uscc": None, "uscc_state": "pending"}


@pytest.fixture
def registered() -> dict[str, Any]:
    """The row of an enterprise that is stored."""
    query = sa.select(TABLE).where(TABLE.c.id == make_enterprise("甲").id)
    return dict(db.session.execute(query).mappings().one())


def stored(enterprise_id: int) -> dict[str, Any]:
    query = sa.select(TABLE).where(TABLE.c.id == enterprise_id)
    return dict(db.session.execute(query).mappings().one())


def test_every_value_arrives_as_it_was(registered):
    rows = [
        registered
        | WITHOUT_CODE
        | {"id": 900_000 + n, "name": text, "remark": text}
        # The first row tells which columns are arrays; this one is empty but for the name.
        | {"name_words": [text, *(TEXTS if n else [])]}
        for n, text in enumerate(TEXTS)
    ]
    copy_rows(db.session.connection(), Enterprise, rows)
    assert [stored(row["id"]) for row in rows] == rows


def test_an_empty_array_stays_empty(registered):
    row = registered | WITHOUT_CODE | {"id": 900_000, "name_words": []}
    with pytest.raises(IntegrityError, match="words_of_name"), db.session.begin_nested():
        copy_rows(db.session.connection(), Enterprise, [row | {"name_words": ["乙"]}])
    copy_rows(db.session.connection(), Enterprise, [row])
    assert stored(900_000)["name_words"] == []


def test_nothing_to_copy_is_no_fault(registered):
    copy_rows(db.session.connection(), Enterprise, [])
    assert stored(registered["id"]) == registered


def test_a_row_that_stands_in_the_way_is_told_as_of_any_statement(registered):
    with pytest.raises(IntegrityError, match="uq_enterprises_uscc"), db.session.begin_nested():
        copy_rows(db.session.connection(), Enterprise, [registered | {"id": 900_000}])


def test_staged_rows_come_once_and_in_their_own_words(registered):
    for words in (["甲", "\\"], ["甲", '"']):
        staged = stage_rows(
            db.session.connection(), Enterprise, [registered | {"name_words": words}]
        )
        statement = staged.on_conflict_do_update(
            index_elements=[Enterprise.id], set_={"name_words": staged.excluded.name_words}
        )
        db.session.execute(statement)
        assert stored(registered["id"])["name_words"] == words
