"""The shipped limits are those of the published table (domain.md 4.1)."""

import json
from dataclasses import fields
from datetime import date
from importlib.resources import files

import pytest

from app.domain.ladder import NO_RUNGS, Ladder
from app.domain.sla import ClockKind, Limit, Unit
from app.domain.vocabulary import TicketClass
from tests.domain.ladders import ladder_of

ROWS = json.loads(files("app.seed").joinpath("policies.json").read_text("utf-8"))
LIMITS = {(row["ticket_class"], row["clock"]): (row["amount"], row["unit"]) for row in ROWS}

WM, WD, MINUTES = "working_minutes", "working_days", "minutes"


def test_every_class_has_one_row_for_every_clock():
    pairs = {(each.value, clock.value) for each in TicketClass for clock in ClockKind}
    pairs.remove(("consult", "stage_report"))  # over before there is anything to report
    pairs -= {(each.value, "transfer") for each in TicketClass if each is not TicketClass.ARREARS}
    assert set(LIMITS) == pairs
    assert len(ROWS) == len(pairs)


def test_arrears_are_handed_over_in_ten_working_days():
    assert LIMITS["arrears", "transfer"] == (10, WD)


@pytest.mark.parametrize(
    ("ticket_class", "first_contact", "accept", "finish"),
    [
        ("consult", (120, WM), (120, WM), (1, WD)),
        ("urgent", (30, MINUTES), (30, MINUTES), (1440, MINUTES)),
        ("normal", (120, WM), (1, WD), (5, WD)),
        ("complex", (120, WM), (1, WD), (15, WD)),
        ("hard", (120, WM), (1, WD), (30, WD)),
        ("arrears", (120, WM), (1, WD), (30, "days")),
        ("approval", (120, WM), (5, WD), (None, WD)),  # the item's own promise
    ],
)
def test_limits_of_a_class(ticket_class, first_contact, accept, finish):
    assert LIMITS[ticket_class, "first_contact"] == first_contact
    assert LIMITS[ticket_class, "accept"] == accept
    assert LIMITS[ticket_class, "finish"] == LIMITS[ticket_class, "assignment"] == finish
    assert LIMITS[ticket_class, "opinion"] == (3, WD)
    assert LIMITS[ticket_class, "supplement"] == (5, WD)
    assert LIMITS[ticket_class, "revisit"] == (1, WD)
    assert LIMITS[ticket_class, "evaluation"] == (15, "days")


def test_how_far_each_class_may_be_extended():
    caps = {
        row["ticket_class"]: (row.get("extension_days"), row.get("total_days"))
        for row in ROWS
        if "extension_days" in row or "total_days" in row
    }
    simple = dict.fromkeys(("consult", "normal", "hard", "approval"), (10, None))
    assert caps == simple | {"complex": (None, 30)}


WHOLE = Ladder(50, 75, None, 90, 2, 5, 10)
THREE = Ladder(remind_percent=75, yellow_percent=90)
HALF_TIME = Ladder(remind_percent=50)


@pytest.mark.parametrize(
    ("ladder", "clocks"),
    [
        (WHOLE, "finish assignment"),
        (THREE, "accept opinion revisit stage_report ruling suspension rectification"),
        (THREE, "review_contact"),
        (HALF_TIME, "supplement deferral"),
        (Ladder(remind_after_days=5), "evaluation"),
        (NO_RUNGS, "first_contact objection urge"),
    ],
)
def test_when_each_clock_warns(ladder, clocks):
    """The numbers of domain.md 4.4, the same for all classes."""
    for row in ROWS:
        if row["clock"] in clocks.split():
            assert ladder_of(row) == ladder, row


def test_rows_are_limits_from_a_day():
    for row in ROWS:
        may_lack = {"extension_days", "total_days", *(one.name for one in fields(Ladder))}
        assert set(row) - may_lack == {
            "ticket_class",
            "clock",
            "amount",
            "unit",
            "effective_from",
        }
        assert date.fromisoformat(row["effective_from"]) == date(2024, 1, 1)
        assert row["amount"] is None or Limit(row["amount"], Unit(row["unit"])).amount > 0
