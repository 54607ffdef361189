"""联系: what counts as contact between a housekeeper and an enterprise, in one place.

Source: 有效互动 of the domain, section 3: a named person on each side, and something came of it.
Of what is stored, that is what a housekeeper or stand-in did on a ticket after speaking with the
enterprise. Messages, and a phone number that was verified, are no contact: nobody spoke.
"""

from app.domain.actor import Role
from app.domain.permission_names import Permission

CONTACT_ACTIONS = (Permission.FIRST_CONTACT, Permission.SUBMIT, Permission.ANSWER_DIRECTLY)
"""首次联系, a request taken down on the enterprise's behalf, an answer to its face."""

CONTACT_ROLES = (Role.HOUSEKEEPER, Role.DEPUTY_HOUSEKEEPER)
"""Whoever was paired at that time: what the predecessor did was contact too."""
