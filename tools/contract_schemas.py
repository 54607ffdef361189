"""Where a schema breaks what a client sends or receives: the half of `contract_changes` on schemas.

Schemas that hold themselves are not foreseen.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

Node = Mapping[str, Any]
Breaks = Iterator[str]

HIGHEST = ("maxLength", "maximum", "maxItems", "maxProperties", "exclusiveMaximum")
LOWEST = ("minLength", "minimum", "minItems", "minProperties", "exclusiveMinimum")
FIXED = ("pattern", "format", "multipleOf")
COMPOSED = ("allOf", "anyOf", "oneOf", "not")
TYPES = ("string", "number", "integer", "boolean", "object", "array", "null")


@dataclass(frozen=True, slots=True)
class Spot:
    """A node of a document, with what its references are resolved by."""

    document: Node
    node: Node

    def at(self, name: str) -> "Spot":
        """The member `name`, references followed; empty where there is none."""
        return replace(self, node=self.node.get(name) or {}).followed()

    def members(self, name: str) -> dict[str, "Spot"]:
        """The members of the member `name`, references followed."""
        return {
            key: replace(self, node=node).followed()
            for key, node in (self.node.get(name) or {}).items()
        }

    def followed(self) -> "Spot":
        """What a reference leads to, with what stands beside it."""
        spot = self
        while "$ref" in spot.node:
            beside = {key: value for key, value in spot.node.items() if key != "$ref"}
            target: Any = self.document
            for step in spot.node["$ref"].removeprefix("#/").split("/"):
                target = target[step]
            spot = replace(spot, node={**target, **beside})
        return spot


Comparison = Callable[[str, Spot, Spot], Breaks]


def sent(place: str, was: Spot, now: Spot) -> Breaks:
    """What a client sends: whatever was accepted still has to be."""
    was, now = _with_null(was), _with_null(now)
    yield from _common(place, was, now)
    if refused := _types(was) - _types(now):
        yield f"{place} 不再接受类型 {_listed(refused)}"
    if (values := now.node.get("enum")) is not None:
        yield from _fewer_values(place, was.node.get("enum"), values)
    yield from _limits(place, was.node, now.node, "收紧")
    yield from _sent_members(place, was, now)
    yield from _inside(place, was, now, sent)


def _fewer_values(place: str, was: Any, now: Any) -> Breaks:
    if was is None:
        yield f"{place} 限定了可选值"
    else:
        yield from (f"{place} 去掉了可选值 {value}" for value in was if value not in now)


def _sent_members(place: str, was: Spot, now: Spot) -> Breaks:
    before, after = was.node.get("properties", {}), now.node.get("properties", {})
    is_closed = now.node.get("additionalProperties") is False
    if is_closed:
        yield from (f"{place} 去掉了字段 {name}" for name in before if name not in after)
    if is_closed and was.node.get("additionalProperties") is not False and "properties" in was.node:
        yield f"{place} 不再接受其他字段"
    for name in set(now.node.get("required", ())) - set(was.node.get("required", ())):
        yield f"{place} 的字段 {name} 改为必填"


def received(place: str, was: Spot, now: Spot) -> Breaks:
    """What a client receives: nothing may come that could not come before, nothing stay away."""
    was, now = _with_null(was), _with_null(now)
    yield from _common(place, was, now)
    if unknown := _types(now) - _types(was):
        yield f"{place} 多了类型 {_listed(unknown)}"
    yield from _limits(place, now.node, was.node, "放宽")
    after, required = now.node.get("properties", {}), now.node.get("required", ())
    for name in was.node.get("properties", {}):
        if name not in after:
            yield f"{place} 去掉了字段 {name}"
        elif name in was.node.get("required", ()) and name not in required:
            yield f"{place} 的字段 {name} 不再必有"
    yield from _inside(place, was, now, received)


def _common(place: str, was: Spot, now: Spot) -> Breaks:
    changed = [key for key in COMPOSED if was.node.get(key) != now.node.get(key)]
    if changed:
        yield f"{place} 的 {_listed(changed)} 改变"
    if was.node.get("const") != now.node.get("const"):
        yield f"{place} 的固定值改变"


def _limits(place: str, loose: Node, strict: Node, word: str) -> Breaks:
    """Where `strict` admits less than `loose`. Sent: newer and older; received: the reverse."""
    for key in HIGHEST:
        if key in strict and strict[key] < loose.get(key, float("inf")):
            yield f"{place} 的 {key} {word}"
    for key in LOWEST:
        if key in strict and strict[key] > loose.get(key, _nothing_below(key)):
            yield f"{place} 的 {key} {word}"
    for key in FIXED:
        if key in strict and strict[key] != loose.get(key):
            yield f"{place} 的 {key} 改变"
    if strict.get("uniqueItems") and not loose.get("uniqueItems"):
        yield f"{place} 的 uniqueItems {word}"


def _nothing_below(key: str) -> float:
    return 0 if key.startswith("min") and key != "minimum" else float("-inf")


def _inside(place: str, was: Spot, now: Spot, compare: Comparison) -> Breaks:
    """The members of objects and the entries of lists and maps."""
    after = now.members("properties")
    for name, member in was.members("properties").items():
        if name in after:
            yield from compare(f"{place}/{name}", member, after[name])
    for key in ("items", "additionalProperties"):
        old, new = was.node.get(key), now.node.get(key)
        if isinstance(old, Mapping) and isinstance(new, Mapping):
            yield from compare(f"{place}/*", was.at(key), now.at(key))


def _with_null(spot: Spot) -> Spot:
    """`anyOf` something and null, said as the something with null among its types."""
    parts = spot.node.get("anyOf", ())
    others = [part for part in parts if part != {"type": "null"}]
    if len(parts) != 2 or len(others) != 1:
        return spot
    inner = replace(spot, node=others[0]).followed()
    return replace(spot, node={**inner.node, "type": [*sorted(_types(inner)), "null"]})


def _types(spot: Spot) -> set[str]:
    """The types that are admitted, all of them where none is said; every integer is a number."""
    said = spot.node.get("type", TYPES)
    types = {said} if isinstance(said, str) else set(said)
    return types | {"integer"} if "number" in types else types


def _listed(words: Any) -> str:
    return "、".join(sorted(words))
