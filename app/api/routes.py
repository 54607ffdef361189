"""Every resource of the API, in the order of the document."""

from app.api import assignments, imports, session, testing, ticket_actions, tickets

RESOURCES = (
    session.blueprint,
    tickets.blueprint,
    ticket_actions.blueprint,
    assignments.blueprint,
    imports.blueprint,
)

TESTING_RESOURCES = (testing.blueprint,)
"""Exist outside production only, when the settings ask for the demo."""
