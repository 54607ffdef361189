"""结对: proposing, confirming, ending; limits, load and recusals."""

from collections.abc import Mapping

from app.api.schemas import pairings
from app.api.schemas.examples import EXAMPLES
from tests.api.rights.row import ALIKE, FINE, NOT_IN_REACH, OBJECT, WRONG_INPUT, Row

NOT_NOW = frozenset({409})
PAST = {"kind": "other", "amount": 40, "effective_from": "2020-01-01"}

ROWS: Mapping[tuple[str, str], Row] = {
    ("GET", "/pairings"): ALIKE,
    ("GET", "/pairings/least-contacted"): ALIKE,
    ("GET", "/pairings/{pairing_id}"): OBJECT,
    ("POST", "/pairings"): Row(
        body={**EXAMPLES[pairings.PairingBody], "enterprise_id": 10**17},
        own=WRONG_INPUT,
        foreign=WRONG_INPUT,
    ),
    ("POST", "/pairings/{pairing_id}/confirmation"): Row(own=NOT_NOW),
    ("POST", "/pairings/{pairing_id}/activation"): Row(own=NOT_NOW),
    ("POST", "/pairings/{pairing_id}/refusal"): Row(
        body=EXAMPLES[pairings.PairingDeclineBody], own=NOT_NOW
    ),
    ("POST", "/pairings/{pairing_id}/end"): Row(body={"reason": "replaced"}, own=WRONG_INPUT),
    ("POST", "/pairing-proposals"): Row(body=EXAMPLES[pairings.ProposalRunBody], foreign=FINE),
    ("GET", "/pairing-limits"): ALIKE,
    ("POST", "/pairing-limits"): Row(body=PAST, own=WRONG_INPUT, foreign=WRONG_INPUT),
    ("GET", "/reports/load"): ALIKE,
    ("GET", "/handovers"): ALIKE,
    ("GET", "/handovers/{handover_id}"): OBJECT,
    ("POST", "/housekeepers/{housekeeper_id}/handover"): Row(
        body={"reason": "leave", "receiver_id": 10**17},
        own=WRONG_INPUT | NOT_IN_REACH,
    ),
    ("POST", "/handovers/{handover_id}/signature"): OBJECT,
    # The housekeeper of this one receives, and only who gives may cancel.
    ("POST", "/handovers/{handover_id}/cancellation"): Row(own=FINE | NOT_IN_REACH),
    ("POST", "/enterprises/{enterprise_id}/housekeeper-change-requests"): Row(own=FINE | NOT_NOW),
    ("GET", "/housekeeper-change-requests"): ALIKE,
    ("GET", "/housekeeper-change-requests/{change_request_id}"): OBJECT,
    ("POST", "/housekeeper-change-requests/{change_request_id}/settlement"): Row(
        body={}, own=WRONG_INPUT
    ),
    ("GET", "/reports/coverage"): ALIKE,
    ("GET", "/recusals"): ALIKE,
    ("POST", "/recusals"): Row(
        body={"enterprise_id": 10**17, "housekeeper_id": 1}, own=WRONG_INPUT, foreign=WRONG_INPUT
    ),
    ("GET", "/recusals/{recusal_id}"): OBJECT,
    ("POST", "/recusals/{recusal_id}/lifting"): Row(own=FINE),
}
