"""Every resource of the API, in the order of the document."""

from app.api import imports, session, testing

RESOURCES = (session.blueprint, imports.blueprint)

TESTING_RESOURCES = (testing.blueprint,)
"""Exist outside production only, when the settings ask for the demo."""
