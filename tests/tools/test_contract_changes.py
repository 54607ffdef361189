"""What counts as a break of the contract: every rule once broken, and what may change freely."""

from collections.abc import Mapping
from copy import deepcopy
from typing import Any

import pytest

from tools.contract_changes import breaking_changes, named_breaks

OLD: Mapping[str, Any] = {
    "security": [{"token": []}],
    "components": {
        "parameters": {
            "Key": {"in": "header", "name": "Key", "schema": {"type": "string"}},
        },
        "schemas": {
            "Body": {
                "type": "object",
                "additionalProperties": False,
                "required": ["title"],
                "properties": {
                    "title": {"type": "string", "minLength": 2, "maxLength": 60},
                    "level": {"type": "integer", "minimum": 1, "maximum": 5},
                    "note": {"type": ["string", "null"]},
                    "tags": {"type": "array", "items": {"type": "string"}},
                },
            },
            "Ticket": {
                "type": "object",
                "required": ["number", "status"],
                "properties": {
                    "number": {"type": "string", "pattern": "^AS"},
                    "status": {"type": "string", "enum": ["open", "closed"]},
                    "due_at": {"type": "string", "format": "date-time"},
                    "owner": {"anyOf": [{"$ref": "#/components/schemas/Owner"}, {"type": "null"}]},
                    "counts": {"type": "object", "additionalProperties": {"type": "integer"}},
                },
            },
            "Owner": {"type": "object", "properties": {"name": {"type": "string"}}},
            "Problem": {"type": "object", "properties": {"title": {"type": "string"}}},
        },
        "responses": {
            "Problem409": {
                "content": {"problem": {"schema": {"$ref": "#/components/schemas/Problem"}}}
            },
        },
    },
    "paths": {
        "/tickets/{number}": {
            "parameters": [
                {"in": "path", "name": "number", "required": True, "schema": {"type": "string"}}
            ],
            "get": {
                "operationId": "getTicket",
                "security": [],
                "parameters": [
                    {"in": "query", "name": "q", "schema": {"type": "string", "maxLength": 40}},
                    {"in": "query", "name": "queue", "schema": {"enum": ["mine", "lost"]}},
                ],
                "responses": {
                    "200": {
                        "headers": {
                            "ETag": {"required": True, "schema": {"type": "string"}},
                            "Age": {"schema": {"type": "integer"}},
                        },
                        "content": {
                            "application/json": {
                                "schema": {
                                    "type": "array",
                                    "items": {"$ref": "#/components/schemas/Ticket"},
                                }
                            },
                            "text/csv": {"schema": {"type": "string"}},
                        },
                    },
                    "409": {"$ref": "#/components/responses/Problem409"},
                },
            },
        },
        "/tickets": {
            "post": {
                "operationId": "addTicket",
                "parameters": [{"$ref": "#/components/parameters/Key"}],
                "requestBody": {
                    "content": {
                        "application/json": {"schema": {"$ref": "#/components/schemas/Body"}}
                    }
                },
                "responses": {"201": {"description": "done"}},
            },
        },
    },
}

GET = "paths /tickets/{number} get"
POST = "paths /tickets post"
BODY = "components schemas Body"
TICKET = "components schemas Ticket"
ROWS = "回答 200/*"
GONE = object()


def changed(place: str, value: Any) -> dict[str, Any]:
    """The document with the member at `place`, steps divided by blanks, changed or taken away."""
    document: dict[str, Any] = deepcopy(dict(OLD))
    *steps, last = place.split()
    node: Any = document
    for step in steps:
        node = node[int(step)] if isinstance(node, list) else node[step]
    key = int(last) if isinstance(node, list) else last
    if value is GONE:
        del node[key]
    else:
        node[key] = value
    return document


BREAKS = [
    ("paths /tickets", GONE, "addTicket: 操作被去掉"),
    (f"{POST} operationId", "makeTicket", "addTicket: operationId 改为 makeTicket"),
    (f"{GET} parameters 0", {"in": "query", "name": "x"}, "getTicket: 请求参数 q 被去掉"),
    (f"{GET} parameters 0 required", True, "getTicket: 请求参数 q 改为必填"),
    (f"{GET} parameters 0 schema maxLength", 20, "getTicket: 请求参数 q 的 maxLength 收紧"),
    (f"{GET} parameters 0 schema minLength", 2, "getTicket: 请求参数 q 的 minLength 收紧"),
    (f"{GET} parameters 0 schema pattern", "^x", "getTicket: 请求参数 q 的 pattern 改变"),
    (f"{GET} parameters 0 schema format", "uri", "getTicket: 请求参数 q 的 format 改变"),
    (f"{GET} parameters 0 schema const", "x", "getTicket: 请求参数 q 的固定值改变"),
    (f"{GET} parameters 0 schema enum", ["x"], "getTicket: 请求参数 q 限定了可选值"),
    (f"{GET} parameters 0 schema oneOf", [{}], "getTicket: 请求参数 q 的 oneOf 改变"),
    (f"{GET} parameters 1 schema enum", ["mine"], "getTicket: 请求参数 queue 去掉了可选值 lost"),
    (f"{GET} security", [{"token": []}], "getTicket: 须有更多的凭证"),
    ("security", [{"token": ["write"]}], "addTicket: 须有更多的凭证"),
    ("components parameters Key required", True, "addTicket: 请求参数 Key 改为必填"),
    ("paths /tickets/{number} parameters 0 schema type", "integer",
     "getTicket: 请求参数 {1} 不再接受类型 string"),
    (f"{POST} requestBody required", True, "addTicket: 请求内容改为必填"),
    (f"{POST} requestBody content", {"text/xml": {}},
     "addTicket: 请求内容 不再可用 application/json"),
    (f"{BODY} required", ["title", "level"], "addTicket: 请求内容 的字段 level 改为必填"),
    (f"{BODY} properties note", GONE, "addTicket: 请求内容 去掉了字段 note"),
    (f"{BODY} properties note type", "string", "addTicket: 请求内容/note 不再接受类型 null"),
    (f"{BODY} properties level minimum", 2, "addTicket: 请求内容/level 的 minimum 收紧"),
    (f"{BODY} properties tags items maxLength", 9, "addTicket: 请求内容/tags/* 的 maxLength 收紧"),
    (f"{BODY} properties tags uniqueItems", True, "addTicket: 请求内容/tags 的 uniqueItems 收紧"),
    (f"{GET} responses 200", GONE, "getTicket: 不再回答 200"),
    (f"{GET} responses 409", GONE, "getTicket: 不再回答 409"),
    (f"{GET} responses 200 headers ETag", GONE, "getTicket: 回答 200 去掉了头 ETag"),
    (f"{GET} responses 200 headers ETag required", False, "getTicket: 回答 200 的头 ETag 不再必有"),
    (f"{GET} responses 200 headers Age schema type", "string",
     "getTicket: 回答 200 的头 Age 多了类型 string"),
    (f"{GET} responses 200 content text/csv", GONE, "getTicket: 回答 200 不再可用 text/csv"),
    (f"{TICKET} properties due_at", GONE, f"getTicket: {ROWS} 去掉了字段 due_at"),
    (f"{TICKET} properties due_at format", GONE, f"getTicket: {ROWS}/due_at 的 format 改变"),
    (f"{TICKET} properties due_at type", ["string", "null"],
     f"getTicket: {ROWS}/due_at 多了类型 null"),
    (f"{TICKET} properties number pattern", "^A", f"getTicket: {ROWS}/number 的 pattern 改变"),
    (f"{TICKET} required", ["number"], f"getTicket: {ROWS} 的字段 status 不再必有"),
    (f"{TICKET} properties counts additionalProperties type", "number",
     f"getTicket: {ROWS}/counts/* 多了类型 number"),
    ("components schemas Owner properties name type", "integer",
     f"getTicket: {ROWS}/owner/name 多了类型 integer"),
    ("components schemas Problem properties title", GONE, "Problem409: 回答 去掉了字段 title"),
]  # fmt: skip

HARMLESS = [
    ("paths /more", {"get": {"operationId": "more", "responses": {}}}),
    (f"{GET} parameters 0 description", "说明"),
    (f"{GET} parameters 0 schema maxLength", 80),
    (f"{GET} parameters 1 schema enum", ["mine", "lost", "found"]),
    (f"{GET} parameters 1 schema enum", ["lost", "mine"]),
    (f"{GET} summary", "说明"),
    (f"{GET} responses 404", {"description": "没有"}),
    (f"{GET} responses 200 headers More", {"schema": {"type": "string"}}),
    (f"{GET} responses 200 content text/xml", {}),
    ("paths /tickets/{number} parameters 0 name", "code"),
    (f"{POST} security", []),
    (f"{POST} parameters", [{"$ref": "#/components/parameters/Key"}, {"in": "query", "name": "x"}]),
    (f"{BODY} required", []),
    (f"{BODY} properties more", {"type": "string"}),
    (f"{BODY} properties level type", "number"),
    (f"{BODY} properties title minLength", 1),
    (f"{BODY} additionalProperties", True),
    (f"{TICKET} required", ["number", "status", "due_at"]),
    (f"{TICKET} properties status enum", ["open", "closed", "lost"]),
    (f"{TICKET} properties status enum", ["open"]),
    (f"{TICKET} properties more", {"type": "string"}),
    (f"{TICKET} properties owner", {"$ref": "#/components/schemas/Owner"}),
    (f"{TICKET} properties counts additionalProperties minimum", 0),
]


def test_a_contract_is_compatible_with_itself():
    assert breaking_changes(OLD, OLD) == []


@pytest.mark.parametrize(("place", "value", "told"), BREAKS, ids=[told for *_, told in BREAKS])
def test_each_break_is_told_in_one_stable_line(place, value, told):
    assert told in breaking_changes(OLD, changed(place, value))


def test_a_break_is_told_alone():
    for place, value, told in BREAKS:
        assert breaking_changes(OLD, changed(place, value)) == [told], place


@pytest.mark.parametrize(("place", "value"), HARMLESS)
def test_what_clients_cannot_feel_is_no_break(place, value):
    assert breaking_changes(OLD, changed(place, value)) == []


def test_a_new_parameter_that_is_required_breaks():
    parameters = [*OLD["paths"]["/tickets/{number}"]["get"]["parameters"]]
    parameters.append({"in": "query", "name": "more", "required": True, "schema": {}})
    told = breaking_changes(OLD, changed(f"{GET} parameters", parameters))
    assert told == ["getTicket: 请求参数 more 是新的必填参数"]


CHANGELOG = """# Changelog

## Unreleased

### Added
- `getTicket: not a break`

### Breaking
- `getTicket: 不再回答 409`: nobody was ever told it.
- `listTickets: 请求参数 status 去掉了可选值 lost`, see `status`.

### Fixed
- Nothing.

## 1.0.0

### Breaking
- `addTicket: 操作被去掉`
"""


def test_the_changelog_names_breaks_in_the_part_of_its_newest_section():
    named = ["getTicket: 不再回答 409", "listTickets: 请求参数 status 去掉了可选值 lost"]
    assert named_breaks(CHANGELOG) == named
    assert named_breaks(CHANGELOG.replace("### Breaking", "### 不兼容")) == named
    assert named_breaks(CHANGELOG.replace("### Breaking", "### Changed")) == []
