"""Walking all pages meets every entry once, in order, whatever the order and wherever it is cut."""

import base64
import hashlib
import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from operator import itemgetter

import pytest
import sqlalchemy as sa
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy.dialects import postgresql

from app.domain.errors import InvalidInput
from app.domain.keyset import CHECKSUM_BYTES, Page, encode_cursor
from services.paging import Order, SortKey, ascending, descending, fetch_page, keyset

TASKS = sa.Table(
    "paging_tasks",
    sa.MetaData(),
    sa.Column("id", sa.BigInteger, primary_key=True),
    sa.Column("due_at", sa.TIMESTAMP(timezone=True)),
    sa.Column("weight", sa.Integer, nullable=False),
    sa.Column("name", sa.Text, nullable=False),
    prefixes=["TEMPORARY"],
)
START = datetime(2026, 11, 23, 1, tzinfo=UTC)
ROWS = [
    {
        "id": number,
        "due_at": START + timedelta(hours=number % 5) if number % 4 else None,
        "weight": number % 3,
        "name": "鞍山东西海城"[number % 6] * (number % 2 + 1),
    }
    for number in range(1, 38)
]
column = TASKS.c
ORDERS = [
    ascending("id", column.id),
    descending("newest", column.id),
    ascending("weight", column.weight, column.id),
    descending("heaviest", column.weight, column.id),
    Order("due", (SortKey(column.due_at, is_nullable=True), SortKey(column.id))),
    Order(
        "latest",
        (SortKey(column.due_at, is_descending=True, is_nullable=True), SortKey(column.id)),
    ),
    Order(
        "mixed",
        (
            SortKey(column.weight, is_descending=True),
            SortKey(column.due_at, is_nullable=True),
            SortKey(column.id, is_descending=True),
        ),
    ),
    ascending("name", column.name, column.id),
]
ALL = sa.select(column.id, column.due_at)


@pytest.fixture
def tasks(database) -> None:
    """A table of tasks; some are due together, some at no time."""
    TASKS.create(database.connection())
    database.execute(TASKS.insert(), ROWS)


def walk(query: sa.Select, order: Order, limit: int) -> Iterator[list[int]]:
    cursor = None
    while True:
        found = fetch_page(query, order, Page(limit, cursor))
        yield [row.id for row in found.rows]
        cursor = found.next_cursor
        if cursor is None:
            return


def in_order(order):
    """The ids as Python sorts them: stable sorts from the last key to the first, NULL last."""
    rows = list(ROWS)
    for key in reversed(order.keys):
        name = key.column.name
        known = [row for row in rows if row[name] is not None]
        known.sort(key=itemgetter(name), reverse=key.is_descending)
        rows = known + [row for row in rows if row[name] is None]
    return [row["id"] for row in rows]


@pytest.mark.parametrize("limit", [1, 2, 5, 36, 37, 38, 100])
@pytest.mark.parametrize("order", ORDERS[:-1], ids=lambda order: order.name)
def test_all_pages_together_are_the_whole_in_order(tasks, order, limit):
    pages = list(walk(ALL, order, limit))
    assert [entry for page in pages for entry in page] == in_order(order)
    assert all(len(page) == limit for page in pages[:-1])


@pytest.mark.parametrize("limit", [1, 7])
def test_names_are_walked_in_the_order_of_the_database(tasks, database, limit):
    pages = walk(ALL, ORDERS[-1], limit)
    expected = database.scalars(sa.select(column.id).order_by(column.name, column.id)).all()
    assert [entry for page in pages for entry in page] == expected


def test_entries_that_come_and_go_shift_nothing(tasks, database):
    order = ORDERS[0]
    first = fetch_page(ALL, order, Page(10))
    database.execute(sa.delete(TASKS).where(column.id.in_([3, 10, 15])))
    database.execute(TASKS.insert().values(ROWS[0] | {"id": -1}))
    second = fetch_page(ALL, order, Page(10, first.next_cursor))
    assert [row.id for row in second.rows] == [11, 12, 13, 14, *range(16, 22)]


def test_the_condition_of_the_query_holds_on_every_page(tasks):
    light = ALL.where(column.weight == 0)
    expected = [row["id"] for row in ROWS if row["weight"] == 0]
    assert [entry for page in walk(light, ORDERS[0], 4) for entry in page] == expected


def test_an_empty_list_is_one_empty_page(tasks):
    assert list(walk(ALL.where(sa.false()), ORDERS[4], 25)) == [[]]


def test_a_cursor_of_another_order_is_refused(tasks):
    cursor = fetch_page(ALL, ORDERS[0], Page(3)).next_cursor
    with pytest.raises(InvalidInput):
        fetch_page(ALL, ORDERS[1], Page(3, cursor))


@pytest.mark.parametrize(
    "values",
    [
        [],
        [START],
        [START, 1, 1],
        [START, None],
        [START, "1"],
        [1, 1],
        ["x", 1],
        [START.replace(tzinfo=None), 1],
        [START, 2**63],
        [START, -(2**63) - 1],
    ],
)
def test_values_that_do_not_fit_are_refused_before_the_database_sees_them(tasks, values):
    cursor = encode_cursor("due", values)
    with pytest.raises(InvalidInput):
        fetch_page(ALL, ORDERS[4], Page(3, cursor))


@pytest.mark.parametrize("text", ["a\x00b", "\ud800"])
def test_text_that_cannot_be_stored_is_refused(tasks, text):
    position = json.dumps(["name", text, 1]).encode()
    framed = hashlib.sha256(position).digest()[:CHECKSUM_BYTES] + position
    cursor = base64.urlsafe_b64encode(framed).decode()
    with pytest.raises(InvalidInput):
        fetch_page(ALL, ORDERS[-1], Page(3, cursor))


def test_plain_orders_compare_rows_so_that_an_index_serves_them():
    query = keyset(ALL, ORDERS[2], Page(3, encode_cursor("weight", [1, 5])))
    text = str(query.compile(dialect=postgresql.dialect()))
    assert "(paging_tasks.weight, paging_tasks.id) > (" in text
    assert " OR " not in text


@settings(max_examples=300)
@given(st.binary(max_size=60).map(lambda raw: raw.hex()))
def test_no_cursor_reaches_the_database_unread(text):
    with pytest.raises(InvalidInput):
        keyset(ALL, ORDERS[4], Page(3, text))
