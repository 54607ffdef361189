"""The sentences with which a decision refuses, read from its code and that which it calls."""

import ast
import inspect
import re
import sys
import textwrap
from collections.abc import Callable, Iterator, Mapping
from typing import Any, TypeGuard

from app.domain.decisions.aftercare import NotYet
from app.domain.errors import Refused
from tools.manual.wording import plain

DOMAIN = "app.domain."
CHINESE = re.compile("[一-鿿].*。$")


def refusals(decision: Callable[..., Any]) -> list[str]:
    """Each sentence once, in the order of the code; one with a gap is left to its error's own."""
    found = dict.fromkeys(text for function in reached(decision, []) for text in said_in(function))
    return [plain(text) for text in found]


def reached(function: Callable[..., Any], seen: list[Any]) -> list[Any]:
    """The function and all of the domain that it uses by name, those of its tables among them."""
    if function in seen:
        return seen
    seen.append(function)
    for node in ast.walk(tree_of(function)):
        used = names_of(function).get(node.id) if isinstance(node, ast.Name) else None
        for one in used.values() if isinstance(used, Mapping) else (used,):
            if is_of_domain(one):
                reached(one, seen)
    return seen


def is_of_domain(one: Any) -> TypeGuard[Callable[..., Any]]:
    """Is it a function of the rules? An expression without a name refuses nothing."""
    is_named = inspect.isfunction(one) and one.__name__ != "<lambda>"
    return is_named and one.__module__.startswith(DOMAIN)


def said_in(function: Callable[..., Any]) -> Iterator[str]:
    """The sentences of a function's own refusals."""
    for node in ast.walk(tree_of(function)):
        if isinstance(node, ast.Raise):
            yield from raised(node, names_of(function))
        elif is_told_of(node):
            yield from written(node, names_of(function))


def is_told_of(node: ast.AST) -> bool:
    """Does the sentence of a refusal stand here, though it is raised elsewhere?"""
    match node:
        case ast.Assign(targets=[ast.Name(id="detail")]) | ast.Yield():
            return True
        case ast.Call(func=ast.Name(id="FieldError")):
            return True
    return False


def raised(node: ast.Raise, names: dict[str, Any]) -> Iterator[str]:
    """What a refusal says: the sentence it is given, else its own."""
    given = list(written(node, names))
    error = node.exc.func if isinstance(node.exc, ast.Call) else node.exc
    kind = names.get(error.id) if isinstance(error, ast.Name) else None
    says_more = isinstance(kind, type) and issubclass(kind, Refused) and kind is not NotYet
    if not given and says_more:
        given = [kind.__doc__ or ""]
    yield from given


def written(node: ast.AST, names: dict[str, Any]) -> Iterator[str]:
    """The sentences for people beneath a node: written there, or by the name of a constant."""
    inside: set[ast.AST] = set()
    for part in ast.walk(node):
        text: object = None
        match part:
            case ast.JoinedStr():
                inside.update(ast.walk(part))
                text = joined(part, names)
            case ast.Constant() if part not in inside:
                text = part.value
            case ast.Name():
                text = names.get(part.id)
        if isinstance(text, str) and CHINESE.search(text):
            yield text


def joined(node: ast.JoinedStr, names: dict[str, Any]) -> str:
    """A sentence with constants in it; empty when something in it is known only at the time."""
    pieces: list[str] = []
    for value in node.values:
        match value:
            case ast.Constant():
                pieces.append(str(value.value))
            case ast.FormattedValue(value=ast.Name(id=name)) if name in names:
                pieces.append(str(names[name]))
            case _:
                return ""
    return "".join(pieces)


def tree_of(function: Callable[..., Any]) -> ast.AST:
    """A function's code."""
    return ast.parse(textwrap.dedent(inspect.getsource(function)))


def names_of(function: Callable[..., Any]) -> dict[str, Any]:
    """What the names in its module mean."""
    return vars(sys.modules[function.__module__])
