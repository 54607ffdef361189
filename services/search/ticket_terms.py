"""诉求的检索项: all that a ticket is found by but its area, for new tickets and old ones."""

from typing import Any, NamedTuple

from app.domain.ticket_words import words_of_ticket
from app.models.terms import PERSON, TAIL, print_mark
from app.sealing import fingerprint


class Said(NamedTuple):
    """What a ticket says; its own contact in plain text, None where it names none."""

    number: str
    title: str
    body: str
    contact_name: str | None
    contact_phone: str | None


def words_of(said: Said) -> list[str]:
    """The words of an anonymous ticket: nothing by which its enterprise could be asked for."""
    return sorted(words_of_ticket(said.number, said.title, said.body, ""))


def ticket_terms(said: Said, enterprise_name: str, enterprise: Any) -> list[str]:
    """Its words and the fingerprints of whom to call: its own contact and the enterprise's.

    `enterprise` is a row with `uscc` and the hashes of the contact.
    """
    terms = words_of_ticket(said.number, said.title, said.body, enterprise_name)
    terms |= {
        print_mark(PERSON, enterprise.contact_name_hash),
        print_mark(TAIL, enterprise.contact_phone_tail_hash),
    }
    if enterprise.uscc:
        terms.add(enterprise.uscc.casefold())
    if said.contact_name:
        terms.add(print_mark(PERSON, fingerprint(said.contact_name)))
    if said.contact_phone:
        terms.add(print_mark(TAIL, fingerprint(said.contact_phone[-4:])))
    return sorted(terms)
