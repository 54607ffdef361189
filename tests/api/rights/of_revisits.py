"""Who is revisited by lot, and who is visited afterwards."""

from collections.abc import Mapping

from app.api.schemas import follow_ups
from app.api.schemas.examples import EXAMPLES
from tests.api.rights.row import ALIKE, OBJECT, Row

ROWS: Mapping[tuple[str, str], Row] = {
    ("GET", "/revisit-samples"): ALIKE,
    ("GET", "/revisit-samples/{sample_id}"): OBJECT,
    ("GET", "/follow-up-visits"): ALIKE,
    ("POST", "/follow-up-visits/{visit_id}/outcome"): Row(
        body=EXAMPLES[follow_ups.VisitReportBody]
    ),
    ("POST", "/follow-up-visits/{visit_id}/skip"): Row(body=EXAMPLES[follow_ups.VisitSkipBody]),
    ("GET", "/reports/follow-up-visits"): Row(
        query="?from=2026-06-01&to=2026-07-01", foreign=frozenset({200})
    ),
}
