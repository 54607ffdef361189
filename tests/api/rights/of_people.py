"""One's own things, accounts and roles."""

from collections.abc import Mapping

from app.api.schemas.examples import EXAMPLES
from app.api.schemas.subscriptions import PopupBody
from tests.api.rights.row import ALIKE, OBJECT, UNBOUND, Row

ROWS: Mapping[tuple[str, str], Row] = {
    ("GET", "/me/messages"): ALIKE,
    ("GET", "/me/messages/unread-count"): ALIKE,
    ("POST", "/me/messages/{message_id}/read"): OBJECT,
    ("GET", "/me/subscriptions"): ALIKE,
    ("POST", "/me/subscriptions"): Row(body=EXAMPLES[PopupBody], own=UNBOUND, foreign=UNBOUND),
}
