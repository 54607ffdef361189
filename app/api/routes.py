"""Every resource of the API, in the order of the document."""

from app.api import (
    areas,
    assignments,
    attachments,
    calendar,
    categories,
    deadlines,
    deliveries,
    enterprises,
    health,
    housekeepers,
    imports,
    inbox,
    metrics,
    organisations,
    reports,
    session,
    subscriptions,
    testing,
    ticket_actions,
    tickets,
    wechat_callback,
    wechat_session,
)

RESOURCES = (
    session.blueprint,
    wechat_session.blueprint,
    inbox.blueprint,
    deliveries.blueprint,
    subscriptions.blueprint,
    tickets.blueprint,
    ticket_actions.blueprint,
    deadlines.blueprint,
    assignments.blueprint,
    attachments.blueprint,
    areas.blueprint,
    categories.blueprint,
    calendar.blueprint,
    organisations.blueprint,
    enterprises.blueprint,
    housekeepers.blueprint,
    reports.blueprint,
    imports.blueprint,
    wechat_callback.blueprint,
    health.blueprint,
    metrics.blueprint,
)

TESTING_RESOURCES = (testing.blueprint,)
"""Exist outside production only, when the settings ask for the demo."""
