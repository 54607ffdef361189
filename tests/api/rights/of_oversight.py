"""Figures, exports and logs."""

from collections.abc import Mapping

from tests.api.rights.row import ALIKE, FINE, Row

ROWS: Mapping[tuple[str, str], Row] = {
    ("GET", "/reports/closure"): Row(query="?from=2026-01-01&to=2026-06-30", foreign=FINE),
    ("GET", "/audit-entries"): ALIKE,
    ("GET", "/audit-entries/{entry_id}"): ALIKE,
    ("GET", "/audit-seals"): ALIKE,
}
