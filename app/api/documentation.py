"""/api/docs: the OpenAPI document as a page, with no outside download."""

from pathlib import Path

import flask_swagger_ui
from flask import Blueprint, Response, send_from_directory

from app.api import gate

blueprint = Blueprint("documentation", __name__)

ASSETS = Path(flask_swagger_ui.__file__).parent / "dist"

PAGE = """<!doctype html>
<html lang="zh-CN">
<head>
<meta charset="utf-8"><title>企业管家 API</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<link rel="stylesheet" href="/api/docs/assets/swagger-ui.css">
</head>
<body>
<div id="swagger-ui"></div>
<script src="/api/docs/assets/swagger-ui-bundle.js"></script>
<script src="/api/docs/start.js"></script>
</body>
</html>
"""
START = 'SwaggerUIBundle({url: "/api/openapi.json", dom_id: "#swagger-ui", validatorUrl: null});'


@blueprint.get("/api/docs")
@gate.public
def page() -> Response:
    """The readable page."""
    made = Response(PAGE, mimetype="text/html")
    made.headers["Content-Security-Policy"] = (
        "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:"
    )
    return made


@blueprint.get("/api/docs/start.js")
@gate.public
def start() -> Response:
    """What starts the page, apart from it so that inline scripts stay forbidden."""
    return Response(START, mimetype="text/javascript")


@blueprint.get("/api/docs/assets/<path:name>")
@gate.public
def asset(name: str) -> Response:
    """A file of the page's own, shipped with the product."""
    return send_from_directory(ASSETS, name)
