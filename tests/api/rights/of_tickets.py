"""Tickets, their parts, and the messages about them."""

from collections.abc import Mapping
from dataclasses import replace

from app.api.schemas import merging
from app.api.schemas.actions import (
    acceptance,
    aftercare,
    commenting,
    coordination,
    deferral,
    delays,
    handling,
    intake,
    judging,
    progress,
    purging,
    rectification,
    retarget,
    returning,
    rework,
    tiers,
    urging,
)
from app.api.schemas.bulk import BulkBody
from app.api.schemas.content_checks import ContentAppealBody, ContentRulingBody
from app.api.schemas.examples import EXAMPLES
from app.api.schemas.phone_tasks import CallBody
from app.api.schemas.reveals import RevealReason
from app.domain.actor import Role
from app.domain.permissions import Permission
from tests.api.rights.row import ALIKE, FINE, OBJECT, WRONG_INPUT, Row, action

SUPERVISORS = frozenset({Role.SUPERVISOR, Role.LAY_SUPERVISOR})
"""They dispatch from the third round on, and accept nothing."""

ROWS: Mapping[tuple[str, str], Row] = {
    ("GET", "/deliveries"): ALIKE,
    ("POST", "/deliveries/{delivery_id}/resend"): Row(own=FINE | {409}),
    ("GET", "/content-checks"): ALIKE,
    ("POST", "/content-checks/{check_id}/ruling"): Row(body=EXAMPLES[ContentRulingBody]),
    ("GET", "/me/content-checks"): ALIKE,
    ("POST", "/me/content-checks/{check_id}/appeal"): Row(body=EXAMPLES[ContentAppealBody]),
    ("GET", "/phone-tasks"): ALIKE,
    ("GET", "/unreachable-recipients"): ALIKE,
    ("POST", "/phone-tasks/{phone_task_id}/claim"): Row(own=FINE | {409}),
    ("POST", "/phone-tasks/{phone_task_id}/reveal"): Row(
        body=EXAMPLES[RevealReason], own=FINE | {409}
    ),
    ("POST", "/phone-tasks/{phone_task_id}/calls"): Row(body=EXAMPLES[CallBody], own=FINE | {409}),
    ("POST", "/tickets"): Row(body=EXAMPLES[intake.SubmissionBody], foreign=WRONG_INPUT),
    ("GET", "/tickets"): ALIKE,
    ("POST", "/tickets/bulk"): Row(body=EXAMPLES[BulkBody], foreign=FINE, forbidden_to=SUPERVISORS),
    ("GET", "/tickets/{number}"): OBJECT,
    ("GET", "/tickets/{number}/events"): OBJECT,
    ("GET", "/tickets/{number}/deadline"): OBJECT,
    ("POST", "/tickets/{number}/first-contact"): action("submitted", acceptance.FirstContactBody),
    ("POST", "/tickets/{number}/first-contact/confirmation"): action(
        "submitted", acceptance.ContactConfirmationBody
    ),
    ("POST", "/tickets/{number}/acceptance"): action("submitted", acceptance.AcceptanceBody),
    ("POST", "/tickets/{number}/refusal"): action("submitted", acceptance.RefusalBody),
    ("POST", "/tickets/{number}/refusal/approval"): action(
        "submitted", acceptance.RefusalRulingBody
    ),
    ("POST", "/tickets/{number}/supplement-request"): action(
        "submitted", acceptance.SupplementNoticeBody
    ),
    ("POST", "/tickets/{number}/supplement"): action("supplementing", acceptance.SupplementBody),
    ("POST", "/tickets/{number}/withdrawal"): action("accepted", acceptance.WithdrawalBody),
    ("POST", "/tickets/{number}/urge"): action("handling", urging.UrgeBody),
    ("POST", "/tickets/{number}/comments"): Row(
        "handling", body=EXAMPLES[commenting.CommentBody], own=FINE
    ),
    ("POST", "/tickets/{number}/deferred-material"): action(
        "accepted", deferral.DeferredMaterialBody
    ),
    ("POST", "/tickets/{number}/deferral-failure"): action(
        "accepted", deferral.DeferralFailureBody
    ),
    ("POST", "/tickets/{number}/transfer"): action("accepted", coordination.TransferOutBody),
    ("POST", "/tickets/{number}/dispatch"): replace(
        action("accepted", coordination.DispatchBody), forbidden_to=SUPERVISORS
    ),
    ("POST", "/tickets/{number}/retarget"): action("handling", retarget.RetargetBody),
    ("POST", "/tickets/{number}/feedback"): action("accepted", handling.AnswerBody),
    ("POST", "/tickets/{number}/feedback/receipt"): action("feedback", aftercare.ReceiptBody),
    ("POST", "/tickets/{number}/revisit"): action("revisiting", aftercare.RevisitBody),
    ("POST", "/tickets/{number}/evaluation"): action("evaluating", aftercare.RatingBody),
    ("POST", "/tickets/{number}/escalation"): action("handling", tiers.EscalationBody),
    ("POST", "/tickets/{number}/joint-meeting"): action("handling", tiers.JointMeetingBody),
    ("POST", "/tickets/{number}/joint-meeting/conclusion"): action(
        "handling", tiers.MeetingConclusionBody
    ),
    ("POST", "/tickets/{number}/joint-meeting/task-completion"): action(
        "handling", tiers.TaskDoneBody
    ),
    ("POST", "/tickets/{number}/tracking/review"): action("handling", tiers.TrackingReviewBody),
    ("POST", "/tickets/{number}/tracking"): action("handling", tiers.TrackingBody),
    ("POST", "/tickets/{number}/tracking/end"): action("handling", tiers.TrackingEndBody),
    ("POST", "/tickets/{number}/consultation"): action("accepted", returning.ConveningBody),
    ("POST", "/tickets/{number}/consultation/conclusion"): action(
        "accepted", returning.ConclusionBody
    ),
    ("GET", "/tickets/{number}/dispatch-suggestions"): Row("accepted", reach=Permission.DISPATCH),
    ("POST", "/tickets/{number}/resubmission"): Row("supplementing", own=frozenset({409})),
    ("POST", "/assignments/{assignment_id}/extension-request"): action(
        "handling", delays.ExtensionBody
    ),
    ("POST", "/assignments/{assignment_id}/extension-request/consent"): action(
        "handling", delays.RulingBody
    ),
    ("POST", "/tickets/{number}/extension-request/approval"): action("handling", delays.RulingBody),
    ("POST", "/tickets/{number}/suspension"): action("handling", delays.SuspensionBody),
    ("POST", "/tickets/{number}/suspension/approval"): action("handling", delays.RulingBody),
    ("POST", "/tickets/{number}/resumption"): action("handling", delays.ResumptionBody),
    ("POST", "/tickets/{number}/progress"): action("handling", progress.ProgressBody),
    ("POST", "/tickets/{number}/unreasonable-finding"): action(
        "handling", judging.UnreasonableBody
    ),
    ("POST", "/tickets/{number}/unreasonable-finding/approval"): action(
        "handling", delays.RulingBody
    ),
    ("POST", "/tickets/{number}/withdrawal/check"): action("revisiting", judging.PressureCheckBody),
    ("POST", "/tickets/{number}/purge-request"): action("revisiting", purging.PurgeBody),
    ("POST", "/tickets/{number}/purge-request/ruling"): action("revisiting", delays.RulingBody),
    ("POST", "/tickets/{number}/objection"): action("evaluating", rework.ObjectionBody),
    ("POST", "/tickets/{number}/rework"): action("evaluating", rework.ReworkBody),
    ("POST", "/tickets/{number}/review-contact"): action(
        "revisiting", rectification.ReviewContactBody
    ),
    ("POST", "/tickets/{number}/review-verification"): action(
        "revisiting", rectification.ReviewVerdictBody
    ),
    ("POST", "/tickets/{number}/review-verification/ruling"): action(
        "evaluating", rectification.SetAsideBody
    ),
    ("POST", "/tickets/{number}/closure"): action("evaluating", rectification.TicketClosureBody),
    ("GET", "/tickets/{number}/duplicates"): OBJECT,
    ("POST", "/tickets/{number}/merge"): action("accepted", merging.MergeBody),
    ("POST", "/tickets/{number}/unmerge"): action("accepted", merging.UnmergeBody),
    ("GET", "/assignments"): ALIKE,
    ("POST", "/assignments/{assignment_id}/return-request"): action(
        "handling", returning.ReturnRequestBody
    ),
    ("POST", "/assignments/{assignment_id}/return-request/consent"): action(
        "handling", returning.ReturnConsentBody
    ),
    ("POST", "/assignments/{assignment_id}/ruling"): action("handling", returning.ReturnRulingBody),
    ("POST", "/assignments/{assignment_id}/receipt"): action("handling", handling.SignForBody),
    ("POST", "/assignments/{assignment_id}/opinion"): action("handling", handling.OpinionBody),
    ("POST", "/assignments/{assignment_id}/reply"): action("handling", handling.AnswerBody),
    ("POST", "/assignments/{assignment_id}/countersignature"): action(
        "handling", handling.CountersignatureBody
    ),
    ("POST", "/assignments/{assignment_id}/approval"): action("handling", handling.ApprovalBody),
    ("POST", "/attachments"): Row(own=WRONG_INPUT, foreign=WRONG_INPUT),
    ("GET", "/attachments/{attachment_id}"): Row(reach=Permission.READ_TICKETS),
}
