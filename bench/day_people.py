"""The people of the day: they submit, are answered, consent and refuse, as a seed draws it."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from random import Random

import sqlalchemy as sa

from app import clock
from app.db import db, transaction
from app.domain.consents import ConsentAnswer
from app.domain.facts.acceptance import Acceptance, SupplementNotice
from app.domain.facts.handling import Answer
from app.domain.permissions import Permission as Act
from app.domain.phone_forms import Template
from app.domain.vocabulary import ResultCode, TicketClass
from app.models.delivery import Delivery
from app.models.fallback import TextMessage
from app.models.subscription import WechatTemplate
from bench.city import Values
from bench.mail import PREFIX, SUBMISSION, People
from bench.platform import Phone
from services.notifications.consents import PopupAnswer, record_answers
from services.tickets.intake import submit
from services.tickets.perform import Command, perform
from tools.wechat import StandIn

ANSWERED = Answer(ResultCode.SOLVED, "已协调供电公司完成增容。", is_contacted=False)
MISSING = SupplementNotice(("用电合同",))
AGREEABLE, REFUSING = 0.6, 0.02


@dataclass
class Town:
    """Enterprises with their phones. `given`: consents that people gave on the platform."""

    stand_in: StandIn
    appid: str
    places: Sequence[Values]
    phones: dict[int, Phone]
    dice: Random
    given: int = 0
    accepted: list[tuple[Values, str]] = field(default_factory=list)
    popups: int = 0

    def live(self, tickets: int) -> None:
        """So many tickets come in, older ones are answered, some people take up their phones."""
        answered, self.accepted = self.accepted, []
        for place, number in answered:
            self._act(place, number, Act.ANSWER_DIRECTLY, ANSWERED)
        for _ in range(tickets):
            self._begin(self.dice.choice(self.places))
        for place in self.dice.sample(self.places, max(1, len(self.places) // 20)):
            self.ask(place["applicant"])

    def ask(self, account_id: int, *, times: int = 1) -> None:
        """A popup for all templates; what was answered is told by the phone, the platform, or both.

        A few refuse in the settings instead, of which the platform alone tells.
        """
        phone = self.phones.get(account_id)
        if phone is None or self.dice.random() > AGREEABLE:
            return
        ids = self._templates()
        if self.dice.random() < REFUSING:
            refused = {"openid": phone.openid, "template_ids": ids[:1], "push": True}
            self.stand_in.post("unsubscribe", refused)
            return
        for _ in range(times):
            self._consent(phone, ids)

    def _consent(self, phone: Phone, ids: list[str]) -> None:
        is_pushed = self.dice.random() < 0.7
        asked = {"openid": phone.openid, "template_ids": ids, "push": is_pushed}
        self.stand_in.post("subscribe", asked)
        self.given += len(ids)
        if is_pushed and self.dice.random() < 0.3:
            return
        self.popups += 1
        answers = [PopupAnswer(one, ConsentAnswer("accept")) for one in ids]
        actor = next(p for p in self.places if p["applicant"] == phone.account_id)
        with transaction():
            record_answers(
                People(actor).applicant,
                self.appid,
                answers,
                asked_id=f"popup-{self.popups}",
                at=clock.real(),
            )

    def _templates(self) -> list[str]:
        wanted = (Template.ACCEPTED, Template.SUPPLEMENT, Template.FEEDBACK)
        query = sa.select(WechatTemplate.template_id).where(WechatTemplate.template.in_(wanted))
        with transaction():
            return sorted(one for one in db.session.scalars(query) if one)

    def _begin(self, place: Values) -> None:
        with transaction():
            change = submit(People(place).applicant, SUBMISSION, PREFIX, at=clock.now())
        chance = self.dice.random()
        if chance < 0.3:
            self._act(place, change.number, Act.REQUEST_SUPPLEMENT, MISSING)
        elif chance < 0.9:
            kind = TicketClass.URGENT if chance > 0.87 else TicketClass.NORMAL
            self._act(place, change.number, Act.ACCEPT, Acceptance(kind, "utilities"))
            self.accepted.append((place, change.number))

    def _act(self, place: Values, number: str, action: Act, facts: object) -> None:
        with transaction():
            command = Command(number, action, facts)
            perform(People(place).housekeeper, command, at=clock.now())


def written() -> int:
    """How many messages and short messages there are by now."""
    with transaction():
        counts = (
            db.session.scalar(sa.select(sa.func.count()).select_from(model))
            for model in (Delivery, TextMessage)
        )
        return sum(count or 0 for count in counts)
