"""Prepared statements: values, constants, errors, and the transaction they belong to."""

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import DataError

from app.db import db
from app.models.category import Category
from app.prepared import Prepared

pytestmark = pytest.mark.usefixtures("database")


def test_values_fill_parameters_and_constants_are_text():
    named = sa.bindparam("named", type_=sa.Text)
    query = sa.select(named.label("said"), sa.literal("it's 100 %").label("fixed"))
    [row] = Prepared(query).execute({"named": "O'Neil", "unasked": 1})
    assert (row.said, row.fixed) == ("O'Neil", "it's 100 %")


def test_what_the_database_refuses_is_an_error_of_sqlalchemy_without_values():
    number = Prepared(sa.text("SELECT CAST(:text AS integer) AS number"))
    with pytest.raises(DataError) as refused, db.session.begin_nested():
        number.execute({"text": "13800001234"})
    assert "13800001234" not in str(refused.value.statement)
    assert number.execute({"text": "7"})[0].number == 7


def test_it_sees_and_shares_the_transaction_of_the_session():
    count = Prepared(sa.select(sa.func.count().label("all")).select_from(Category))
    before = count.execute({})[0].all
    savepoint = db.session.begin_nested()
    db.session.add(Category(code="extra", name="其他类别", sort=99))
    db.session.flush()
    assert count.execute({})[0].all == before + 1
    savepoint.rollback()
    assert count.execute({})[0].all == before
