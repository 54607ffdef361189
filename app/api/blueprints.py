"""The blueprint of every resource: strict arguments, and marks that say what a view takes."""

from collections.abc import Callable
from typing import Any, TypeVar

from flask import current_app, request
from flask_smorest import Blueprint
from marshmallow import Schema

from app.api.marks import Marks, View, mark, marks_of
from app.api.parser import MULTIPART, PARSER
from app.api.schemas.examples import EXAMPLES

Answer = TypeVar("Answer")

MARKS = "guanjia.marks"


class Resource(Blueprint):
    """One resource of the API, one file."""

    ARGUMENTS_PARSER = PARSER
    DEFAULT_LOCATION_CONTENT_TYPE_MAPPING = {  # noqa: RUF012  # declared by flask-smorest
        **Blueprint.DEFAULT_LOCATION_CONTENT_TYPE_MAPPING,
        MULTIPART: "multipart/form-data",
    }

    def arguments(
        self, schema: type[Schema], *, location: str = "json", **options: Any
    ) -> Callable[[Callable[..., Answer]], Callable[..., Answer]]:
        """The view's first argument is loaded by `schema` from json, query or multipart."""
        if schema in EXAMPLES:
            options["example"] = EXAMPLES[schema]
        # A body in which nothing has to stand may as well be missing.
        options["required"] = any(field.required for field in schema().fields.values())
        taking = super().arguments(schema, location=location, **options)

        def decorate(view: Callable[..., Answer]) -> Callable[..., Answer]:
            return mark(taking(view), takes=marks_of(view).takes | {location})

        return decorate

    def response(
        self, status_code: int, schema: Any = None, *, content_type: str | None = None, **told: Any
    ) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
        """What the view answers; text and files too have a content in the document."""
        if schema is None and content_type:
            schema = {"type": "string"} if content_type.startswith("text/") else {}
        return super().response(status_code, schema, content_type=content_type, **told)

    @staticmethod
    def reads_raw(view: View) -> View:
        """The view itself judges the query and the body, of whatever type, as they were sent."""
        return mark(view, reads_raw=True)

    @staticmethod
    def takes_membership(view: View) -> View:
        """The view shows which membership is in use (`gate.membership`)."""
        return mark(view, takes_membership=True)

    @staticmethod
    def unlimited(view: View) -> View:
        """The view is asked by machines as often as they like: it counts for no rate limit."""
        return mark(view, is_unlimited=True)

    @staticmethod
    def may_answer(*problems: int) -> Callable[[View], View]:
        """Document problems of a view that its other decorators do not tell."""

        def decorate(view: View) -> View:
            return mark(view, problems=marks_of(view).problems | set(problems))

        return decorate


def resource(name: str, description: str, prefix: str = "/api/v1") -> Resource:
    """A blueprint under `prefix`, tagged `name`."""
    return Resource(name, name, url_prefix=prefix, description=description)


def asked_marks() -> Marks | None:
    """What the view says that this request goes to; None where it goes to no resource."""
    known: dict[str | None, Marks | None] = current_app.extensions.setdefault(MARKS, {})
    endpoint = request.endpoint
    if endpoint not in known:
        known[endpoint] = _marks_at(endpoint)
    return known[endpoint]


def _marks_at(endpoint: str | None) -> Marks | None:
    if endpoint is None:
        return None
    is_ours = isinstance(current_app.blueprints.get(endpoint.rpartition(".")[0]), Resource)
    return marks_of(current_app.view_functions[endpoint]) if is_ours else None
