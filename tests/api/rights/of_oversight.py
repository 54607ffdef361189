"""Figures, exports and logs."""

from collections.abc import Mapping

from app.api.schemas.examples import EXAMPLES
from app.api.schemas.legal_holds import HoldBody
from tests.api.rights.row import ALIKE, FINE, WRONG_INPUT, Row

ROWS: Mapping[tuple[str, str], Row] = {
    ("GET", "/reports/closure"): Row(query="?from=2026-01-01&to=2026-06-30", foreign=FINE),
    ("GET", "/audit-entries"): ALIKE,
    ("GET", "/audit-entries/{entry_id}"): ALIKE,
    ("GET", "/audit-seals"): ALIKE,
    ("GET", "/legal-holds"): ALIKE,
    ("POST", "/legal-holds"): Row(body=EXAMPLES[HoldBody], own=WRONG_INPUT, foreign=WRONG_INPUT),
    ("POST", "/legal-holds/{hold_id}/lifting"): ALIKE,
}
