"""Figures, exports and logs."""

from collections.abc import Mapping

from app.api.schemas.examples import EXAMPLES
from app.api.schemas.exports import ExportBody, ExportRuling
from app.api.schemas.inspections import InspectionBody
from app.api.schemas.jobs import JobReason, PauseBody
from app.api.schemas.legal_holds import HoldBody
from app.api.schemas.reveals import ContactReveal, RevealReason
from tests.api.rights.row import ALIKE, FINE, OBJECT, WRONG_INPUT, Row

NO_FILE_YET = frozenset({409})
NOT_PAUSED = FINE | {409}

ROWS: Mapping[tuple[str, str], Row] = {
    ("GET", "/reports/closure"): Row(query="?from=2026-01-01&to=2026-06-30", foreign=FINE),
    ("GET", "/audit-entries"): ALIKE,
    ("GET", "/audit-entries/{entry_id}"): ALIKE,
    ("GET", "/audit-seals"): ALIKE,
    ("GET", "/legal-holds"): ALIKE,
    ("POST", "/legal-holds"): Row(body=EXAMPLES[HoldBody], own=WRONG_INPUT, foreign=WRONG_INPUT),
    ("POST", "/legal-holds/{hold_id}/lifting"): Row(foreign=frozenset({409})),
    ("GET", "/message-templates"): ALIKE,
    ("POST", "/message-templates/{kind}/preview"): ALIKE,
    ("GET", "/jobs"): ALIKE,
    ("GET", "/jobs/{job_name}/runs"): ALIKE,
    ("POST", "/jobs/{job_name}/run"): Row(body=EXAMPLES[JobReason], foreign=FINE | {409}),
    ("POST", "/jobs/{job_name}/pause"): Row(body=EXAMPLES[PauseBody], foreign=FINE | {409}),
    ("POST", "/jobs/{job_name}/resume"): Row(
        body=EXAMPLES[JobReason], own=NOT_PAUSED, foreign=NOT_PAUSED
    ),
    ("POST", "/enterprises/{enterprise_id}/reveal"): Row(body=EXAMPLES[ContactReveal]),
    ("POST", "/housekeepers/{housekeeper_id}/reveal"): Row(body=EXAMPLES[RevealReason]),
    ("POST", "/tickets/{number}/inspection"): Row(body=EXAMPLES[InspectionBody]),
    ("POST", "/tickets/{number}/reveal"): Row(body=EXAMPLES[RevealReason]),
    ("GET", "/enterprises/{enterprise_id}/disclosures"): OBJECT,
    ("POST", "/exports"): Row(body=EXAMPLES[ExportBody], own=FINE | {403}, foreign=FINE | {403}),
    ("GET", "/exports"): ALIKE,
    ("GET", "/exports/{export_id}"): OBJECT,
    ("POST", "/exports/{export_id}/approval"): Row(body=EXAMPLES[ExportRuling]),
    ("POST", "/exports/{export_id}/link"): Row(own=NO_FILE_YET),
    ("GET", "/exports/{export_id}/file"): Row(
        query=f"?expires=1&signature={'0' * 64}", own=NO_FILE_YET
    ),
}
