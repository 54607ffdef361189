"""The OpenAPI document as a judge: nothing is answered that it does not say.

Every answer to a `DocumentedClient` is held against the document of its application: its status,
media type, headers and members, of which there may be none that the schema does not know. Stories
are judged by openapi-core; elsewhere it is asked about what a fast validator does not let pass,
because it takes longer than most tests.
"""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from weakref import WeakKeyDictionary

import jsonschema_rs
from flask import Flask
from openapi_core import Config, OpenAPI, V31ResponseValidator
from openapi_core.datatypes import RequestParameters
from openapi_core.exceptions import OpenAPIError
from openapi_core.validation.schemas import oas31_schema_validators_factory
from werkzeug.datastructures import Headers
from werkzeug.exceptions import HTTPException
from werkzeug.test import TestResponse
from werkzeug.wrappers import Request

from app.api.openapi import document_of
from tests.applications import SeparateClient

LONGEST = 2000
PROBLEM = "application/problem+json"
JUDGED_METHODS = frozenset({"GET", "POST", "PATCH", "DELETE"})
# Of HTTP itself, on whatever answer; the document speaks of the API's own.
OF_HTTP = frozenset(
    {"content-type", "content-length", "content-disposition", "cache-control", "allow"}
    | {"content-security-policy", "x-content-type-options"}
)


class Undocumented(AssertionError):
    """Something was answered that the document does not say."""


@dataclass(frozen=True)
class Asked:
    """Where a request went, which is all that openapi-core uses to judge its answer."""

    host_url: str
    path: str
    method: str
    parameters: RequestParameters = field(default_factory=RequestParameters)
    content_type: str = ""
    body: bytes | None = None

    @classmethod
    def of(cls, request: Request) -> "Asked":
        return cls(request.host_url, request.path, request.method.lower())


@dataclass(frozen=True)
class Answer:
    """An answer as openapi-core asks for it; a file's bytes are left alone."""

    status_code: int
    content_type: str
    headers: Headers
    body: bytes

    @property
    def data(self) -> bytes:
        """The body, by the name that openapi-core has for it."""
        return self.body

    @classmethod
    def of(cls, answer: TestResponse) -> "Answer":
        media_type = answer.mimetype or ""
        told = answer.data if media_type.endswith("json") else b"-"
        return cls(answer.status_code, media_type, answer.headers, told)


class ValidatorsOnce:
    """Makes the validator of a schema once; openapi-core makes it anew for every value."""

    def __init__(self) -> None:
        self._made: dict[Any, Any] = {}

    def create(self, spec: Any, schema: Any, **options: Any) -> Any:
        """What openapi-core asks for; the options of one document are always the same."""
        if schema not in self._made:
            self._made[schema] = oas31_schema_validators_factory.create(spec, schema, **options)
        return self._made[schema]


class Document:
    """What an application says about itself."""

    def __init__(self, said: dict[str, Any]) -> None:
        self.said = said
        once = {"schema_validators_factory": ValidatorsOnce()}
        config = Config(
            spec_validator_cls=None,  # `test_openapi` does that once
            additional_properties_default_policy="forbid",
            extra_media_type_deserializers={PROBLEM: json.loads},
            response_validator_cls=type("Judge", (V31ResponseValidator,), once),
        )
        self._judge = OpenAPI.from_dict(self.said, config=config)
        self._validators: dict[str, jsonschema_rs.Validator] = {}
        self._known: dict[int, jsonschema_rs.Validator] = {}

    def check(self, answer: TestResponse, rule: str, *, is_story: bool) -> None:
        """Raises `Undocumented`. `rule` is that of the application which the request matched."""
        operation = self._operation(rule, answer.request.method)
        if operation:
            said = self._answer_said(operation, answer.status_code)
            if is_story or not self._is_plainly(answer, said):
                self._ask_the_judge(answer)
            _check_headers(answer, said)

    def _operation(self, rule: str, method: str) -> Mapping[str, Any] | None:
        """What is said about a route; None where nothing is, as it is not of the API."""
        return self.said["paths"].get(address(rule), {}).get(method.lower())

    def _answer_said(self, operation: Mapping[str, Any], status: int) -> Mapping[str, Any]:
        """What is said about the answers of a status; {} where nothing is."""
        said = operation["responses"].get(str(status), {})
        if "$ref" in said:
            said = self.said["components"]["responses"][said["$ref"].rpartition("/")[2]]
        return said

    def _is_plainly(self, answer: TestResponse, said: Mapping[str, Any]) -> bool:
        """Whether the answer is a JSON body that fits its schema."""
        content = said.get("content", {}).get(answer.mimetype)
        if content is None or not answer.mimetype.endswith("json"):
            return False
        return self._validator(content["schema"]).is_valid(answer.json)

    def _validator(self, schema: Mapping[str, Any]) -> jsonschema_rs.Validator:
        """That of a schema of `said`, where it stays; schemas of the same words share one."""
        if id(schema) not in self._known:
            self._known[id(schema)] = self._validator_of_words(schema)
        return self._known[id(schema)]

    def _validator_of_words(self, schema: Mapping[str, Any]) -> jsonschema_rs.Validator:
        key = json.dumps(schema, sort_keys=True)
        if key not in self._validators:
            whole = {"components": self.said["components"], **schema}
            self._validators[key] = jsonschema_rs.Draft202012Validator(whole, validate_formats=True)
        return self._validators[key]

    def _ask_the_judge(self, answer: TestResponse) -> None:
        asked: Any = Asked.of(answer.request)
        try:
            self._judge.validate_response(asked, Answer.of(answer))
        except OpenAPIError as fault:
            raise Undocumented(_told(answer, fault.__cause__ or fault)) from fault


def _check_headers(answer: TestResponse, said: Mapping[str, Any]) -> None:
    known = OF_HTTP | {name.lower() for name in said.get("headers", {})}
    unknown = sorted({name.lower() for name, _ in answer.headers} - known)
    if unknown:
        raise Undocumented(_told(answer, f"headers {unknown}"))


class DocumentedClient(SeparateClient):
    """A client that takes no answer that its application's document does not know."""

    is_of_a_story = False

    def open(self, *args, **kwargs) -> TestResponse:
        answer = super().open(*args, **kwargs)
        if answer.request.method in JUDGED_METHODS:
            self._check(answer)
        return answer

    def _check(self, answer: TestResponse) -> None:
        app, asked = self.application, answer.request
        try:
            rule, _ = app.url_map.bind("").match(asked.path, asked.method, return_rule=True)
        except HTTPException as refusal:
            if refusal.code != answer.status_code:
                raise Undocumented(_told(answer, "no address of ours")) from refusal
        else:
            judge_of(app).check(answer, rule.rule, is_story=self.is_of_a_story)


def judged(app: Flask) -> Flask:
    """The application, whose clients take no answer from now on that its document does not know."""
    app.test_client_class = DocumentedClient
    return app


def judge_of(app: Flask) -> Document:
    """What knows the application's document; made once for all of the same routes."""
    if app not in _of_apps:
        routes = frozenset(rule.rule for rule in app.url_map.iter_rules())
        if routes not in _judges:
            _judges[routes] = Document(document_of(app))
        _of_apps[app] = _judges[routes]
    return _of_apps[app]


_judges: dict[frozenset[str], Document] = {}
_of_apps: WeakKeyDictionary[Flask, Document] = WeakKeyDictionary()


def address(rule: str) -> str:
    """A rule of the application as the document writes it."""
    return re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", rule)


def _told(answer: TestResponse, fault: object) -> str:
    asked = f"{answer.request.method} {answer.request.path}"
    return f"{asked}: {answer.status}: {str(fault)[:LONGEST]}"
