"""What a request may carry: its size, its type, its JSON; and nothing changes when it is wrong."""

from io import BytesIO

import pytest
import sqlalchemy as sa

from app.api.requests import JSON_BYTES
from app.models.ticket import Ticket
from tests.callers import API, Caller
from tests.factories import make_cast, make_ticket
from tests.problems import places, refused

JSON = "application/json"
TICKETS = f"{API}/tickets"
REQUEST = {"title": "厂区用电增容", "body": "新生产线投产需要增加用电容量，请协调。"}


@pytest.fixture
def applicant(client, database) -> Caller:
    return Caller(client, make_cast().applicant)


def submit(caller, body: bytes | str, content_type: str | None = JSON, **options):
    return caller.client.post(
        TICKETS,
        data=body,
        content_type=content_type,
        headers=caller.headers() | {"Idempotency-Key": "k"},
        **options,
    )


def tickets(database) -> int:
    return database.scalar(sa.select(sa.func.count()).select_from(Ticket))


@pytest.mark.parametrize(
    "body",
    [
        b"{",
        b"   ",
        b'{"title": "a",}',
        b"{'title': 'a'}",
        b'{"title": NaN}',
        b'{"title": -Infinity}',
        b'{"title": "a"} {}',
        b'{"title": "a", "title": "b"}',
        b'{"title": {"a": 1, "a": 2}}',
        b'{"title": "\xff\xfe"}',
        '{"title": "厂区"}'.encode("gb18030"),
        '{"title": "厂区"}'.encode("utf-16"),
        b'\xef\xbb\xbf{"title": "bom"}',
        b'{"title": ' + b"9" * 5000 + b"}",
        b"[" * 10_000 + b"]" * 10_000,
        b'{"a":' * 10_000 + b"1" + b"}" * 10_000,
    ],
)
def test_malformed_json_is_400(applicant, database, body):
    before = tickets(database)
    refused(submit(applicant, body), 400, "malformed")
    assert tickets(database) == before


@pytest.mark.parametrize("body", ["null", "[]", '"text"', "1", "true", "[[]]"])
def test_json_that_is_no_object_is_422(applicant, body):
    assert places(submit(applicant, body)) == {"": "type"}


@pytest.mark.parametrize(
    ("member", "code"),
    [
        (r'"\ud800"', "characters"),
        (r'"a\u0000b"', "characters"),
        (r'"\u0007bell"', "characters"),
        ('"长"', "length"),
        ("1e999", "type"),
        ("1", "type"),
        ("true", "type"),
        ("null", "null"),
        ('["a"]', "type"),
        ('{"a": "b"}', "type"),
    ],
)
def test_a_title_that_is_none_is_422(applicant, member, code):
    body = f'{{"title": {member}, "body": "新生产线投产需要增加用电容量。"}}'
    assert places(submit(applicant, body)) == {"/title": code}


@pytest.mark.parametrize(
    ("name", "pointer"),
    [
        ("colour", "/colour"),
        ("a/b~c", "/a~1b~0c"),
        (r"half\ud800", "/half?"),
        ("名" * 5000, "/" + "名" * 100),
        ("_schema", ""),
    ],
)
def test_an_unknown_field_is_named(applicant, name, pointer):
    body = f'{{"title": "厂区用电", "body": "需要增加用电容量。", "{name}": 1}}'
    assert places(submit(applicant, body)) == {pointer: "unknown"}


def test_all_that_is_wrong_is_told_at_once_but_not_without_end(applicant):
    answer = submit(applicant, '{"kind": "wish", "enterprise_id": 1.5, "is_confidential": 1}')
    assert places(answer) == {
        "/title": "required",
        "/body": "required",
        "/kind": "choice",
        "/enterprise_id": "type",
        "/is_confidential": "type",
    }
    many = ", ".join(f'"field{number}": 1' for number in range(5000))
    assert len(places(submit(applicant, f"{{{many}}}"))) == 100


def test_a_pointer_reaches_into_a_list(client, database):
    cast = make_cast()
    number = make_ticket("accepted", cast).number
    answer = Caller(client, cast.coordinator).post(
        f"/tickets/{number}/dispatch",
        {"lead_organisation_id": cast.lead_unit.id, "co_organisation_ids": [1, "2", None]},
        version=2,
    )
    assert places(answer) == {"/co_organisation_ids/1": "type", "/co_organisation_ids/2": "null"}


def test_large_bodies_are_413_whether_announced_or_chunked(applicant, database):
    before = tickets(database)
    large = b'{"title": "' + b"a" * JSON_BYTES + b'"}'
    refused(submit(applicant, large), 413, "too-large")
    chunked = applicant.client.post(
        TICKETS,
        input_stream=BytesIO(large),
        content_type=JSON,
        headers=applicant.headers() | {"Idempotency-Key": "k", "Transfer-Encoding": "chunked"},
        # As granian says it: the body ends where its stream ends.
        environ_overrides={"wsgi.input_terminated": True},
    )
    refused(chunked, 413, "too-large")
    assert tickets(database) == before


def test_a_chunked_body_of_the_right_size_is_read(applicant):
    answer = applicant.client.post(
        TICKETS,
        input_stream=BytesIO(b'{"title": "a"}'),
        content_type=JSON,
        headers=applicant.headers() | {"Idempotency-Key": "k", "Transfer-Encoding": "chunked"},
        environ_overrides={"wsgi.input_terminated": True},
    )
    assert places(answer) == {"/title": "length", "/body": "required"}


@pytest.mark.parametrize(
    "content_type",
    [
        None,
        "",
        "text/plain",
        "text/json",
        "application/x-www-form-urlencoded",
        "multipart/form-data; boundary=x",
        "application/problem+json",
    ],
)
def test_other_content_types_are_415(applicant, content_type):
    refused(submit(applicant, b'{"title": "a"}', content_type), 415, "unsupported-media-type")


def test_json_may_name_its_charset(applicant):
    answer = submit(applicant, b'{"title": "a"}', "application/json; charset=utf-8")
    assert places(answer) == {"/title": "length", "/body": "required"}


def test_no_body_at_all_is_no_fields(applicant):
    assert places(submit(applicant, b"", None)) == {"/title": "required", "/body": "required"}


@pytest.mark.parametrize(
    ("method", "path"),
    [("POST", "/me/messages/1/read"), ("DELETE", "/auth/session")],
)
def test_a_route_that_takes_no_body_takes_none(applicant, method, path):
    def send(body, content_type=JSON):
        return applicant.client.open(
            API + path,
            method=method,
            data=body,
            content_type=content_type,
            headers=applicant.headers(),
        )

    assert places(send(b'{"reason": "none"}')) == {"/reason": "unknown"}
    assert places(send(b"[]")) == {"": "type"}
    refused(send(b"{"), 400, "malformed")
    refused(send(b"x", "text/plain"), 415)
    refused(send(b'"' + b"a" * JSON_BYTES + b'"'), 413)
    assert send(b"{}").status_code in {204, 404}


def test_an_upload_must_be_a_form_and_all_else_json(applicant):
    as_json = applicant.client.post(
        f"{API}/attachments", json={"file": "a"}, headers=applicant.headers()
    )
    refused(as_json, 415)
    form = {"file": (BytesIO(b"x"), "a.pdf"), "colour": "red"}
    answer = applicant.client.post(f"{API}/attachments", data=form, headers=applicant.headers())
    assert places(answer) == {"/colour": "unknown"}
    twice = {"file": [(BytesIO(b"x"), "a.pdf"), (BytesIO(b"y"), "b.pdf")]}
    answer = applicant.client.post(f"{API}/attachments", data=twice, headers=applicant.headers())
    assert places(answer) == {"/file": "repeated"}
