"""What people wrote to the service in WeChat, and pushes that went wrong."""

from itertools import count

from app import clock, sealing
from app.db import db
from app.models.push import WechatPush
from app.models.ticket_draft import TicketDraft
from services.gateways.wechat_push import read
from services.pushes.keep import keep
from tests.factories.people import Person
from tests.factories.wechat import APPID

_numbers = count(1)


def make_draft(person: Person | None = None, body: str = "厂区门前道路积水。") -> TicketDraft:
    """An open draft of the person's; of nobody who is known without one."""
    draft = TicketDraft(
        account_id=person.account.id if person else None,
        appid=APPID,
        openid_hash=sealing.fingerprint(f"oWriter{next(_numbers)}"),
        body=body,
        messages=1,
        first_at=clock.real(),
        last_at=clock.real(),
    )
    db.session.add(draft)
    db.session.flush()
    return draft


def make_failed_push() -> WechatPush:
    """A push that was given up."""
    content = read(f'{{"MsgType": "event", "Event": "debug_demo", "N": {next(_numbers)}}}')
    keep(APPID, content, at=clock.real())
    push = db.session.query(WechatPush).order_by(WechatPush.id.desc()).first()
    assert push is not None
    push.state, push.tries, push.fault, push.worked_at = "failed", 5, "Unsealable", clock.real()
    db.session.flush()
    return push
