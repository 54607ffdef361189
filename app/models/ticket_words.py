"""诉求的检索词: what tickets are found by. Beside them, because words stay and tickets change."""

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column

from app.db import Model
from app.models.terms import areas, terms_of

TICKET_TERMS = terms_of("ticket_words.words", areas("ticket_words.area_code"))


class TicketWords(Model):
    """诉求的检索词. Written with the ticket; every change of the ticket itself passes it by.

    A row of `tickets` is rewritten some eight times in its life, and each time all its indexes are.
    """

    __tablename__ = "ticket_words"

    ticket_id: Mapped[int] = mapped_column(
        sa.BigInteger,
        sa.ForeignKey("tickets.id", ondelete="CASCADE"),
        primary_key=True,
        autoincrement=False,
    )
    area_code: Mapped[str] = mapped_column(sa.ForeignKey("areas.code"))
    words: Mapped[list[str]] = mapped_column(ARRAY(sa.Text))

    __table_args__ = (sa.Index("ix_ticket_words_terms", TICKET_TERMS, postgresql_using="gin"),)
