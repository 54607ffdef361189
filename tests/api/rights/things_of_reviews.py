"""What addresses of content checks are filled with."""

from app import clock
from app.db import db
from app.domain.actor import ENTERPRISE_ROLES
from app.models.content_check import ContentCheck
from tests.factories import Case, Person
from tests.factories.uploads import make_upload


def places(case: Case, owner: Person) -> dict[str, int]:
    """A picture of `owner` that was held back, of somebody else's one that waits for people."""
    is_own = owner.membership.role in ENTERPRISE_ROLES
    author = owner if is_own else case.cast.applicant
    ruled = {"ruled_by": case.cast.coordinator.account.id, "ruled_at": case.at, "reason": "不宜。"}
    check = ContentCheck(
        ticket_id=case.ticket.id,
        event_seq=1,
        attachment_id=make_upload(author.account.id, case.at).id,
        account_id=author.account.id,
        created_at=case.at,
        state="held_back" if is_own else "referred",
        cause="risky",
        next_at=clock.real(),
        patient_until=clock.real(),
        **(ruled if is_own else {}),
    )
    db.session.add(check)
    db.session.flush()
    return {"check_id": check.id}
