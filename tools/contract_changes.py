"""不兼容的改变: what in a newer OpenAPI document breaks clients that were promised an older one.

The rules follow those of oasdiff. What a client sends may be taken more freely but never more
strictly, what it receives the other way round. New values of an enumeration in answers are not
counted, for clients are told to bear values that they do not know.

Every break is one stable line, `operationId: sentence`, by which the changelog names it.
"""

import re
from dataclasses import replace
from typing import Any

from tools.contract_schemas import Breaks, Comparison, Node, Spot, received, sent

METHODS = ("get", "put", "post", "delete", "options", "head", "patch", "trace")
BREAKING_PART = re.compile(
    r"^### (?:Breaking|不兼容)[^\n]*\n(.*?)(?=^#|\Z)", re.MULTILINE | re.DOTALL
)


def breaking_changes(old: Node, new: Node) -> list[str]:
    """Every way in which `new` breaks a client of `old`, in order."""
    before, after = _operations(old), _operations(new)
    found = set(_shared_responses(old, new))
    for address, was in before.items():
        if address not in after:
            found.add(f"{was.node['operationId']}: 操作被去掉")
            continue
        found |= {f"{was.node['operationId']}: {told}" for told in _operation(was, after[address])}
    return sorted(found)


def named_breaks(changelog: str) -> list[str]:
    """The breaks that the topmost section of a changelog names, each in backquotes in its part."""
    newest = re.split(r"^## ", changelog, flags=re.MULTILINE)[1]
    part = BREAKING_PART.search(newest)
    return sorted(re.findall(r"`(\w+: [^`]+)`", part[1])) if part else []


def _operations(document: Node) -> dict[tuple[str, str], Spot]:
    """Operations by method and path, with the parameters of their path among their own."""
    found = {}
    for path, item in document["paths"].items():
        for method in METHODS:
            if method in item:
                shared = item.get("parameters", [])
                operation = item[method]
                parameters = [*shared, *operation.get("parameters", [])]
                node = {
                    **operation,
                    "parameters": parameters,
                    "security": _security(document, operation),
                }
                found[method, re.sub(r"\{\w+\}", "{}", path)] = Spot(document, node)
    return found


def _security(document: Node, operation: Node) -> list[dict[str, Any]]:
    return operation.get("security", document.get("security", [])) or [{}]


def _operation(was: Spot, now: Spot) -> Breaks:
    if was.node["operationId"] != now.node["operationId"]:
        yield f"operationId 改为 {now.node['operationId']}"
    for compare in (_parameters, _body, _responses, _rights):
        yield from compare(was, now)


def _parameters(was: Spot, now: Spot) -> Breaks:
    before, after = _named_parameters(was), _named_parameters(now)
    for key, parameter in after.items():
        is_old = key in before
        if parameter.node.get("required") and not (is_old and before[key].node.get("required")):
            yield f"请求参数 {key[1]} {'改为必填' if is_old else '是新的必填参数'}"
    for key, parameter in before.items():
        if key not in after:
            yield f"请求参数 {key[1]} 被去掉"
        else:
            yield from sent(f"请求参数 {key[1]}", parameter.at("schema"), after[key].at("schema"))


def _named_parameters(operation: Spot) -> dict[tuple[str, str], Spot]:
    parameters = [replace(operation, node=one).followed() for one in operation.node["parameters"]]
    # Those in the path are told apart by their place, whatever they are called.
    named = [one for one in parameters if one.node["in"] != "path"]
    placed = [one for one in parameters if one.node["in"] == "path"]
    by_name = {(one.node["in"], one.node["name"]): one for one in named}
    return by_name | {("path", f"{{{place}}}"): one for place, one in enumerate(placed, start=1)}


def _body(was: Spot, now: Spot) -> Breaks:
    before, after = was.at("requestBody"), now.at("requestBody")
    if after.node.get("required") and not before.node.get("required"):
        yield "请求内容改为必填" if before.node else "新的必填请求内容"
    if before.node:
        yield from _contents("请求内容", before, after, sent)


def _contents(place: str, was: Spot, now: Spot, compare: Comparison) -> Breaks:
    after = now.members("content")
    for media_type, content in was.members("content").items():
        if media_type not in after:
            yield f"{place} 不再可用 {media_type}"
        else:
            yield from compare(place, content.at("schema"), after[media_type].at("schema"))


def _responses(was: Spot, now: Spot) -> Breaks:
    after = now.members("responses")
    for status, response in was.members("responses").items():
        if status not in after:
            yield f"不再回答 {status}"
            continue
        # What both refer to by one name is compared once, under that name.
        if not _same_reference(was.node["responses"][status], now.node["responses"][status]):
            yield from _response(f"回答 {status}", response, after[status])


def _same_reference(was: Node, now: Node) -> bool:
    return "$ref" in was and was["$ref"] == now.get("$ref")


def _shared_responses(old: Node, new: Node) -> Breaks:
    before, after = (
        Spot(document, document.get("components", {})).members("responses")
        for document in (old, new)
    )
    for name in before.keys() & after.keys():
        yield from (f"{name}: {told}" for told in _response("回答", before[name], after[name]))


def _response(place: str, was: Spot, now: Spot) -> Breaks:
    yield from _headers(place, was, now)
    yield from _contents(place, was, now, received)


def _headers(place: str, was: Spot, now: Spot) -> Breaks:
    after = now.members("headers")
    for name, header in was.members("headers").items():
        if name not in after:
            yield f"{place} 去掉了头 {name}"
            continue
        if header.node.get("required") and not after[name].node.get("required"):
            yield f"{place} 的头 {name} 不再必有"
        yield from received(f"{place} 的头 {name}", header.at("schema"), after[name].at("schema"))


def _rights(was: Spot, now: Spot) -> Breaks:
    for accepted in was.node["security"]:
        if not any(_asks_no_more(wanted, accepted) for wanted in now.node["security"]):
            yield "须有更多的凭证"


def _asks_no_more(wanted: Node, accepted: Node) -> bool:
    return all(
        scheme in accepted and set(scopes) <= set(accepted[scheme])
        for scheme, scopes in wanted.items()
    )
