"""The enterprise's side: members, invitations, requests to join, closing, the wish about visits."""

from collections.abc import Mapping

from app.api.schemas.examples import EXAMPLES
from app.api.schemas.members import ClosureBody, DecisionBody, InvitationBody, VisitWish
from app.api.schemas.program_codes import InvitationSecret
from app.api.schemas.program_links import InvitationLinkBody
from tests.api.rights.row import ALIKE, OBJECT, Row

OPEN_TICKETS = frozenset({409})
ANOTHER_CODE = frozenset({409})
HERE = "/enterprises/{enterprise_id}"

ROWS: Mapping[tuple[str, str], Row] = {
    ("GET", f"{HERE}/members"): OBJECT,
    ("DELETE", f"{HERE}/members/{{member_id}}"): OBJECT,
    ("POST", f"{HERE}/invitations"): Row(body=EXAMPLES[InvitationBody]),
    ("DELETE", f"{HERE}/invitations/{{invitation_id}}"): OBJECT,
    ("POST", f"{HERE}/invitations/{{invitation_id}}/program-code"): Row(
        body=EXAMPLES[InvitationSecret], own=ANOTHER_CODE
    ),
    ("POST", f"{HERE}/card/program-code"): OBJECT,
    ("POST", f"{HERE}/invitations/{{invitation_id}}/program-link"): Row(
        body=EXAMPLES[InvitationLinkBody], own=ANOTHER_CODE
    ),
    ("POST", f"{HERE}/card/program-link"): OBJECT,
    ("POST", f"{HERE}/closure"): Row(body=EXAMPLES[ClosureBody], own=OPEN_TICKETS),
    ("PATCH", f"{HERE}/visit-preference"): Row(body=EXAMPLES[VisitWish]),
    ("GET", "/membership-requests"): ALIKE,
    ("POST", "/membership-requests/{membership_request_id}/decision"): Row(
        body=EXAMPLES[DecisionBody]
    ),
}
