"""What the benchmark loads is what the product would have written: by its checks, row by row."""

from collections.abc import Iterator
from dataclasses import fields, is_dataclass, replace
from datetime import timedelta
from typing import Any

import psycopg
import pytest
import sqlalchemy as sa
from flask import Flask

from app import clock
from app.db import db, transaction
from app.domain.facts.intake import Submission
from app.domain.ticket_words import words_of_ticket
from app.domain.vocabulary import TicketClass
from app.seed import demo_city
from bench.cast import PEOPLE, SLOTS, slot, text
from bench.city import City, people, read_city
from bench.lives import Life, led
from bench.loading import Load, copy_lines, lives_until, no_lines, words_of
from bench.plots import PLOTS
from bench.stamps import TABLES, columns_of, stamp_of
from jobs.audit_figures import audit_figures
from jobs.count_figures import count_figures
from services.tickets.deadline_audit import audit_after
from services.tickets.history import verify_histories
from services.tickets.intake import submit
from services.tickets.perform import Command, perform
from services.tickets.terms import terms_at
from tests.applications import application

TICKETS = 300
PREFIX = "AS"


@pytest.fixture(scope="module")
def loaded(server, tmp_path_factory) -> Iterator[tuple[Flask, City, str]]:
    """The demo city with tickets of 400 days, put down under the eyes of all constraints."""
    with (
        server.clone() as url,
        application(url, tmp_path_factory.mktemp("home")) as app,
        app.app_context(),
    ):
        address = url.replace("+psycopg", "")
        with transaction():
            demo_city.load()
        with psycopg.connect(address, autocommit=True) as connection:
            people(connection)
            city = read_city(connection).of_housekeepers(3)
        stamps = list(lives_until(clock.now(), lambda at: terms_at(at=at), every=4))
        Load(address, city, PREFIX, stamps, 1, TICKETS, checked=True).run()
        yield app, city, address
        db.session.remove()


def test_the_deadline_audit_finds_no_drift(loaded):
    checked, last = 0, 0
    while (found := audit_after(last)).checked:
        assert not found.drifts
        checked, last = checked + found.checked, found.last
    assert checked > TICKETS / 20


def test_every_history_holds(loaded):
    verdicts = list(verify_histories())
    assert len(verdicts) >= TICKETS
    assert {verdict.reason for verdict in verdicts} == {None}


def test_the_figures_of_the_report_are_counted_alike_by_its_own_audit(loaded):
    assert count_figures().items > 0
    assert not audit_figures().failures


def test_tickets_stand_at_many_steps_in_plausible_shares(loaded):
    query = sa.text("SELECT status, count(*) AS n FROM tickets WHERE id <= :last GROUP BY 1")
    counted = {row.status: row.n for row in db.session.execute(query, {"last": TICKETS})}
    opened = TICKETS - sum(counted[status] for status in ("archived", "refused", "withdrawn"))
    assert len(counted) >= 6
    assert 0.04 < opened / TICKETS < 0.25
    assert counted["archived"] / TICKETS > 0.6


def real(value: Any, values: dict[str, Any]) -> Any:
    """`value` with the real thing in the place of every stand-in."""
    if is_dataclass(value) and not isinstance(value, type):
        given = {one.name: real(getattr(value, one.name), values) for one in fields(value)}
        return replace(value, **given)
    if isinstance(value, tuple):
        return tuple(real(each, values) for each in value)
    stands_for = {slot(name): name for name in SLOTS} | {text(name): name for name in SLOTS}
    return values[stands_for[value]] if value in stands_for else value


def performed(life: Life, values: dict[str, Any]) -> str:
    """The same life, led through the product. Answers its number."""
    number = ""
    for deed in life.deeds:
        event = deed.change.event
        if deed.step is None:
            asked = Submission(text("title"), text("body"), category_code=text("category"))
            number = submit(
                real(event.actor, values), real(asked, values), PREFIX, at=event.at
            ).number
        else:
            actor = real(PEOPLE[deed.step.by], values)
            facts = real(deed.step.given, values)
            perform(actor, Command(number, deed.step.action, facts), at=event.at)
    return number


OWN = {
    *("id", "ticket_id", "hash", "event_head", "recorded_at", "read_at"),
    *("created_at", "at"),
}
"""What cannot be equal: ids, what hangs on the number, and what people or the database add."""


def told(row: dict[str, Any], number: str) -> str:
    """The row, without the number and the words of the number, which no two tickets share."""
    if "words" in row:
        row["words"] = sorted(set(row["words"]) - words_of_ticket(number, "", "", ""))
    return repr(row).replace(number, "N")


def rows_of(number: str) -> dict[str, list[str]]:
    """All rows that belong to a ticket, comparable with those of another."""
    ticket = db.session.scalar(sa.text("SELECT id FROM tickets WHERE number = :n"), {"n": number})
    found = {}
    for table in TABLES:
        if table.name == "idempotency_keys":
            continue  # kept by the API, and for a day
        place = {"tickets": "id = :id", "audit_entries": "subject = 'ticket:' || :n"}
        where = place.get(table.name, "ticket_id = :id")
        query = sa.select(*(table.c[name] for name in columns_of(table) if name not in OWN))
        asked = query.where(sa.text(where))
        rows = db.session.execute(asked, {"id": ticket, "n": number}).mappings()
        found[table.name] = sorted(told(dict(row), number) for row in rows)
    return found


def printed(life: Life, values: dict[str, Any], address: str) -> str:
    """The same life as the benchmark puts it down. Answers its number."""
    lines = no_lines()
    stamp_of(life, at=clock.now()).print_into(lines, values | {"words": words_of(values)})
    with psycopg.connect(address, autocommit=True) as connection:
        copy_lines(connection, lines)
    return str(values["number"])


def test_every_life_leaves_the_rows_that_the_product_writes(loaded):
    _, city, address = loaded
    began = clock.now() - timedelta(days=80)
    plain = {"title": "厂区门前道路积水", "body": "请协调处理。", "address": "10.3.0.1"}
    place = {**city.enterprises[0], **city.leads[0], **city.others[0]}
    for index, plot in enumerate(PLOTS):
        values = place | plain | {"category": city.categories[0], "ticket_id": 900_000 + index}
        values["number"] = f"{PREFIX}19990101-{index:06d}"
        life = led(plot, TicketClass.NORMAL, began, lambda at: terms_at(at=at), until=clock.now())
        with transaction():
            number = performed(life, values)
        assert rows_of(printed(life, values, address)) == rows_of(number), f"plot {index}"
