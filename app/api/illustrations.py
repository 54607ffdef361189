"""Examples for the OpenAPI document: what each operation answers, and every problem by its code."""

from collections import defaultdict
from collections.abc import Iterator
from copy import deepcopy
from typing import Any

from app.api.encountered import encountered
from app.api.problems import HTTP_DETAIL, problem, refusal
from app.api.schemas.answer_examples import AnswerExamples

Document = dict[str, Any]

METHODS = ("get", "put", "post", "delete", "patch")
REQUEST_ID = "7f2c1d0b9a8e4c55"


def illustrate(plain: Document) -> Document:
    """A copy of the document with examples; needs an application context."""
    document = deepcopy(plain)
    parts = document["components"]
    answers = AnswerExamples(parts["schemas"])
    shown: dict[str, Any] = parts.setdefault("examples", {})
    for operation_id, status, response in _answers(document):
        for content in response.get("content", {}).values():
            schema = content.get("schema", {}).get("$ref", "").rpartition("/")[2]
            if found := answers.find(operation_id, status, schema):
                name, value = found
                shown[name] = {"value": value}
                content["examples"] = {"example": {"$ref": f"#/components/examples/{name}"}}
    _illustrate_problems(parts["responses"])
    return document


def _answers(document: Document) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """(operationId, status, response) of every answer that is written out and not referred to."""
    for path in document["paths"].values():
        for method in METHODS:
            operation = path.get(method, {})
            for status, response in operation.get("responses", {}).items():
                if "$ref" not in response:
                    yield operation["operationId"], status, response


def _illustrate_problems(responses: Document) -> None:
    examples = problem_examples()
    for name, response in responses.items():
        for content in response["content"].values():
            content.pop("example", None)
            content["examples"] = examples[int(name.removeprefix("Problem"))]


def problem_examples() -> dict[int, dict[str, Any]]:
    """By status and code: every problem that clients may meet, as they meet it."""
    told = [problem(status, *words) for status, words in HTTP_DETAIL.items()]
    told += [refusal(error) for error in encountered()]
    found: dict[int, dict[str, Any]] = defaultdict(dict)
    for body in (answer.get_json() | {"instance": REQUEST_ID} for answer in told):
        found[body["status"]][body["title"]] = {"summary": body["detail"], "value": body}
    return found
