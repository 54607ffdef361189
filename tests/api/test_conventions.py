"""What holds on every route: addresses, methods, queries, request ids."""

import re
from collections.abc import Iterator

import pytest

from app.domain.actor import Role
from tests.callers import API, Caller
from tests.factories import make_account, make_cast, make_ticket
from tests.problems import places, refused
from tests.wechat import APPID

NUMBER = "AS20260601-999999"


@pytest.fixture
def coordinator(client, database) -> Caller:
    return Caller(client, make_account(Role.COORDINATOR))


def addresses(app) -> Iterator[tuple[str, set[str]]]:
    """A path that fits each rule, the pages of the documentation too, and its methods."""
    fitting = {"number": NUMBER, "id": "1", "path": "swagger-ui.css", "string": "supervise"}
    fitting["program"] = APPID
    methods: dict[str, set[str]] = {}
    for rule in app.url_map.iter_rules():
        path = re.sub(r"<(\w+):\w+>", lambda found: fitting[found[1]], rule.rule)
        methods.setdefault(path, set()).update(rule.methods)
    yield from methods.items()


def test_routes_that_take_no_query_say_so(coordinator):
    assert places(coordinator.get("/me?a=1&b=2")) == {"/a": "unknown", "/b": "unknown"}
    assert places(coordinator.post("/tickets?dry_run=1", {})) == {"/dry_run": "unknown"}
    assert places(coordinator.client.get("/healthz?verbose=1")) == {"/verbose": "unknown"}


@pytest.mark.parametrize(
    ("query", "wrong"),
    [
        ("limit=0", {"/limit": "range"}),
        ("limit=101", {"/limit": "range"}),
        ("limit=many", {"/limit": "type"}),
        ("limit=1.5", {"/limit": "type"}),
        ("limit=9223372036854775808", {"/limit": "range"}),
        ("limit=", {"/limit": "type"}),
        ("limit=5&limit=6", {"/limit": "repeated"}),
        ("queue=mine", {"/queue": "choice"}),
        ("sort=title", {"/sort": "choice"}),
        ("status=lost", {"/status": "choice"}),
        ("light=blue", {"/light": "choice"}),
        ("cursor=" + "a" * 1001, {"/cursor": "length"}),
        ("enterprise=0", {"/enterprise": "range"}),
        ("enterprise=99999999999999999999", {"/enterprise": "type"}),
        ("submitted_from=yesterday", {"/submitted_from": "type"}),
        ("submitted_from=0001-01-01", {"/submitted_from": "range"}),
        ("q=%00a", {"/q": "characters"}),
        ("q=a", {"/q": "length"}),
        ("status=", {"/status": "choice"}),
    ],
)
def test_bad_filters_are_refused_by_name(coordinator, query, wrong):
    assert places(coordinator.get(f"/tickets?{query}")) == wrong


@pytest.mark.parametrize(
    "q", ["%25%5F", "%5C%5C", "%ff%fe", "%27%3B--", "%F0%9F%8F%AD%F0%9F%8F%AD"]
)
def test_odd_words_are_merely_not_found(coordinator, q):
    answer = coordinator.get(f"/tickets?q={q}")
    assert (answer.status_code, answer.json["items"]) == (200, [])


@pytest.mark.parametrize(
    "path",
    [
        "/",
        f"{API}",
        f"{API}/nothing",
        f"{API}/tickets/",
        f"{API}//tickets",
        f"{API}/me//messages",
        f"{API}/tickets/1",
        f"{API}/tickets/as20260601-000001",
        f"{API}/tickets/AS20260601-000001%00",
        f"{API}/tickets/%FF",
        f"{API}/organisations/0",
        f"{API}/enterprises/9223372036854775808",
        f"{API}/enterprises/-1",
        f"{API}/enterprises/abc",
        "/api/docs/assets/..%2f..%2fsecret",
        "/api/docs/assets/%00",
    ],
)
def test_unknown_addresses_are_404(client, database, path):
    refused(client.get(path), 404, "not-found")


def test_an_unknown_address_is_404_whatever_is_sent_there(client, database):
    answer = client.post(f"{API}/nothing", data="x", content_type="text/plain")
    refused(answer, 404, "not-found")


def test_other_methods_are_405_and_told_which_are_right(app, client, database):
    for path, methods in addresses(app):
        for method in ("PUT", "TRACE", "BREW"):
            answer = client.open(path, method=method, data="x", content_type="text/plain")
            refused(answer, 405, "method-not-allowed")
            assert set(answer.headers["Allow"].split(", ")) == methods


def test_head_answers_like_get_without_a_body(coordinator):
    got = coordinator.get("/tickets")
    head = coordinator.client.head(f"{API}/tickets", headers=coordinator.headers())
    assert (head.status_code, head.data) == (200, b"")
    assert head.headers["Content-Length"] == str(len(got.data))
    missing = coordinator.client.head(f"{API}/tickets/{NUMBER}", headers=coordinator.headers())
    assert (missing.status_code, missing.data) == (404, b"")


def test_options_names_the_methods_and_asks_for_nothing(app, client, database):
    for path, methods in addresses(app):
        answer = client.options(path)
        assert (answer.status_code, answer.data) == (200, b"")
        assert "Content-Type" not in answer.headers
        assert set(answer.headers["Allow"].split(", ")) == methods


@pytest.mark.parametrize(
    "odd",
    [
        {"HTTP_HOST": ""},
        {"HTTP_HOST": "a b<>"},
        {"HTTP_HOST": "a:b:c"},
        {"CONTENT_LENGTH": "abc"},
        {"CONTENT_LENGTH": "-1"},
        {"HTTP_ACCEPT": "text/html"},
        {"HTTP_COOKIE": "a=\xff;;"},
        {"HTTP_AUTHORIZATION": "Bearer \xff"},
        {"HTTP_X_MEMBERSHIP": "9" * 5000},
        {"PATH_INFO": "\xff"},
    ],
    ids=str,
)
def test_odd_requests_are_answered_in_json_all_the_same(client, database, odd):
    for path in (f"{API}/me", f"{API}/nothing"):
        answer = client.get(path, environ_overrides=odd)
        refused(answer, 401 if path.endswith("/me") and "PATH_INFO" not in odd else 404)


@pytest.mark.parametrize("sent", ["a", "A-1_b.c", "f" * 64])
def test_a_safe_request_id_is_kept(client, database, sent):
    assert client.get("/healthz", headers={"X-Request-ID": sent}).headers["X-Request-ID"] == sent


@pytest.mark.parametrize("sent", ["", "f" * 65, "a b", "<script>", "编号", "a;b", "a%0d%0aB: c"])
def test_an_unsafe_request_id_is_replaced(client, database, sent):
    got = client.get("/healthz", headers={"X-Request-ID": sent}).headers["X-Request-ID"]
    assert re.fullmatch("[0-9a-f]{32}", got)


def test_each_request_has_an_id_of_its_own(client, database):
    ids = {client.get("/healthz").headers["X-Request-ID"] for _ in range(3)}
    assert len(ids) == 3


def test_what_is_not_mine_and_what_is_not_there_are_one_answer(client, database):
    stranger = Caller(client, make_cast().applicant)
    foreign = make_ticket().number
    for suffix in ("", "/events", "/deadline"):
        answers = [stranger.get(f"/tickets/{one}{suffix}") for one in (foreign, NUMBER)]
        problems = [refused(answer, 404, "not-found") for answer in answers]
        for problem in problems:
            problem.pop("instance")
        assert problems[0] == problems[1]


@pytest.mark.parametrize("path", ["/api/docs", "/api/docs/start.js", "/api/openapi.json"])
def test_pages_are_not_kept_by_caches_or_guessed_by_browsers(client, database, path):
    for answer in (client.get(path), client.options(path), client.put(path)):
        assert answer.headers["Cache-Control"] == "no-store"
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.headers["X-Request-ID"]


def test_the_files_of_the_documentation_may_be_kept(client, database):
    answer = client.get("/api/docs/assets/swagger-ui.css", buffered=True)
    assert answer.headers["Cache-Control"] == "no-cache"
    assert "ETag" in answer.headers


def test_an_answer_without_content_has_no_type(coordinator):
    answer = coordinator.client.delete(f"{API}/auth/session", headers=coordinator.headers())
    assert (answer.status_code, answer.data) == (204, b"")
    assert "Content-Type" not in answer.headers
    assert answer.headers["Cache-Control"] == "no-store"
