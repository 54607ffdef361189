"""重新提交: a ticket that was taken as withdrawn begins again as it was, once."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

import sqlalchemy as sa

from app import sealing
from app.db import db
from app.domain.actor import Actor
from app.domain.errors import AlreadyExists, NotFound, Refused
from app.domain.facts.intake import Submission
from app.domain.intake import Earlier
from app.domain.permissions import Permission, demand
from app.domain.vocabulary import Channel, Kind
from app.models.attachment import Attachment
from app.models.category import Category
from app.models.ticket import Ticket
from app.models.ticket_event import TicketEvent
from services.attachments import Upload, store
from services.gateways.file_store import FileStore
from services.tickets.intake import Submitted, submit
from services.visibility.content_checks import is_file_veiled, is_title_veiled
from services.visibility.tickets import visible_tickets

HANDED_IN = (Permission.SUBMIT, Permission.SUPPLY, Permission.SUPPLY_DEFERRED)
"""With these the enterprise brings files of its own."""


class NotLapsed(Refused):
    """只有因逾期视为撤回的诉求可以重新提交。"""

    code = "not-lapsed"


class NotYetReviewed(Refused):
    """内容审核中，只有提交人本人可以重新提交。"""

    code = "not-yet-reviewed"


def resubmit(
    actor: Actor, number: str, prefix: str, files: FileStore, *, at: datetime
) -> Submitted:
    """A new ticket with the text, the contact and copies of the files of a lapsed one.

    Raises `Forbidden`, `NotFound`, `NotLapsed`, `NotYetReviewed`, `AlreadyExists` (naming the
    ticket that it became), and what `submit` raises.
    """
    demand(actor, Permission.RESUBMIT)
    query = sa.select(Ticket).where(Ticket.number == number, visible_tickets(actor))
    lapsed = db.session.scalar(query.with_for_update())
    if lapsed is None:
        raise NotFound
    if lapsed.lapse_ground is None:
        raise NotLapsed
    _check_reviewed(actor, lapsed.id)
    again = sa.select(Ticket.number).where(Ticket.resubmitted_from == number)
    if (known := db.session.scalar(again)) is not None:
        raise AlreadyExists(f"已经重新提交为 {known}。")
    with _copies(actor, lapsed.id, files, at=at) as copied:
        facts = _facts(actor, lapsed, copied)
        return submit(actor, facts, prefix, earlier=_earlier(lapsed), at=at)


def _check_reviewed(actor: Actor, ticket_id: int) -> None:
    """Whoever hands it in again reads all of it. Raises `NotYetReviewed`."""
    a_file = sa.exists().where(Attachment.ticket_id == ticket_id, is_file_veiled(actor))
    if db.session.scalar(sa.select(sa.or_(is_title_veiled(actor, ticket_id), a_file))):
        raise NotYetReviewed


def _earlier(lapsed: Ticket) -> Earlier:
    return Earlier(
        lapsed.number,
        lapsed.complained_housekeeper_id,
        tuple(lapsed.complained_organisation_ids),
    )


def _facts(actor: Actor, lapsed: Ticket, copied: tuple[int, ...]) -> Submission:
    known = sa.select(Category.code).where(Category.code == lapsed.category_code)
    name, phone = lapsed.contact_name, lapsed.contact_phone
    return Submission(
        title=lapsed.title,
        body=lapsed.body,
        kind=Kind(lapsed.kind),
        channel=Channel.MINI_PROGRAM if actor.is_enterprise else Channel(lapsed.channel),
        category_code=db.session.scalar(known.where(Category.is_active)),
        enterprise_id=lapsed.enterprise_id,
        contact_name=sealing.unseal(name, "tickets.contact_name") if name else None,
        contact_phone=sealing.unseal(phone, "tickets.contact_phone") if phone else None,
        is_confidential=lapsed.is_confidential,
        is_anonymous=lapsed.is_anonymous,
        attachment_ids=copied,
    )


@contextmanager
def _copies(
    actor: Actor, ticket_id: int, files: FileStore, *, at: datetime
) -> Iterator[tuple[int, ...]]:
    """The actor's own copies of what was handed in; gone again when nothing comes of it."""
    handed_in = sa.exists().where(
        TicketEvent.ticket_id == Attachment.ticket_id,
        TicketEvent.seq == Attachment.event_seq,
        TicketEvent.action.in_(HANDED_IN),
    )
    query = sa.select(Attachment).where(
        Attachment.ticket_id == ticket_id, handed_in, Attachment.purged_at.is_(None)
    )
    copied = tuple(
        store(actor, Upload(one.filename, _content(one.storage_key, files)), files, at=at)["id"]
        for one in db.session.scalars(query.order_by(Attachment.id)).all()
        if one.storage_key
    )
    keys = sa.select(Attachment.storage_key).where(Attachment.id.in_(copied))
    stored = [key for key in db.session.scalars(keys) if key]
    try:
        yield copied
    except BaseException:
        for key in stored:
            files.remove(key)
        raise


def _content(key: str, files: FileStore) -> bytes:
    with files.open(key) as file:
        return file.read()
