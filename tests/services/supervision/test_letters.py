"""提醒函: suggested by what happened, sent by a person, tracked to the reply."""

from datetime import datetime

import pytest
import sqlalchemy as sa

from app.db import db
from app.domain.actor import Actor
from app.domain.permissions import Permission as Act
from app.domain.sla_clock import Rung
from app.domain.supervision_flow import SupervisionStateForbids
from app.domain.vocabulary import Status
from app.models.supervision import Letter
from services.supervision import cards, letters
from tests.domain.calendars import local
from tests.factories import Case, make_ticket
from tests.services.supervision.late import (
    ALL,
    BULLETIN_AT,
    ORDER_AT,
    RED_AT,
    handled,
    of_unit,
    swept,
    told,
    watch,
)

pytestmark = pytest.mark.usefixtures("database")


def suggestions(case: Case) -> list[Letter]:
    """The letters to the unit that leads."""
    unit = case.cast.lead_unit.id
    return list(db.session.scalars(sa.select(Letter).where(Letter.organisation_id == unit)))


def test_a_bulletin_entry_suggests_a_letter_that_a_person_sends_and_tracks():
    case = handled()
    watch(RED_AT, ORDER_AT, BULLETIN_AT)
    swept(BULLETIN_AT)
    swept(BULLETIN_AT)
    [letter] = suggestions(case)
    assert (letter.state, letter.number, letter.ticket_numbers) == (
        "suggested",
        None,
        [case.number],
    )
    supervisor, unit = case.cast.supervisor.actor, case.cast.unit_approver.actor
    assert letters.list_letters(unit, None, ALL)[0] == []
    sent = letters.send_letter(supervisor, letter.id, SENDING, at=BULLETIN_AT)
    assert (sent["title"], sent["state"]) == ("〔2026〕第 1 号", "sent")
    assert sent["reply_by"].isoformat() == "2026-06-24"
    assert case.cast.unit_approver.account.id in told("letter_received")
    with pytest.raises(SupervisionStateForbids):
        letters.close_letter(supervisor, letter.id, "算了", at=BULLETIN_AT)
    letters.reply_to_letter(unit, letter.id, "已整改", at=BULLETIN_AT)
    assert letters.close_letter(supervisor, letter.id, "属实", at=BULLETIN_AT)["state"] == "closed"


SENDING = letters.Sending("办理规则第十二条", "限期办结", "督查科 0412-2201234")


def write(actor: Actor, case: Case, *, at: datetime) -> int:
    wish = letters.LetterWish(case.cast.lead_unit.id, (case.number,), "多次超期")
    return letters.write_letter(actor, wish, at=at)["id"]


def test_letters_are_numbered_within_their_year():
    case = handled()
    supervisor = case.cast.supervisor.actor
    told_as = []
    for at in ("2026-06-10 10:00", "2026-06-11 10:00", "2027-01-05 10:00"):
        letter = write(supervisor, case, at=local(at))
        told_as.append(letters.send_letter(supervisor, letter, SENDING, at=local(at))["title"])
    assert told_as == ["〔2026〕第 1 号", "〔2026〕第 2 号", "〔2027〕第 1 号"]


def test_two_red_cards_in_a_month_suggest_a_letter_once():
    case = handled()
    watch(RED_AT)
    swept(RED_AT)
    assert suggestions(case) == []
    again = make_ticket(Status.HANDLING, case.cast)
    again.act(Act.FIRST_CONTACT)
    watch(RED_AT)
    swept(RED_AT)
    swept(RED_AT)
    [letter] = suggestions(case)
    assert sorted(letter.ticket_numbers) == sorted((case.number, again.number))


def test_void_cards_count_for_no_letter():
    case = handled()
    make_ticket(Status.HANDLING, case.cast).act(Act.FIRST_CONTACT)
    watch(RED_AT)
    card = of_unit(case, Rung.RED)
    cards.appeal_card(case.cast.unit_approver.actor, card.id, "已报挂起", at=RED_AT)
    cards.rule_card(case.cast.supervisor.actor, card.id, "属实", is_void=True, at=RED_AT)
    swept(RED_AT)
    assert suggestions(case) == []
