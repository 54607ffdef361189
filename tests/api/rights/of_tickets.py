"""Tickets, their parts, and the messages about them."""

from collections.abc import Mapping

from app.api.schemas import actions
from app.api.schemas.examples import EXAMPLES
from app.domain.permissions import Permission
from tests.api.rights.row import ALIKE, FINE, OBJECT, WRONG_INPUT, Row, action

ROWS: Mapping[tuple[str, str], Row] = {
    ("GET", "/deliveries"): ALIKE,
    ("POST", "/deliveries/{delivery_id}/resend"): Row(own=FINE | {409}),
    ("POST", "/tickets"): Row(body=EXAMPLES[actions.SubmissionBody], foreign=WRONG_INPUT),
    ("GET", "/tickets"): ALIKE,
    ("GET", "/tickets/{number}"): OBJECT,
    ("GET", "/tickets/{number}/events"): OBJECT,
    ("GET", "/tickets/{number}/deadline"): OBJECT,
    ("POST", "/tickets/{number}/first-contact"): action("submitted", actions.FirstContactBody),
    ("POST", "/tickets/{number}/acceptance"): action("submitted", actions.AcceptanceBody),
    ("POST", "/tickets/{number}/refusal"): action("submitted", actions.RefusalBody),
    ("POST", "/tickets/{number}/refusal/approval"): action("submitted", actions.RefusalRulingBody),
    ("POST", "/tickets/{number}/supplement-request"): action(
        "submitted", actions.SupplementNoticeBody
    ),
    ("POST", "/tickets/{number}/supplement"): action("supplementing", actions.SupplementBody),
    ("POST", "/tickets/{number}/withdrawal"): action("accepted", actions.WithdrawalBody),
    ("POST", "/tickets/{number}/dispatch"): action("accepted", actions.DispatchBody),
    ("POST", "/tickets/{number}/feedback"): action("accepted", actions.AnswerBody),
    ("POST", "/tickets/{number}/feedback/receipt"): action("feedback", actions.ReceiptBody),
    ("POST", "/tickets/{number}/revisit"): action("revisiting", actions.RevisitBody),
    ("POST", "/tickets/{number}/evaluation"): action("evaluating", actions.RatingBody),
    ("GET", "/assignments"): ALIKE,
    ("POST", "/assignments/{assignment_id}/receipt"): action("handling", actions.SignForBody),
    ("POST", "/assignments/{assignment_id}/opinion"): action("handling", actions.OpinionBody),
    ("POST", "/assignments/{assignment_id}/reply"): action("handling", actions.AnswerBody),
    ("POST", "/assignments/{assignment_id}/approval"): action("handling", actions.ApprovalBody),
    ("POST", "/attachments"): Row(own=WRONG_INPUT, foreign=WRONG_INPUT),
    ("GET", "/attachments/{attachment_id}"): Row(reach=Permission.READ_TICKETS),
}
