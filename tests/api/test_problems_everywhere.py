"""Every route refuses alike: all of them, for each way in which a request can be wrong."""

from collections.abc import Iterator
from dataclasses import replace
from functools import partial, update_wrapper
from io import BytesIO

import pytest
from flask.testing import FlaskClient

from app.api.parser import MULTIPART
from app.api.requests import JSON_BYTES
from tests.api.every_route import Stop, walk
from tests.api.rights.world import World
from tests.applications import application, rolled_back
from tests.callers import API
from tests.problems import places, refused

SECRET = "13800001234"
JSON = "application/json"
NOBODY = (
    {"Authorization": None},
    {"Authorization": "Bearer nonsense"},
    {"Authorization": "Bearer "},
    {"Authorization": "Basic dXNlcjpwYXNz"},
)
WITHOUT_DATABASE = {
    *("/healthz", "/readyz"),
    f"{API}/wechat/callback",
    f"{API}/wechat/callbacks/<program:appid>",
    f"{API}/attachments/<id:attachment_id>/content",
}
"""Say what they have to say, or that they were asked wrongly, before any database is needed."""
NOWHERE = "postgresql+psycopg://nobody@127.0.0.1:1/nothing"


@pytest.fixture(scope="module")
def stops(app) -> Iterator[list[Stop]]:
    """All routes; nothing of what is refused changes anything, so that all tests may share them."""
    with rolled_back(app):
        yield list(walk(app, World()))


@pytest.fixture(scope="module")
def nowhere(tmp_path_factory) -> Iterator[FlaskClient]:
    """A client of an application that has lost its database."""
    with application(NOWHERE, tmp_path_factory.mktemp("home")) as app:
        yield app.test_client()


def test_the_walk_reaches_all_routes(app, stops):
    known = {rule.rule for rule in app.url_map.iter_rules() if "/docs" not in rule.rule}
    assert {stop.rule for stop in stops} == known - {"/api/openapi.json"}


def test_nobody_is_refused_by_every_gate(stops):
    gated = [stop for stop in stops if not stop.marks.is_public]
    assert len(gated) > 40
    for stop in gated:
        for nobody in NOBODY:
            answer = stop.ask_well(headers=nobody)
            refused(answer, 401, "unauthenticated")
            assert answer.headers["WWW-Authenticate"] == "Bearer"


def test_a_membership_that_is_none_of_mine_is_403(stops):
    for stop in stops:
        if stop.marks.asks_for_right:
            refused(stop.ask_well(headers={"X-Membership": "999999999"}), 403)


def test_what_is_not_there_is_404(stops):
    stops = [stop for stop in stops if "<" in stop.rule and not stop.marks.is_public]
    assert len(stops) > 25
    for stop in stops:
        refused(elsewhere(stop).ask_well(), 404, "not-found")


def elsewhere(stop: Stop) -> Stop:
    """The same route, with a number or an id that nothing bears."""
    steps = zip(stop.rule.split("/"), stop.path.split("/"), strict=True)
    absent = {"<number": "AS20260601-999999", "<id": str(10**17), "<string": "no-such-name"}
    path = "/".join(absent.get(rule.partition(":")[0], step) for rule, step in steps)
    return replace(stop, path=path)


def test_too_much_is_413(stops):
    for stop in writing(stops):
        if MULTIPART in stop.marks.takes:
            told = {"CONTENT_LENGTH": str(2**30)}
            answer = stop.ask(data={"file": (BytesIO(b"x"), "a.pdf")}, environ_overrides=told)
        else:
            answer = stop.ask(data=b'"' + b"a" * JSON_BYTES + b'"', content_type=JSON)
        refused(answer, 413, "too-large")


def test_another_type_is_415(stops):
    for stop in writing(stops):
        if not stop.marks.reads_raw:
            for content_type in ("text/plain", "application/xml", "", None):
                answer = stop.ask(data=b"<a/>", content_type=content_type)
                refused(answer, 415, "unsupported-media-type")


def test_what_is_no_json_is_400(stops):
    for stop in writing(stops):
        if MULTIPART not in stop.marks.takes and not stop.marks.reads_raw:
            refused(stop.ask(data=b"{", content_type=JSON), 400, "malformed")


def test_unknown_fields_are_422(stops):
    for stop in writing(stops):
        if stop.marks.reads_raw:
            continue
        is_form = MULTIPART in stop.marks.takes
        sent = {"data": {"colour": "red"}} if is_form else {"json": {"colour": "red"}}
        content_type = "multipart/form-data" if is_form else JSON
        assert places(stop.ask(content_type=content_type, **sent))["/colour"] == "unknown"


def test_unknown_and_repeated_parameters_are_422(stops):
    for stop in stops:
        if not stop.marks.reads_raw:
            assert places(stop.ask("colour=red"))["/colour"] == "unknown", stop.rule
            assert places(stop.ask("limit=1&limit=1"))["/limit"] in {"repeated", "unknown"}


def test_a_query_that_is_no_text_is_400(stops):
    for stop in stops:
        answer = stop.ask(environ_overrides={"QUERY_STRING": "\xff=1"})
        refused(answer, 400, "malformed")


def test_a_change_without_its_version_is_428(stops):
    versioned = [stop for stop in stops if stop.marks.needs_version]
    assert len(versioned) > 10
    for stop in versioned:
        refused(stop.ask_well(headers={"If-Match": None}), 428, "version-required")


def test_a_fault_in_any_view_is_500_and_tells_nothing(app, stops, monkeypatch, caplog):
    def break_down(**_: object) -> None:
        raise ValueError(SECRET)

    for endpoint, view in list(app.view_functions.items()):
        broken = update_wrapper(partial(break_down), view)
        monkeypatch.setitem(app.view_functions, endpoint, broken)
    for stop in (*stops, replace(stops[0], method="GET", path="/api/docs", headers={})):
        answer = stop.ask_well(headers={"X-Request-ID": "trace-me"})
        assert refused(answer, 500, "internal")["instance"] == "trace-me"
        assert SECRET not in answer.text
    assert len(caplog.records) >= len(stops)


def test_without_a_database_it_is_503(nowhere, stops):
    for stop in stops:
        if stop.rule not in WITHOUT_DATABASE:
            answer = replace(stop, client=nowhere).ask_well()
            assert int(refused(answer, 503, "unavailable")["status"]) == 503
            assert int(answer.headers["Retry-After"]) > 0


def writing(stops: list[Stop]) -> Iterator[Stop]:
    """The routes that may change something."""
    return (stop for stop in stops if stop.is_writing)
