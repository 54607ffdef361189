"""What WeChat told by itself, and what people wrote to the service there."""

from collections.abc import Mapping

from app.api.schemas.actions.intake import SubmissionBody
from app.api.schemas.examples import EXAMPLES
from app.api.schemas.pushes import ServiceMessageNote
from tests.api.rights.row import ALIKE, FINE, OBJECT, WRONG_INPUT, Row

SETTLED = frozenset({409})
"""Everybody of the role sees it, and the first has settled it."""

ROWS: Mapping[tuple[str, str], Row] = {
    ("GET", "/me/ticket-drafts"): ALIKE,
    ("POST", "/me/ticket-drafts/{draft_id}/submission"): Row(
        body=EXAMPLES[SubmissionBody], own=FINE | WRONG_INPUT
    ),
    ("POST", "/me/ticket-drafts/{draft_id}/discarding"): OBJECT,
    ("GET", "/service-messages"): ALIKE,
    ("POST", "/service-messages/{service_message_id}/settlement"): Row(
        body=EXAMPLES[ServiceMessageNote], foreign=SETTLED
    ),
    ("GET", "/wechat-pushes"): ALIKE,
    ("POST", "/wechat-pushes/{push_id}/retry"): Row(foreign=SETTLED),
}
