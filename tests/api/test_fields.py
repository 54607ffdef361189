"""Every field of every input: described in Chinese, limited, and refusing with a reason."""

from io import BytesIO
from typing import Any

import pytest
from marshmallow import Schema, fields
from werkzeug.datastructures import FileStorage

from app.api.messages import Message
from app.api.schemas import fields as own
from app.api.schemas.bulk import FactsOfAction
from app.api.schemas.examples import EXAMPLES
from tests.api.inputs import input_schemas, load_errors
from tests.problems import CHINESE

SCHEMAS = input_schemas()
FIELDS = [(schema, name) for schema in SCHEMAS for name in schema._declared_fields]
WITH_FIELDS = [schema for schema in SCHEMAS if schema._declared_fields]
BODIES = list(EXAMPLES)

NEVER_RIGHT: list[Any] = [
    None,
    [],
    {},
    {"a": 1},
    [None],
    [[]],
    1.5,
    float("inf"),
    2**63,
    -(2**63) - 1,
    10**400,
    "\x00",
    "半个字符\ud800",
    "长" * 100_000,
    "9" * 5000,
    "0001-01-01",
    "0001-01-01T00:00:00+23:59",
    "9999-12-31T23:59:59-23:59",
]
"""Refused by every field, or else (an empty list, an object of nothing) right for it by chance."""


NO_OBJECTS: list[Any] = [None, [], "text", 1, True]
TOO_MUCH: list[Any] = ["长" * 100_000, 2**63, "9" * 5000, [f"第{i}项" for i in range(1000)]]
LIMITED = (
    *(own.Text, own.Number, own.Flag, own.Choice, own.Word, own.Listed),
    *(own.File, own.Day, own.Instant),
)


def sentences(messages: Any) -> list[Any]:
    """The leaves of marshmallow's messages."""
    if isinstance(messages, dict):
        return [leaf for inner in messages.values() for leaf in sentences(inner)]
    if isinstance(messages, list):
        return [leaf for inner in messages for leaf in sentences(inner)]
    return [messages]


@pytest.mark.parametrize("schema", WITH_FIELDS)
def test_every_field_says_in_chinese_what_it_is(schema):
    for name, field in schema._declared_fields.items():
        assert CHINESE.search(field.metadata.get("description", "")), name


@pytest.mark.parametrize("schema", WITH_FIELDS)
def test_every_refusal_has_a_rule_and_a_chinese_sentence(schema):
    for name, field in schema._declared_fields.items():
        said = refusals(schema, field.data_key or name)
        assert said, name
        assert all(isinstance(one, Message) for one in said), (name, said)
        assert all(CHINESE.search(one) for one in said), (name, said)
        assert "invalid" not in {one.code for one in said}, name


def refusals(schema: type[Schema], key: str) -> list[Any]:
    """What is said about a field to all that is hardly ever right for one."""
    return [
        sentence
        for wrong in (*NEVER_RIGHT, True, 0, -1, "", " ", "wrong")
        for sentence in sentences(load_errors(schema, {key: wrong}).get(key, []))
    ]


@pytest.mark.parametrize("schema", WITH_FIELDS)
def test_every_field_has_a_limit(schema):
    for name, field in schema._declared_fields.items():
        if isinstance(field, FactsOfAction):
            continue  # loaded once more, by the schema of the action that is named
        if isinstance(field, own.Part):
            # Its own fields have the limits.
            assert type(field.schema) in SCHEMAS, name
            continue
        key = field.data_key or name
        assert all(key in load_errors(schema, {key: wrong}) for wrong in TOO_MUCH), name
        assert isinstance(field, LIMITED), name


@pytest.mark.parametrize("schema", SCHEMAS)
def test_a_schema_refuses_what_it_does_not_know(schema):
    [said] = load_errors(schema, {"no_such_field": 1})["no_such_field"]
    assert said.code == "unknown"


@pytest.mark.parametrize("schema", BODIES)
def test_a_body_is_an_object(schema):
    for wrong in NO_OBJECTS:
        [said] = load_errors(schema, wrong)["_schema"]
        assert (said.code, bool(CHINESE.search(said))) == ("type", True), wrong


@pytest.mark.parametrize("schema", BODIES)
def test_every_body_has_an_example_that_loads(schema):
    assert load_errors(schema, EXAMPLES[schema]) == {}


@pytest.mark.parametrize(
    ("field", "wrong", "code"),
    [
        (own.Number(1, 9), True, "type"),
        (own.Number(1, 9), "3", "type"),
        (own.Number(1, 9), 3.0, "type"),
        (own.Number(1, 9), 10**30, "range"),
        (own.Number(1, 9, strict=False), "３", "type"),
        (own.Number(1, 9, strict=False), "1_0", "type"),
        (own.Number(1, 9, strict=False), " 3", "type"),
        (own.Number(1, 9, strict=False), "3" * 5000, "type"),
        (own.Number(1, 9, strict=False), "10", "range"),
        (own.Flag(), 1, "type"),
        (own.Flag(), "true", "type"),
        (own.Flag(strict=False), "yes", "type"),
        (own.Text(2, 3), " 一 ", "length"),
        (own.Text(1, 9), "a\x00b", "characters"),
        (own.Text(1, 9), "\udfff", "characters"),
        (own.Day(), "20260601", "type"),
        (own.Day(), "2026-02-30", "type"),
        (own.Day(), "1999-12-31", "range"),
        (own.Instant(), "2026-06-01T09:00:00", "offset"),
        (own.Instant(), 1780275600, "type"),
        (own.Instant(), "2101-01-01T00:00:00+08:00", "range"),
        (own.Listed(own.identifier(), 0, 9), "1,2", "type"),
        (own.Listed(own.identifier(), 0, 9), [1, 1], "distinct"),
        (own.Listed(own.identifier(), 0, 1), [1, 2], "count"),
        (own.File("文件"), "text", "type"),
    ],
)
def test_values_that_merely_look_right_are_refused(field, wrong, code):
    [said] = sentences(load_errors(own.Strict.from_dict({"it": field}), {"it": wrong}))
    assert said.code == code


@pytest.mark.parametrize(
    ("field", "sent", "loaded"),
    [
        (own.Number(-5, 9, strict=False), "-3", -3),
        (own.Number(1, own.MAX_ID), own.MAX_ID, own.MAX_ID),
        (own.Flag(strict=False), "false", False),
        (own.Text(2, 9), "  两字\n", "两字"),
        (own.Secret(1, 9), " a b ", " a b "),
        (own.Listed(own.identifier(), 0, 9), [2, 1], (2, 1)),
    ],
)
def test_values_that_are_right_are_taken_as_they_are(field, sent, loaded):
    assert own.Strict.from_dict({"it": field})().load({"it": sent}) == {"it": loaded}


def test_a_file_is_taken_as_it_comes():
    file = FileStorage(BytesIO(b"x"), "a.pdf")
    assert own.Strict.from_dict({"it": own.File("文件")})().load({"it": file}) == {"it": file}


def test_the_walk_meets_every_kind_of_field():
    kinds = {type(field) for schema in SCHEMAS for field in schema._declared_fields.values()}
    assert len(FIELDS) > 80
    assert {own.Text, own.Number, own.Flag, own.Choice, own.Listed} <= kinds
    assert not kinds & {fields.String, fields.Integer, fields.Raw, fields.Boolean}
