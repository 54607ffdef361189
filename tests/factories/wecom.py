"""What WeCom adds to a person: which member they are there."""

from itertools import count

from app import clock, sealing
from app.db import db
from app.models.wecom import WecomBinding
from tests.factories.people import Person
from tools.wechat_emulator.wecom import CORP_ID

_numbers = count(1)


def make_wecom_binding(
    person: Person, userid: str | None = None, corp_id: str = CORP_ID
) -> WecomBinding:
    """A standing binding of the person's account; the userid is fake unless given."""
    userid = userid or f"member-{next(_numbers)}"
    binding = WecomBinding(
        account_id=person.account.id,
        corp_id=corp_id,
        userid=sealing.seal(userid, "wecom_bindings.userid"),
        userid_hash=sealing.fingerprint(userid),
        bound_at=clock.real(),
    )
    db.session.add(binding)
    db.session.flush()
    return binding
