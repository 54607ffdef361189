"""The shipped limits are those of the published table (domain.md 4.1)."""

import json
from datetime import date
from importlib.resources import files

import pytest

from app.domain.sla import ClockKind, Limit, Unit
from app.domain.vocabulary import TicketClass

ROWS = json.loads(files("app.seed").joinpath("policies.json").read_text("utf-8"))
LIMITS = {(row["ticket_class"], row["clock"]): (row["amount"], row["unit"]) for row in ROWS}

WM, WD, MINUTES = "working_minutes", "working_days", "minutes"


def test_every_class_has_one_row_for_every_clock():
    pairs = {(each.value, clock.value) for each in TicketClass for clock in ClockKind}
    pairs.remove(("consult", "stage_report"))  # over before there is anything to report
    assert set(LIMITS) == pairs
    assert len(ROWS) == len(pairs)


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


def test_rows_are_limits_from_a_day():
    for row in ROWS:
        assert set(row) - {"extension_days", "total_days"} == {
            "ticket_class",
            "clock",
            "amount",
            "unit",
            "effective_from",
        }
        assert date.fromisoformat(row["effective_from"]) == date(2024, 1, 1)
        assert row["amount"] is None or Limit(row["amount"], Unit(row["unit"])).amount > 0
