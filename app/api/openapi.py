"""The OpenAPI document: OpenAPI 3.1, made from the code."""

from typing import Any

OPENAPI: dict[str, Any] = {
    "API_TITLE": "企业管家 API",
    "API_VERSION": "1.0.0",
    "OPENAPI_VERSION": "3.1.0",
    "OPENAPI_URL_PREFIX": "/api",
    "OPENAPI_JSON_PATH": "openapi.json",
    "API_SPEC_OPTIONS": {
        "info": {
            "description": "每个企业有一名管家；诉求依次受理、协调、办理、反馈、回访、评价。",
            "license": {"name": "MIT", "identifier": "MIT"},
        },
        "components": {
            "securitySchemes": {"token": {"type": "http", "scheme": "bearer"}},
        },
        "security": [{"token": []}],
    },
}
