from typing import Any

import marshmallow as ma
from apispec import APISpec
from flask import Flask
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import HTTPException
from werkzeug.routing import BaseConverter

from flask_smorest.blueprint import Blueprint as Blueprint

class Api:
    DEFAULT_ERROR_RESPONSE_NAME: str | None
    DEFAULT_REQUEST_BODY_CONTENT_TYPE: str
    DEFAULT_RESPONSE_CONTENT_TYPE: str
    ERROR_SCHEMA: type[ma.Schema]
    spec: APISpec
    def __init__(
        self,
        app: Flask | None = None,
        *,
        spec_kwargs: dict[str, Any] | None = None,
        config_prefix: str = "",
    ) -> None: ...
    def init_app(self, app: Flask, *, spec_kwargs: dict[str, Any] | None = None) -> None: ...
    def register_blueprint(
        self, blp: Blueprint, *, parameters: list[dict[str, Any] | str] | None = None, **options: Any
    ) -> None: ...
    def register_converter(self, converter: type[BaseConverter], func: Any) -> None: ...
    def register_field(self, field: type[ma.fields.Field[Any]], *args: Any) -> None: ...
    def handle_http_exception(self, error: HTTPException) -> ResponseReturnValue: ...

def abort(
    http_status_code: int, exc: Exception | None = None, **kwargs: Any
) -> Any: ...  # NoReturn would make callers' fallbacks unreachable
