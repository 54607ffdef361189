"""What the addresses of members need: a colleague, an invitation and a request, new each time."""

from itertools import count

from app.db import db
from app.domain.actor import Role
from app.models.member import Invitation, MembershipRequest
from app.sealing import fingerprint, seal
from tests.factories import MONDAY, Cast, make_account

_numbers = count(1)


def things_of_members(cast: Cast) -> dict[str, int]:
    """Of the cast's enterprise."""
    number = next(_numbers)
    colleague = make_account(Role.ENTERPRISE_STAFF, enterprise_id=cast.enterprise.id)
    invitation = Invitation(
        enterprise_id=cast.enterprise.id,
        role="enterprise_staff",
        code_hash=number.to_bytes(32, "big"),
        invited_by=cast.applicant.account.id,
        created_at=MONDAY,
        expires_at=MONDAY,
    )
    phone = f"137{number:08d}"
    request = MembershipRequest(
        enterprise_id=cast.enterprise.id,
        name=seal("赵敏", "membership_requests.name"),
        phone=seal(phone, "membership_requests.phone"),
        phone_hash=fingerprint(phone),
        asked_at=MONDAY,
    )
    db.session.add_all([invitation, request])
    db.session.flush()
    return {
        "member_id": colleague.membership.id,
        "invitation_id": invitation.id,
        "membership_request_id": request.id,
    }
