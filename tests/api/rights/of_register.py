"""企业登记: areas, organisations, enterprises, housekeepers, pairings, imports."""

from collections.abc import Mapping

from app.api.schemas import pairings
from app.api.schemas.areas import ZoneBody
from app.api.schemas.examples import EXAMPLES
from app.api.schemas.organisations import OrganisationBody, OrganisationChanges
from tests.api.rights.row import ALIKE, FINE, OBJECT, WRONG_INPUT, Row

IN_USE = frozenset({409})

ROWS: Mapping[tuple[str, str], Row] = {
    ("GET", "/areas"): ALIKE,
    ("POST", "/areas"): Row(body=EXAMPLES[ZoneBody], foreign=FINE | {409}),
    ("GET", "/categories"): ALIKE,
    ("GET", "/calendar/days"): Row(query="?from=2026-06-01&to=2026-06-02", foreign=FINE),
    ("GET", "/organisations"): ALIKE,
    ("GET", "/organisations/{organisation_id}"): ALIKE,
    ("POST", "/organisations"): Row(body=EXAMPLES[OrganisationBody], foreign=FINE | {409}),
    ("PATCH", "/organisations/{organisation_id}"): Row(
        body=EXAMPLES[OrganisationChanges], foreign=FINE
    ),
    ("POST", "/organisations/{organisation_id}/confirmation"): ALIKE,
    ("POST", "/organisations/{organisation_id}/closure"): Row(own=IN_USE, foreign=IN_USE),
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
