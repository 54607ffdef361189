"""The judge of answers bites: an answer that strays from the document fails its test."""

import json

import pytest
from werkzeug.test import TestResponse

from tests import documented
from tests.callers import API, Caller
from tests.documented import Undocumented, judge_of
from tests.factories import make_cast

NUMBER = "AS20260601-999999"
RULE = f"{API}/tickets"


@pytest.fixture(params=[False, True], ids=["anywhere", "in a story"])
def is_story(request) -> bool:
    """Stories are judged by openapi-core alone, others first by something faster."""
    return request.param


@pytest.fixture
def listed(client, database) -> TestResponse:
    """A page of no tickets, as the product answers it."""
    return Caller(client, make_cast().applicant).get("/tickets")


def changed(answer: TestResponse, **members) -> TestResponse:
    """`answer` with other members; those that are None are left out."""
    body = {
        name: value
        for name, value in {**(answer.json or {}), **members}.items()
        if value is not None
    }
    answer.set_data(json.dumps(body))
    return answer


def test_an_answer_of_the_product_passes(app, listed, is_story):
    answer = changed(listed, next_cursor="a")
    judge_of(app).check(answer, RULE, is_story=is_story)
    assert answer.json["next_cursor"] == "a"


@pytest.mark.parametrize(
    "members", [{"items": None}, {"items": {}}, {"items": [{}]}, {"next_cursor": 1}, {"total": 1}]
)
def test_wrong_members_fail(app, listed, members, is_story):
    with pytest.raises(Undocumented, match=f"GET {RULE}"):
        judge_of(app).check(changed(listed, **members), RULE, is_story=is_story)


def test_another_status_fails(app, listed, is_story):
    listed.status_code = 418
    with pytest.raises(Undocumented, match="418"):
        judge_of(app).check(listed, RULE, is_story=is_story)


@pytest.mark.parametrize("media_type", ["text/html", "application/problem+json"])
def test_another_media_type_fails(app, listed, media_type, is_story):
    listed.mimetype = media_type
    with pytest.raises(Undocumented):
        judge_of(app).check(listed, RULE, is_story=is_story)


def test_headers_that_are_not_said_or_wrong_fail(app, client, database, is_story):
    answer = client.get("/healthz")
    answer.headers["X-Total"] = "3"
    with pytest.raises(Undocumented, match="x-total"):
        judge_of(app).check(answer, "/healthz", is_story=is_story)


def test_problems_are_judged_too(app, client, database, is_story):
    refusal = Caller(client, make_cast().applicant).get(f"/tickets/{NUMBER}")
    with pytest.raises(Undocumented, match="colour"):
        judge_of(app).check(
            changed(refusal, colour="red"), f"{RULE}/<number:number>", is_story=is_story
        )


def test_the_clients_of_all_tests_are_judged(app, client, database, monkeypatch):
    for kept in ("_judges", "_of_apps"):
        monkeypatch.setattr(documented, kept, {})  # this one forgets what it was told
    monkeypatch.setitem(judge_of(app).said["paths"], "/healthz", {"get": {"responses": {}}})
    with pytest.raises(Undocumented):
        client.get("/healthz")
