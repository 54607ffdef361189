"""The OpenAPI document: valid, whole, in Chinese, and true to what the views' marks say."""

import json
import re
from collections.abc import Iterator
from typing import Any

import pytest
from openapi_spec_validator import OpenAPIV31SpecValidator

from app.api.schemas.examples import EXAMPLES
from tests.api.inputs import input_schemas, load_errors, marked_routes
from tests.problems import CHINESE

POLICY = "Content-Security-Policy"
METHODS = {"get", "post", "put", "patch", "delete"}


@pytest.fixture(scope="module")
def document(app) -> dict[str, Any]:
    answer = app.test_client().get("/api/openapi.json")
    assert answer.status_code == 200
    return answer.json


@pytest.fixture(scope="module")
def operations(document) -> dict[tuple[str, str], dict[str, Any]]:
    return {
        (method.upper(), path): operation
        for path, item in document["paths"].items()
        for method, operation in item.items()
        if method in METHODS
    }


@pytest.fixture(scope="module")
def routes(app) -> list[tuple[tuple[str, str], Any]]:
    return [
        ((method, re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", rule)), marks)
        for method, rule, marks in marked_routes(app)
    ]


def header_names(operation) -> set[str]:
    """Names of the header parameters; what is required ends in an exclamation mark here."""
    references = [one["$ref"] for one in operation["parameters"] if "$ref" in one]
    return {reference.rpartition("/")[2] for reference in references}


def nodes(node: Any, path: str = "") -> Iterator[tuple[str, dict[str, Any]]]:
    if isinstance(node, dict):
        yield path, node
        for name, inner in node.items():
            yield from nodes(inner, f"{path}/{name}")
    elif isinstance(node, list):
        for index, inner in enumerate(node):
            yield from nodes(inner, f"{path}/{index}")


def test_it_is_valid_openapi_3_1(document):
    assert document["openapi"].startswith("3.1")
    faults = [str(fault) for fault in OpenAPIV31SpecValidator(document).iter_errors()]
    assert faults == []


def test_it_holds_every_route_of_the_api_and_the_probes(operations, routes):
    assert {address for address, _ in routes} == operations.keys()
    assert {("GET", "/healthz"), ("GET", "/readyz")} <= operations.keys()


def test_every_operation_has_a_name_a_summary_and_a_story(operations):
    names = [operation["operationId"] for operation in operations.values()]
    assert len(set(names)) == len(names)
    for operation in operations.values():
        assert re.fullmatch(r"[a-z][A-Za-z]+", operation["operationId"])
        assert CHINESE.search(operation["summary"])
        assert CHINESE.search(operation["description"]), operation["operationId"]


def test_everything_that_people_read_is_chinese(document):
    foreign = [
        f"{path}: {node[word]}"
        for path, node in nodes(document)
        for word in ("description", "summary")
        if isinstance(node.get(word), str) and not CHINESE.search(node[word])
    ]
    assert foreign == []


def test_every_parameter_and_property_is_described(document):
    mute = [
        path
        for path, node in nodes(document)
        if ("in" in node and "name" in node) or re.search(r"/schemas/\w+/properties/\w+$", path)
        if "description" not in node and "$ref" not in node
    ]
    assert mute == []


def test_public_operations_need_no_token_and_all_others_do(document, operations, routes):
    assert document["security"] == [{"token": []}]
    for address, marks in routes:
        assert operations[address].get("security") == ([] if marks.is_public else None), address


def test_headers_stand_where_the_view_asks_for_them(operations, routes):
    for address, marks in routes:
        names = header_names(operations[address])
        assert "X-Request-ID" in names
        assert ("X-Membership" in names) is marks.takes_membership
        assert marks.takes_membership or not marks.asks_for_right, address
        assert ("X-Program" in names) is marks.takes_program
        assert ("If-Match" in names) is marks.needs_version
        assert ("Idempotency-Key-Required" in names) is marks.needs_key
        assert ("Idempotency-Key" in names) is (marks.takes_key and not marks.needs_key)


def test_nothing_in_an_address_is_null(operations):
    for operation in operations.values():
        for parameter in operation["parameters"]:
            schema = parameter.get("schema", {"type": "string"})
            assert isinstance(schema["type"], str), parameter
            assert schema.get("default", "") is not None, parameter


def test_every_problem_is_named_and_is_a_problem(document, operations, routes):
    for address, marks in routes:
        named = set(operations[address]["responses"])
        expected = {"422", "500", "503"}
        expected |= set() if marks.is_public else {"401", "403"}
        expected |= {"404"} if "{" in address[1] else set()
        expected |= {"400", "413", "415"} if address[0] != "GET" else set()
        expected |= {"409", "412", "428"} if marks.needs_version else set()
        expected |= {"409"} if marks.takes_key else set()
        assert named >= expected, address
        assert ("429" in named) is not marks.is_unlimited
    for name, response in document["components"]["responses"].items():
        [(media_type, content)] = response["content"].items()
        assert media_type == "application/problem+json"
        assert content["schema"] == {"$ref": "#/components/schemas/Problem"}
        for code, example in content["examples"].items():
            assert example["value"]["title"] == code
            assert name == f"Problem{example['value']['status']}"


def test_answers_name_their_headers(document, operations):
    def headers(method: str, path: str, status: str) -> set[str]:
        return set(operations[method, f"/api/v1{path}"]["responses"][status]["headers"])

    usual = {"X-Request-ID", "RateLimit", "RateLimit-Policy"}
    tagged = usual | {"ETag"}
    assert headers("GET", "/tickets/{number}", "200") == tagged
    assert headers("POST", "/tickets", "201") == tagged | {"Location", "Idempotent-Replayed"}
    assert headers("POST", "/tickets/{number}/acceptance", "200") == tagged | {
        "Idempotent-Replayed"
    }
    assert headers("GET", "/tickets", "200") == usual
    refusals = document["components"]["responses"]
    assert "Retry-After" in refusals["Problem429"]["headers"]
    assert "WWW-Authenticate" in refusals["Problem401"]["headers"]


def test_every_json_body_is_closed_and_shows_an_example(document, operations):
    schemas = {schema.__name__: schema for schema in EXAMPLES}
    shown = 0
    for operation in operations.values():
        content = operation.get("requestBody", {}).get("content", {}).get("application/json")
        if content:
            name = content["schema"]["$ref"].rpartition("/")[2]
            assert load_errors(schemas[name], content["example"]) == {}
            assert document["components"]["schemas"][name]["additionalProperties"] is False
            shown += 1
    assert shown > 15


def test_every_answer_names_its_members_and_has_no_others(document):
    schemas = document["components"]["schemas"]
    sent = {schema.__name__ for schema in input_schemas()}
    answered = {name: schema for name, schema in schemas.items() if name not in sent}
    assert {"Problem", "TicketDetail", "TicketItemPage"} <= answered.keys()
    for name, schema in answered.items():
        assert schema["additionalProperties"] is False, name
        assert set(schema["required"]) <= schema["properties"].keys(), name
        assert schema["required"], name


def test_an_upload_is_one_form_with_a_file(operations):
    body = operations["POST", "/api/v1/imports"]["requestBody"]["content"]
    assert list(body) == ["multipart/form-data"]


def test_the_page_needs_nothing_from_outside(app):
    client = app.test_client()
    page = client.get("/api/docs")
    assert page.status_code == 200
    addresses = re.findall(r'(?:src|href|action|url)\s*[=:(]\s*["\']?([^"\'\s>)]+)', page.text)
    assert addresses
    for address in addresses:
        assert address.startswith("/api/docs/")
        assert client.get(address, buffered=True).status_code == 200


def test_the_page_is_forbidden_to_ask_anyone_else(app):
    page = app.test_client().get("/api/docs")
    parts = page.headers[POLICY].split("; ")
    policy: dict[str, str] = dict(part.split(maxsplit=1) for part in parts)
    assert policy["default-src"] == "'self'"
    allowed = {source for sources in policy.values() for source in sources.split()}
    # Neither a host nor a scheme that leads to one: what is left is this server and the page.
    assert allowed <= {"'self'", "'none'", "'unsafe-inline'", "data:"}
    assert "'unsafe-inline'" not in policy.get("script-src", policy["default-src"])


def test_the_page_asks_for_the_document_and_for_no_judgement_of_it(app):
    start = app.test_client().get("/api/docs/start.js").text
    assert re.findall(r'url: "([^"]+)"', start) == ["/api/openapi.json"]
    assert "validatorUrl: null" in start


def test_the_style_of_the_page_loads_nothing(app):
    style = app.test_client().get("/api/docs/assets/swagger-ui.css", buffered=True).text
    assert set(re.findall(r"(?:url\(|@import)\s*[\"']?([a-z]+:|/|[\w.])", style)) <= {"data:"}


def test_the_document_is_the_same_each_time(app):
    first, second = (app.test_client().get("/api/openapi.json").data for _ in range(2))
    assert json.loads(first) == json.loads(second)


def test_a_body_is_demanded_only_where_it_needs_members(document, operations):
    """Who confirms something sends nothing, and may."""
    demanded = {
        name: operation["requestBody"].get("required", False)
        for operation in operations.values()
        if "requestBody" in operation and (name := operation["operationId"])
    }
    assert demanded["receiveFeedback"] is False
    assert demanded["acceptTicket"] is True
