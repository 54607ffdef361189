"""Every list is read in pages, says in which order, and takes no cursor that is none of its own."""

import re
from collections.abc import Iterator
from typing import Any

import pytest

from app.domain.keyset import encode_cursor
from tests.api.every_route import Stop, walk
from tests.api.rights.world import World
from tests.applications import rolled_back
from tests.callers import API
from tests.problems import places

WHOLE = {
    f"{API}/calendar/days": "the days asked for, 366 at most",
    f"{API}/pairing-limits": "one of each grade and kind",
    f"{API}/tickets/<number:number>/duplicates": "ten at most, the most alike first",
    f"{API}/me/subscriptions": "the few templates there are",
    f"{API}/message-templates": "one for each kind that goes to phones",
    f"{API}/jobs": "one for each row of the timetable",
    f"{API}/me/sessions": "as many as an account may have",
}
"""What has items and yet no pages, and why."""
ORDER = re.compile("在前|排列|顺序")


@pytest.fixture(scope="module")
def stops(app) -> Iterator[list[Stop]]:
    with rolled_back(app):
        yield [stop for stop in walk(app, World()) if stop.method == "GET"]


@pytest.fixture(scope="module")
def document(app) -> dict[str, Any]:
    return app.test_client().get("/api/openapi.json").json


def operation_of(document: dict[str, Any], stop: Stop) -> dict[str, Any]:
    address = re.sub(r"<\w+:(\w+)>", r"{\1}", stop.rule)
    return document["paths"][address]["get"]


def answer_of(document: dict[str, Any], stop: Stop) -> dict[str, Any]:
    """The schema of what the route answers; empty for what is no JSON."""
    content = operation_of(document, stop)["responses"].get("200", {}).get("content", {})
    schema = content.get("application/json", {}).get("schema", {})
    name = schema.get("$ref", "").rpartition("/")[2]
    return document["components"]["schemas"][name] if name else schema


@pytest.fixture(scope="module")
def lists(document, stops) -> list[Stop]:
    """What answers items, but for what is whole by its nature."""
    found = [s for s in stops if "items" in answer_of(document, s).get("properties", {})]
    assert {stop.rule for stop in found} > WHOLE.keys()
    return [stop for stop in found if stop.rule not in WHOLE]


def test_a_page_is_items_and_the_next_cursor_and_no_total(document, lists):
    assert len(lists) >= 11
    for stop in lists:
        assert answer_of(document, stop)["properties"].keys() == {"items", "next_cursor"}
        assert stop.ask().json.keys() == {"items", "next_cursor"}, stop.rule


def test_a_page_has_25_entries_and_at_most_100(document, lists):
    for stop in lists:
        parameters = operation_of(document, stop)["parameters"]
        limit = next(one["schema"] for one in parameters if one.get("name") == "limit")
        assert (limit["default"], limit["minimum"], limit["maximum"]) == (25, 1, 100)
        for wrong in ("limit=0", "limit=101"):
            assert places(stop.ask(wrong)) == {"/limit": "range"}, stop.rule
        for right in ("limit=1", "limit=100"):
            assert len(stop.ask(right).json["items"]) <= int(right.partition("=")[2]), stop.rule


def test_every_list_says_how_it_is_sorted(document, lists):
    for stop in lists:
        operation = operation_of(document, stop)
        assert ORDER.search(operation["description"]), operation["description"]


def test_a_cursor_of_another_list_is_refused(lists):
    for stop in lists:
        for cursor in ("AAAA", encode_cursor("elsewhere", [1])):
            assert places(stop.ask(f"cursor={cursor}")) == {"/cursor": "cursor"}, stop.rule


def test_the_next_page_begins_where_this_one_ends(lists):
    walked = 0
    for stop in lists:
        first = stop.ask("limit=1").json
        assert "next_cursor" in first, (stop.rule, first)
        if first["next_cursor"]:
            walked += 1
            second = stop.ask(f"limit=1&cursor={first['next_cursor']}").json
            assert len(second["items"]) == 1
            assert second["items"] != first["items"], stop.rule
    assert walked >= 6
