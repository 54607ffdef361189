"""The blueprint of every resource: strict arguments, and marks that say what a view takes."""

from collections.abc import Callable
from typing import Any, TypeVar

from flask_smorest import Blueprint
from marshmallow import Schema

from app.api.marks import View, mark, marks_of
from app.api.parser import MULTIPART, PARSER
from app.api.schemas.examples import EXAMPLES

Answer = TypeVar("Answer")


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
        taking = super().arguments(schema, location=location, **options)

        def decorate(view: Callable[..., Answer]) -> Callable[..., Answer]:
            return mark(taking(view), takes=marks_of(view).takes | {location})

        return decorate

    @staticmethod
    def reads_raw(view: View) -> View:
        """The view itself judges the query and the body, of whatever type, as they were sent."""
        return mark(view, reads_raw=True)

    @staticmethod
    def takes_membership(view: View) -> View:
        """The view shows which membership is in use (`gate.membership`)."""
        return mark(view, takes_membership=True)

    @staticmethod
    def may_answer(*problems: int) -> Callable[[View], View]:
        """Document problems of a view that its other decorators do not tell."""

        def decorate(view: View) -> View:
            return mark(view, problems=marks_of(view).problems | set(problems))

        return decorate


def resource(name: str, description: str, prefix: str = "/api/v1") -> Resource:
    """A blueprint under `prefix`, tagged `name`."""
    return Resource(name, name, url_prefix=prefix, description=description)
