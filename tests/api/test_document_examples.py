"""The examples of the document: one for every answer and every problem, in Chinese and true."""

import importlib
import pkgutil
from collections.abc import Iterator
from types import ModuleType
from typing import Any

import pytest
from openapi_schema_validator import OAS31Validator, oas31_format_checker

import app.domain
import services
from app.api.encountered import encountered
from app.api.illustrations import problem_examples
from app.api.openapi import document_of
from app.api.problems import HTTP_DETAIL, STATUS
from app.api.schemas.answer_examples import AnswerExamples
from app.domain import errors
from app.domain.errors import DomainError
from app.domain.labels import ROLE, STEP
from app.domain.labels import STATUS as STATUS_LABEL
from app.domain.vocabulary import STEP_OF, Status
from tests.problems import CHINESE

INNER = {
    "Unsealable": "a fault of ours, 500",
    "BadCalendar": "raised where a calendar is published, which no route does",
    "NotStopped": "raised by a command",
    "SignatureBroken": "raised by a command",
    "MakerGone": "told on the export that a job could not make",
    "TooManyRows": "told on the export that a job could not make",
    "MappingRefused": "raised by a command",
    "UnfitText": "raised and handled while a message is sent",
    "WrongClockState": "the rules of the flow never ask it of a clock",
    "TextError": "what the provider of short messages answers; people call then",
    "WeComError": "the same of WeCom",
    "WeChatError": "what the platform answers; routes tell it in errors of their own",
}
BINARY = ("image/", "application/pdf", "application/vnd.")


@pytest.fixture(scope="module")
def document(app) -> dict[str, Any]:
    return document_of(app)


@pytest.fixture(scope="module")
def answers(document) -> list[tuple[str, dict[str, Any]]]:
    """(operation and media type, content) of all that answers, problems included, may hold."""
    written_out = [
        (f"{operation['operationId']} {status} {media_type}", content)
        for path in document["paths"].values()
        for operation in path.values()
        if isinstance(operation, dict)
        for status, response in operation["responses"].items()
        for media_type, content in response.get("content", {}).items()
    ]
    problems = [
        (name, content)
        for name, response in document["components"]["responses"].items()
        for content in response["content"].values()
    ]
    return written_out + problems


def examples(document: dict[str, Any], content: dict[str, Any]) -> Iterator[Any]:
    for example in content["examples"].values():
        name = example.get("$ref", "").rpartition("/")[2]
        yield (document["components"]["examples"][name] if name else example)["value"]


def subclasses(kind: type[DomainError]) -> Iterator[type[DomainError]]:
    for below in kind.__subclasses__():
        yield below
        yield from subclasses(below)


def import_all(package: ModuleType) -> None:
    for found in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
        importlib.import_module(found.name)


def test_every_answer_has_an_example_that_fits_its_schema(document, answers):
    for name, content in answers:
        if name.split()[-1].startswith(BINARY):
            continue
        schema = {**content["schema"], "components": document["components"]}
        validator = OAS31Validator(schema, format_checker=oas31_format_checker)
        shown = list(examples(document, content))
        assert shown, name
        for example in shown:
            assert [fault.message for fault in validator.iter_errors(example)] == [], name


def test_no_example_is_left_without_an_answer(document):
    told = AnswerExamples(document["components"]["schemas"])
    operations = {
        operation["operationId"]
        for path in document["paths"].values()
        for operation in path.values()
        if isinstance(operation, dict)
    }
    schemas = document["components"]["schemas"].keys()
    assert [name for name in told.names() if name.split()[0] not in operations | schemas] == []


def test_examples_agree_with_the_labels(document):
    for example in document["components"]["examples"].values():
        for shown in (example["value"], *_items(example["value"])):
            if isinstance(shown, dict) and "status_label" in shown:
                assert shown["status_label"] == STATUS_LABEL[shown["status"]]
            if isinstance(shown, dict) and "step_label" in shown:
                assert shown["step_label"] == STEP[shown["step"]]
                assert shown["step"] == STEP_OF.get(Status(shown["status"]), shown["step"])
            if isinstance(shown, dict) and "role_label" in shown and "actor_name" in shown:
                assert shown["role_label"] == ROLE[shown["role"]]


def _items(value: Any) -> list[Any]:
    return value.get("items", []) if isinstance(value, dict) else []


def test_every_error_that_answers_are_made_of_is_shown():
    import_all(app.domain)
    import_all(services)
    shown = {error.code for error in encountered()}
    for kind in subclasses(DomainError):
        is_inner = any(above.__name__ in INNER for above in kind.__mro__)
        assert kind.code in shown or is_inner or kind is errors.GatewayError, kind


def test_every_problem_is_shown_under_its_status_in_chinese(app, document):
    with app.app_context():
        found = problem_examples()
    assert found.keys() >= HTTP_DETAIL.keys() | set(STATUS.values())
    for status, by_code in found.items():
        for code, example in by_code.items():
            assert example["value"]["status"] == status
            assert example["value"]["title"] == code
            assert CHINESE.search(example["summary"])
    shown = document["components"]["responses"]
    assert (
        found[409].keys()
        == shown["Problem409"]["content"]["application/problem+json"]["examples"].keys()
    )


def test_particular_members_of_problems_are_shown(app):
    with app.app_context():
        found = problem_examples()
    assert found[409]["illegal-transition"]["value"]["allowed_actions"] == ["receive_feedback"]
    assert found[412]["stale-version"]["value"]["changed_by"] == "李鹏"
    assert found[422]["invalid-input"]["value"]["errors"][0]["pointer"] == "/title"
    assert errors.IllegalTransition.code == "illegal-transition"
