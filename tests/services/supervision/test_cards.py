"""黄牌、红牌: given with their event, explained, contested, and gone with their cause."""

from typing import Any

import pytest
import sqlalchemy as sa

from app.db import db
from app.domain.permissions import Permission as Act
from app.domain.sla_clock import Rung
from app.domain.supervision_flow import SupervisionStateForbids
from app.models.matter import Matter
from app.models.supervision import Card
from services.supervision import cards
from tests.domain.calendars import local
from tests.factories import make_account, make_ticket
from tests.services.supervision.late import (
    ALL,
    RED_AT,
    handled,
    of_unit,
    swept,
    watch,
)

pytestmark = pytest.mark.usefixtures("database")


def test_a_card_is_written_with_its_event_and_only_unit_and_overseers_see_it():
    case = handled()
    watch(RED_AT)
    card = of_unit(case, Rung.RED)
    assert (card.organisation_id, card.issued_at) == (case.cast.lead_unit.id, RED_AT)
    assert card.due_at == local("2026-06-08 17:30")
    seen = {
        name: len(cards.list_cards(person.actor, cards.CardFilter(), ALL)[0])
        for name, person in {
            "handler": case.cast.handler,
            "supervisor": case.cast.supervisor,
            "elsewhere": make_account("supervisor", area_prefix="2104"),
            "applicant": case.cast.applicant,
            "housekeeper": case.cast.housekeeper,
        }.items()
    }
    assert seen == {
        "handler": 1,
        "supervisor": 4,
        "elsewhere": 0,
        "applicant": 0,
        "housekeeper": 0,
    }


def test_the_unit_explains_and_appeals_within_three_working_days_and_is_ruled_on():
    case = handled()
    watch(RED_AT)
    card, approver = of_unit(case, Rung.RED), case.cast.unit_approver.actor
    cards.explain_card(case.cast.handler.actor, card.id, "等待图纸", at=RED_AT)
    with pytest.raises(cards.AppealTooLate):
        cards.appeal_card(approver, card.id, "已报挂起", at=local("2026-06-12 17:30:01"))
    db.session.refresh(card)
    told_of = cards.appeal_card(approver, card.id, "已报挂起", at=local("2026-06-12 17:30"))
    assert (told_of["state"], told_of["cause"]) == ("appealed", "等待图纸")
    ruled = cards.rule_card(
        case.cast.supervisor.actor, card.id, "属实", is_void=True, at=local("2026-06-15 09:00")
    )
    assert (ruled["state"], ruled["state_label"]) == ("void", "作废")
    with pytest.raises(SupervisionStateForbids):
        cards.explain_card(case.cast.handler.actor, card.id, "又说", at=RED_AT)


def test_an_upheld_card_cannot_be_contested_again():
    case = handled()
    watch(RED_AT)
    card, approver = of_unit(case, Rung.RED), case.cast.unit_approver.actor
    cards.appeal_card(approver, card.id, "已报挂起", at=RED_AT)
    cards.rule_card(case.cast.supervisor.actor, card.id, "不属实", is_void=False, at=RED_AT)
    with pytest.raises(SupervisionStateForbids):
        cards.appeal_card(approver, card.id, "再报", at=RED_AT)


def test_a_card_falls_when_its_clock_forgets_it():
    case = make_ticket()
    case.act(Act.FIRST_CONTACT)
    watch(local("2026-06-02 16:30"))
    swept(local("2026-06-02 16:31"))
    [card] = db.session.scalars(sa.select(Card).filter_by(clock="accept"))
    assert (card.rung, card.state) == ("yellow", "standing")
    case.act(Act.REQUEST_SUPPLEMENT, at=local("2026-06-02 17:00"))
    swept(local("2026-06-02 17:01"))
    assert card.state == "standing"
    case.act(Act.SUPPLY, at=local("2026-06-04 10:00"))
    swept(local("2026-06-04 10:01"))
    assert (card.state, card.ruling) == ("void", "时限已经调整，该牌自动作废")


def test_a_card_falls_when_the_unit_should_never_have_had_the_ticket():
    case = handled()
    watch(RED_AT)
    card, other = of_unit(case, Rung.RED), case.cast.co_unit.id
    matter: dict[str, Any] = {"ticket_id": case.ticket.id, "kind": "return", "round": 1}
    matter |= {"details": {}, "opened_at": RED_AT, "settled_at": RED_AT}
    db.session.add(Matter(**matter, seq=1, organisation_id=other, outcome="granted"))
    db.session.add(
        Matter(**matter, seq=2, organisation_id=card.organisation_id, outcome="rejected")
    )
    swept(RED_AT)
    assert card.state == "standing"
    db.session.add(Matter(**matter, seq=3, organisation_id=card.organisation_id, outcome="granted"))
    swept(RED_AT)
    assert card.state == "void"
