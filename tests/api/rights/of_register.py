"""企业登记: areas, organisations, enterprises, housekeepers, pairings, imports."""

from collections.abc import Mapping

from tests.api.rights.row import ALIKE, FINE, OBJECT, WRONG_INPUT, Row

ROWS: Mapping[tuple[str, str], Row] = {
    ("GET", "/areas"): ALIKE,
    ("GET", "/categories"): ALIKE,
    ("GET", "/calendar/days"): Row(query="?from=2026-06-01&to=2026-06-02", foreign=FINE),
    ("GET", "/organisations"): ALIKE,
    ("GET", "/organisations/{organisation_id}"): ALIKE,
    ("GET", "/enterprises"): ALIKE,
    ("GET", "/enterprises/{enterprise_id}"): OBJECT,
    ("GET", "/enterprises/{enterprise_id}/pairings"): OBJECT,
    ("GET", "/housekeepers"): ALIKE,
    ("GET", "/housekeepers/{housekeeper_id}"): OBJECT,
    ("GET", "/housekeepers/{housekeeper_id}/load"): OBJECT,
    ("POST", "/imports"): Row(own=WRONG_INPUT, foreign=WRONG_INPUT),
    ("GET", "/imports/{batch_id}"): OBJECT,
    ("GET", "/imports/{batch_id}/rows"): OBJECT,
    ("GET", "/imports/{batch_id}/errors.xlsx"): Row(own=FINE | {409}),
}
