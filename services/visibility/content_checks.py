"""内容审核中: what others of the enterprise do not read yet; who acts on a ticket reads it all."""

from typing import Any

import sqlalchemy as sa

from app.domain.content_checks import VEILED
from app.domain.permissions import Permission
from app.models.attachment import Attachment
from app.models.columns import is_one_of
from app.models.content_check import ContentCheck
from app.models.ticket_event import TicketEvent
from services.visibility.asking import NOTHING, Asker, Condition

SUBMISSION = 1
"""The event with which every ticket begins."""

# Constants of the statement, for only then does the partial index answer.
_IS_VEILED: Condition = sa.literal_column(
    is_one_of("content_checks.state", sorted(VEILED)), sa.Boolean
)


def veiled_to(reader: Asker) -> Condition:
    """The condition on `content_checks` under which the reader reads a notice instead."""
    if not reader.is_enterprise:
        return NOTHING
    return sa.and_(_IS_VEILED, ContentCheck.account_id != reader.account_id)


def is_text_veiled(reader: Asker, ticket_id: Any, seq: Any) -> Condition:
    """Whether the words of an event are veiled; `ticket_id` and `seq` are columns or values."""
    if not reader.is_enterprise:
        return NOTHING
    return sa.exists().where(
        ContentCheck.ticket_id == ticket_id,
        ContentCheck.event_seq == seq,
        ContentCheck.attachment_id.is_(None),
        veiled_to(reader),
    )


def is_title_veiled(reader: Asker, ticket_id: Any) -> Condition:
    """Whether the title and the text of a ticket are veiled."""
    return is_text_veiled(reader, ticket_id, SUBMISSION)


def is_event_veiled(reader: Asker) -> Condition:
    """The same of a row of `ticket_events`, which may repeat what another one says."""
    if not reader.is_enterprise:
        return NOTHING
    asked = sa.orm.aliased(TicketEvent)
    repeats = sa.and_(
        TicketEvent.action == Permission.RULE_PURGE,
        sa.exists().where(
            asked.ticket_id == TicketEvent.ticket_id,
            asked.action == Permission.REQUEST_PURGE,
            is_text_veiled(reader, asked.ticket_id, asked.seq),
        ),
    )
    return sa.or_(is_text_veiled(reader, TicketEvent.ticket_id, TicketEvent.seq), repeats)


def is_file_veiled(reader: Asker) -> Condition:
    """The condition on `attachments`: the picture itself, or the words that it came with."""
    if not reader.is_enterprise:
        return NOTHING
    return sa.exists().where(
        ContentCheck.ticket_id == Attachment.ticket_id,
        ContentCheck.event_seq == Attachment.event_seq,
        sa.or_(ContentCheck.attachment_id.is_(None), ContentCheck.attachment_id == Attachment.id),
        veiled_to(reader),
    )


def veiled_events(reader: Asker, ticket_id: Any) -> sa.ScalarSelect[Any]:
    """The veiled events of a ticket as JSON (`seq`, `action`, `attempt`); NULL without any."""
    one = sa.func.json_build_object(
        *("seq", TicketEvent.seq, "action", TicketEvent.action),
        *("attempt", sa.cast(TicketEvent.facts["attempt"].astext, sa.Integer)),
    )
    query = (
        sa.select(sa.func.json_agg(one))
        .select_from(ContentCheck)
        .join(
            TicketEvent,
            sa.and_(
                TicketEvent.ticket_id == ContentCheck.ticket_id,
                TicketEvent.seq == ContentCheck.event_seq,
            ),
        )
        .where(
            ContentCheck.ticket_id == ticket_id,
            ContentCheck.attachment_id.is_(None),
            veiled_to(reader),
        )
    )
    return query.scalar_subquery()
