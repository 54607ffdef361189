"""The tickets of `bench.search`: found by what they say, each word as often as it is called."""

from collections.abc import Iterator

import psycopg
import pytest
import sqlalchemy as sa

from app import clock
from app.db import db, transaction
from app.domain.keyset import Page
from app.models.ticket_words import TicketWords
from app.seed import demo_city
from bench.search import ASKER, COUNTY, WORDS, measured, table_of
from bench.searched import FREQUENT, MIDDLING, RARE, RARE_ONES, load_searched
from services.search.fill import fill_tickets
from services.tickets.find import find_tickets
from tests.applications import application

TICKETS = 2_000
ALL = Page(100, None)


@pytest.fixture(scope="module")
def loaded(server, tmp_path_factory) -> Iterator[None]:
    """The demo city with the tickets."""
    with (
        server.clone() as url,
        application(url, tmp_path_factory.mktemp("home")) as app,
        app.app_context(),
    ):
        with transaction():
            demo_city.load()
        with psycopg.connect(url.replace("+psycopg", ""), autocommit=True) as connection:
            load_searched(connection, TICKETS, lambda _: None)
        yield
        db.session.remove()


def found(**filters: str) -> list[str]:
    rows, _ = find_tickets(ASKER, filters, "due_at", ALL, at=clock.now())
    return [row["title"] for row in rows]


@pytest.mark.usefixtures("loaded")
def test_each_word_is_as_frequent_as_it_is_called():
    assert len(found(q=RARE)) == RARE_ONES
    assert len(found(q=MIDDLING)) == TICKETS // 1000
    assert len(found(q=FREQUENT)) == 100
    counted = sa.select(sa.func.count()).where(TicketWords.words.contains([FREQUENT]))
    assert db.session.scalar(counted) == TICKETS


@pytest.mark.usefixtures("loaded")
def test_every_ticket_has_the_words_that_the_product_gives_it():
    ours = dict(db.session.execute(sa.select(TicketWords.ticket_id, TicketWords.words)).all())
    db.session.execute(sa.delete(TicketWords))
    after: int | None = 0
    while after is not None:
        after = fill_tickets(after)
    theirs = db.session.execute(sa.select(TicketWords.ticket_id, TicketWords.words)).all()
    db.session.rollback()
    assert len(theirs) == TICKETS
    assert {number: set(words) for number, words in theirs} == {
        number: set(words) for number, words in ours.items()
    }


@pytest.mark.usefixtures("loaded")
def test_every_question_is_asked_and_compared_with_its_list():
    times = measured(6)
    assert len(times) == 2 * (1 + len(WORDS))
    assert all(len(taken) == 5 for taken in times.values())
    assert 0 < len(found(area=COUNTY)) <= 100


def test_ratios_are_of_the_list_of_the_same_place():
    times = {"list": [2.0], "rare": [3.0], "list, county": [1.0], "rare, county": [4.0]}
    assert table_of(times) == [
        "| list | 2.00 | ×1.00 |",
        "| rare | 3.00 | ×1.50 |",
        "| list, county | 1.00 | ×1.00 |",
        "| rare, county | 4.00 | ×4.00 |",
        "median ratio ×2.75, worst ×4.00",
    ]
