from collections.abc import Callable, Iterable
from typing import Any, TypeVar

import flask
import marshmallow as ma
from webargs.flaskparser import FlaskParser

_F = TypeVar("_F", bound=Callable[..., Any])
_R = TypeVar("_R")
_Schema = ma.Schema | type[ma.Schema]

class Blueprint(flask.Blueprint):
    ARGUMENTS_PARSER: FlaskParser
    DEFAULT_LOCATION_CONTENT_TYPE_MAPPING: dict[str, str]
    HTTP_METHODS: list[str]
    description: str
    def __init__(self, name: str, import_name: str, *, description: str = "", **kwargs: Any) -> None: ...
    def route(
        self,
        rule: str,
        *,
        parameters: list[dict[str, Any] | str] | None = None,
        tags: Iterable[str] | None = None,
        **options: Any,
    ) -> Callable[[_F], _F]: ...
    def arguments(
        self, schema: type[ma.Schema], *, location: str = "json", **kwargs: Any
    ) -> Callable[[Callable[..., _R]], Callable[..., _R]]: ...
    def response(
        self,
        status_code: int,
        schema: _Schema | str | dict[str, Any] | None = None,
        *,
        content_type: str | None = None,
        description: str | None = None,
        example: Any = None,
        examples: Any = None,
        headers: dict[str, Any] | None = None,
    ) -> Callable[[Callable[..., Any]], Callable[..., Any]]: ...
    def alt_response(
        self,
        status_code: int,
        response: str | None = None,
        *,
        schema: _Schema | str | dict[str, Any] | None = None,
        content_type: str | None = None,
        description: str | None = None,
        example: Any = None,
        examples: Any = None,
        headers: dict[str, Any] | None = None,
        success: bool = False,
    ) -> Callable[[_F], _F]: ...
    @staticmethod
    def doc(**kwargs: Any) -> Callable[[_F], _F]: ...
