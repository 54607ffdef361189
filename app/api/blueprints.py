"""The blueprint of every resource: strict arguments, problems documented."""

from flask_smorest import Blueprint
from marshmallow import RAISE
from webargs.flaskparser import FlaskParser


class StrictParser(FlaskParser):
    """Refuses what it does not know, in the query as in the body."""

    DEFAULT_UNKNOWN_BY_LOCATION = dict.fromkeys(
        ("json", "query", "form", "files", "headers"), RAISE
    ) | {"headers": None, "files": None}


class Resource(Blueprint):
    """One resource of the API, one file."""

    ARGUMENTS_PARSER = StrictParser()


def resource(name: str, description: str) -> Resource:
    """A blueprint under /api/v1, tagged `name`."""
    return Resource(name, name, url_prefix="/api/v1", description=description)
