"""Cards, supervision orders, letters, entries for the bulletin."""

from collections.abc import Mapping

from app.api.schemas import supervision
from app.api.schemas.examples import EXAMPLES
from tests.api.rights.row import ALIKE, FINE, NOT_IN_REACH, OBJECT, WRONG_INPUT, Row

FORBIDDEN_NOW = frozenset({409})
"""The state of what the world holds lets only one of the deeds through."""


def _deed(schema: type, own: frozenset[int] = FINE) -> Row:
    return Row(body=EXAMPLES[schema], own=own)


ROWS: Mapping[tuple[str, str], Row] = {
    ("GET", "/cards"): ALIKE,
    ("POST", "/cards/{card_id}/explanation"): _deed(supervision.CardExplanation),
    ("POST", "/cards/{card_id}/appeal"): _deed(supervision.CardAppeal),
    ("POST", "/cards/{card_id}/ruling"): _deed(supervision.CardRuling, FORBIDDEN_NOW),
    ("GET", "/supervision-orders"): ALIKE,
    ("POST", "/supervision-orders"): Row(
        body={**EXAMPLES[supervision.OrderProposal], "ticket_number": "AS20000101-000001"},
        own=NOT_IN_REACH,
    ),
    ("GET", "/supervision-orders/{order_id}"): OBJECT,
    ("POST", "/supervision-orders/{order_id}/issue"): _deed(supervision.OrderIssue, FORBIDDEN_NOW),
    ("POST", "/supervision-orders/{order_id}/reply"): _deed(supervision.OrderReply),
    ("POST", "/supervision-orders/{order_id}/return-request"): _deed(supervision.OrderReturn),
    ("POST", "/supervision-orders/{order_id}/ruling"): _deed(
        supervision.OrderRuling, FORBIDDEN_NOW
    ),
    ("POST", "/supervision-orders/{order_id}/review"): _deed(
        supervision.OrderRuling, FORBIDDEN_NOW
    ),
    ("POST", "/supervision-orders/{order_id}/closure"): _deed(supervision.PaperClosure),
    ("GET", "/letters"): ALIKE,
    ("POST", "/letters"): Row(
        body=EXAMPLES[supervision.LetterBody], own=WRONG_INPUT, foreign=WRONG_INPUT
    ),
    ("GET", "/letters/{letter_id}"): OBJECT,
    ("POST", "/letters/{letter_id}/sending"): _deed(supervision.LetterSending, FORBIDDEN_NOW),
    ("POST", "/letters/{letter_id}/reply"): _deed(supervision.LetterReply),
    ("POST", "/letters/{letter_id}/closure"): _deed(supervision.PaperClosure, FORBIDDEN_NOW),
    ("GET", "/bulletin-entries"): ALIKE,
}
