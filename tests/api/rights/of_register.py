"""企业登记: areas, organisations, enterprises, housekeepers, pairings, imports."""

from collections.abc import Mapping

from app.api.schemas.areas import ZoneBody
from app.api.schemas.enterprises import EnterpriseBody, EnterpriseChanges
from app.api.schemas.examples import EXAMPLES
from app.api.schemas.organisations import OrganisationBody, OrganisationChanges
from app.api.schemas.register_conflicts import SettlementBody
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
    ("POST", "/enterprises"): Row(
        body=EXAMPLES[EnterpriseBody], own=FINE | {409}, foreign=WRONG_INPUT
    ),
    ("PATCH", "/enterprises/{enterprise_id}"): Row(body=EXAMPLES[EnterpriseChanges]),
    ("GET", "/enterprises/{enterprise_id}"): OBJECT,
    ("GET", "/enterprises/{enterprise_id}/card"): OBJECT,
    ("GET", "/enterprises/{enterprise_id}/pairings"): OBJECT,
    ("GET", "/housekeepers"): ALIKE,
    ("GET", "/housekeepers/{housekeeper_id}"): OBJECT,
    ("GET", "/housekeepers/{housekeeper_id}/load"): OBJECT,
    ("POST", "/imports"): Row(own=WRONG_INPUT, foreign=WRONG_INPUT),
    ("GET", "/imports/{batch_id}"): OBJECT,
    ("GET", "/imports/{batch_id}/rows"): OBJECT,
    # The matrix has a dry run, of which nothing is to be taken back.
    ("POST", "/imports/{batch_id}/rollback"): Row(own=IN_USE),
    ("GET", "/register-conflicts"): ALIKE,
    ("GET", "/register-conflicts/{conflict_id}"): OBJECT,
    ("POST", "/register-conflicts/{conflict_id}/settlement"): Row(body=EXAMPLES[SettlementBody]),
    ("GET", "/imports/{batch_id}/errors.xlsx"): Row(own=FINE | {409}),
}
