"""督办的数字: each is that of its row on the day on which a card, order or letter begins."""

import pytest

from app.db import db
from app.domain.rules import Rule
from app.domain.sla_clock import Rung
from app.models.supervision import Letter
from services.supervision import cards, letters
from tests.domain.calendars import local
from tests.factories import Case, set_number
from tests.services.supervision.late import RED_AT, handled, issued, of_unit, swept, watch

pytestmark = pytest.mark.usefixtures("database")


def appeal(case: Case, *, at: str) -> None:
    card = of_unit(case, Rung.RED)
    cards.appeal_card(case.cast.unit_approver.actor, card.id, "已报挂起", at=local(at))


def test_the_days_to_appeal_are_those_of_the_card():
    set_number(Rule.CARD_APPEAL_DAYS, 1)
    set_number(Rule.CARD_APPEAL_DAYS, 9, "2026-06-10")
    case = handled()
    watch(RED_AT)
    with pytest.raises(cards.AppealTooLate):
        appeal(case, at="2026-06-10 17:30:01")
    appeal(case, at="2026-06-10 17:30")


def test_the_days_to_answer_an_order():
    set_number(Rule.ORDER_DAYS, 1)
    _, order = issued()
    assert order.due_at == local("2026-06-12 17:30")


def test_the_days_to_answer_a_letter():
    set_number(Rule.LETTER_REPLY_DAYS, 1)
    case = handled()
    supervisor, at = case.cast.supervisor.actor, local("2026-06-10 10:00")
    wish = letters.LetterWish(case.cast.lead_unit.id, (case.number,), "多次超期")
    letter = letters.write_letter(supervisor, wish, at=at)
    sending = letters.Sending("办理规则第十二条", "限期办结", "督查科 0412-2201234")
    sent = letters.send_letter(supervisor, letter["id"], sending, at=at)
    assert sent["reply_by"].isoformat() == "2026-06-11"


@pytest.mark.parametrize(
    ("rule", "amount", "suggested"),
    [(Rule.RED_CARDS_FOR_LETTER, 1, 1), (Rule.RED_CARDS_FOR_LETTER, 2, 0)],
)
def test_how_many_red_cards_suggest_a_letter(rule, amount, suggested):
    set_number(rule, amount)
    case = handled()
    watch(RED_AT)
    swept(RED_AT)
    found = db.session.query(Letter).filter_by(organisation_id=case.cast.lead_unit.id).count()
    assert found == suggested


@pytest.mark.parametrize(("days", "suggested"), [(3, 1), (1, 0)])
def test_in_how_many_days_they_are_counted(days, suggested):
    set_number(Rule.RED_CARDS_FOR_LETTER, 1)
    set_number(Rule.RED_CARDS_WITHIN_DAYS, days)
    case = handled()
    watch(RED_AT)
    swept(local("2026-06-11 09:00"))
    found = db.session.query(Letter).filter_by(organisation_id=case.cast.lead_unit.id).count()
    assert found == suggested
