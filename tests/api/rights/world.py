"""A small world in which everybody has a place within reach of one ticket, or out of its reach."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from app import clock
from app.db import db
from app.domain.actor import ENTERPRISE_ROLES, PAIRED_ROLES, UNIT_ROLES, Role
from app.domain.facts.intake import Submission
from app.domain.inspection import FOR_A_REASON
from app.domain.permissions import Permission as Act
from app.domain.permissions import Scope
from app.domain.register import CATEGORIES
from app.domain.vocabulary import Channel
from app.models.assignment import Assignment
from app.models.delivery import Delivery
from app.models.fallback import PhoneTask
from app.models.housekeeper import Housekeeper
from app.models.import_batch import ImportBatch
from app.models.notification import Notification
from app.models.organisation import Organisation
from services.inspections import state_reason
from tests.api.rights import (
    things_of_coordination,
    things_of_log_in,
    things_of_people,
    things_of_reviews,
    things_of_revisits,
)
from tests.api.rights import things_of_oversight as oversight
from tests.api.rights.things_of_imports import things_of_imports
from tests.api.rights.things_of_members import things_of_members
from tests.api.rights.things_of_pairing import things_of_pairing
from tests.api.rights.things_of_pushes import OF_PUSHES
from tests.api.rights.things_of_pushes import places as things_of_pushes
from tests.api.rights.things_of_supervision import things_of_supervision
from tests.factories import (
    Case,
    Cast,
    Person,
    make_account,
    make_cast,
    make_housekeeper,
    make_organisation,
    make_pairing,
    make_ticket,
)
from tests.factories.exports import make_export
from tests.factories.files import make_attachment
from tests.factories.wechat import make_binding
from tests.wechat import APPID

ALL = list(CATEGORIES)
BY_PHONE = Submission(
    "厂区用电增容", "新生产线投产需要增加用电容量，请协调。", channel=Channel.HOTLINE
)
STATUSES = (
    *("submitted", "supplementing", "accepted", "handling"),
    *("feedback", "revisiting", "evaluating"),
)

OF_MEMBERS = ("member_id", "invitation_id", "membership_request_id")
OF_PAIRING = ("pairing_id", "recusal_id", "handover_id", "change_request_id")
OF_OVERSIGHT = ("entry_id", "hold_id", "request_id")
OF_SUPERVISION = ("card_id", "order_id", "letter_id")
OF_PEOPLE = ("account_id", "membership_id", "delegation_id")
NAMES = frozenset(
    (
        *OF_MEMBERS,
        *OF_PAIRING,
        *OF_OVERSIGHT,
        *OF_SUPERVISION,
        *OF_PEOPLE,
        *OF_PUSHES,
        "check_id",
        "session_id",
        "sample_id",
        "visit_id",
        "conflict_id",
    )
) | {"assignment_id", "message_id", "batch_id", "export_id", "template_id"}
"""What is made for whoever asks; the rest of the world is there from the start."""


@dataclass
class World:
    """One enterprise with its cast and a ticket in each status, all taken in by the cast's desk."""

    cast: Cast = field(default_factory=make_cast)
    tickets: dict[str, Case] = field(default_factory=dict)
    attachment_id: int = 0
    delivery_id: int = 0
    phone_task_id: int = 0

    def __post_init__(self) -> None:
        self.deputy = make_housekeeper()
        make_pairing(self.cast.enterprise, self.deputy, role="deputy")
        for status in STATUSES:
            self.tickets[status] = self._ticket(status)
        self.tickets["submitted"].act(Act.PROPOSE_REFUSAL, by=self.cast.second_coordinator.actor)
        # What the submission of the ticket that everybody reads came with.
        self.attachment_id = make_attachment(self.tickets["revisiting"], self.cast.operator).id
        self.delivery_id = self._delivery()
        self.phone_task_id = self._phone_task()
        self.clerk = things_of_people.make_clerk()

    def _ticket(self, status: str) -> Case:
        operator = self.cast.operator.actor
        by_phone = replace(BY_PHONE, enterprise_id=self.cast.enterprise.id)
        return make_ticket(status, self.cast, by=operator, submit=by_phone)

    def _delivery(self) -> int:
        """A message that did not reach the applicant's phone."""
        message_id, at = self._message(self.cast.applicant), self.tickets["submitted"].at
        delivery = Delivery(
            notification_id=message_id,
            binding_id=make_binding(self.cast.applicant).id,
            template="受理通知",
            rank=60,
            state="failed",
            reason="no-consent",
            send_at=at,
            expires_at=at,
        )
        db.session.add(delivery)
        db.session.flush()
        return delivery.id

    def _phone_task(self) -> int:
        """Somebody is to call the applicant."""
        case = self.tickets["submitted"]
        task = PhoneTask(
            notification_id=self._message(self.cast.applicant),
            ticket_id=case.ticket.id,
            account_id=self.cast.applicant.account.id,
            cause="no-number",
            is_urgent=False,
            call_from=case.at,
            expires_at=case.at,
            created_at=case.at,
        )
        db.session.add(task)
        db.session.flush()
        return task.id

    def insider(self, role: Role, scope: Scope | None) -> Person:
        """A new person in `role` within whose `scope` the world lies; says why, where one must."""
        person = self._insider(role, scope)
        if role in FOR_A_REASON:
            for case in self.tickets.values():
                state_reason(person.actor, case.number, "核实办理经过", at=clock.real())
        return person

    def _insider(self, role: Role, scope: Scope | None) -> Person:
        cast = self.cast
        if role in ENTERPRISE_ROLES:
            return make_account(role, enterprise_id=cast.enterprise.id)
        if role in PAIRED_ROLES:
            paired = self.deputy if role is Role.DEPUTY_HOUSEKEEPER else cast.housekeeper_row
            return make_account(role, housekeeper_id=paired.id)
        if role in UNIT_ROLES:
            return make_account(role, organisation_id=self._unit(role, scope))
        desk = cast.operator.membership.organisation_id
        office = desk if role is Role.OPERATOR else make_organisation(reports_categories=ALL).id
        return make_account(role, organisation_id=office)

    def unit_of(self, housekeeper: Housekeeper) -> Organisation:
        return db.session.get_one(Organisation, housekeeper.organisation_id)

    def address(self, path: str, owner: Person, scope: Scope | None, status: str) -> str:
        """The path, filled with the things that it names; no others are made for it."""
        named = frozenset(re.findall(r"{(\w+)}", path))
        return path.format(**self.places(owner, scope, status, named))

    def places(
        self, owner: Person, scope: Scope | None, status: str, named: frozenset[str] = NAMES
    ) -> dict[str, Any]:
        """What addresses are filled with: the world's things, and those of `owner` alone."""
        makers: Mapping[str, Callable[[], dict[str, Any]]] = {
            "assignment_id": lambda: self._assignment(Role(owner.membership.role), scope),
            "message_id": lambda: {"message_id": self._message(owner)},
            "batch_id": lambda: {"batch_id": self._batch(owner)},
            "export_id": lambda: self._export(owner),
            "template_id": things_of_coordination.places,
            "conflict_id": lambda: things_of_imports(self.cast, owner),
            **dict.fromkeys(OF_MEMBERS, lambda: things_of_members(self.cast)),
            **dict.fromkeys(OF_PAIRING, lambda: things_of_pairing(self.cast, owner)),
            **dict.fromkeys(OF_SUPERVISION, self._supervised),
            **dict.fromkeys(OF_OVERSIGHT, lambda: oversight.places(owner)),
            **dict.fromkeys(OF_PEOPLE, lambda: things_of_people.places(self.clerk, owner)),
            **dict.fromkeys(OF_PUSHES, lambda: things_of_pushes(owner)),
            "check_id": lambda: things_of_reviews.places(self.tickets["revisiting"], owner),
            "session_id": lambda: things_of_log_in.places(owner),
            "sample_id": lambda: things_of_revisits.sample(self.cast),
            "visit_id": lambda: things_of_revisits.visit(self.cast),
        }
        made = self._standing(status)
        for name in sorted(named & makers.keys()):
            if name not in made:
                made |= makers[name]()
        return made

    def _standing(self, status: str) -> dict[str, Any]:
        """What is there from the start, and the calendar that is shipped."""
        return {
            "number": self.tickets[status].number,
            "attachment_id": self.attachment_id,
            "enterprise_id": self.cast.enterprise.id,
            "housekeeper_id": self.cast.housekeeper_row.id,
            "organisation_id": self.cast.lead_unit.id,
            "delivery_id": self.delivery_id,
            "phone_task_id": self.phone_task_id,
            "calendar_version": 1,
            "job_name": "count_figures",
            "kind": "accepted",
            "code_id": 1,
            "appid": APPID,
        }

    def _supervised(self) -> dict[str, int]:
        return things_of_supervision(self.tickets["handling"])

    def _export(self, owner: Person) -> dict[str, int]:
        return {"export_id": make_export(owner, self.cast.second_coordinator).id}

    def _unit(self, role: Role, scope: Scope | None) -> int:
        is_co = scope is Scope.CO_UNIT or (scope is None and role is Role.CO_HANDLER)
        return (self.cast.co_unit if is_co else self.cast.lead_unit).id

    def _assignment(self, role: Role, scope: Scope | None) -> dict[str, int]:
        ticket_id, unit = self.tickets["handling"].ticket.id, self._unit(role, scope)
        wanted = {"ticket_id": ticket_id, "organisation_id": unit}
        return {"assignment_id": db.session.query(Assignment).filter_by(**wanted).one().id}

    def _message(self, owner: Person) -> int:
        case = self.tickets["submitted"]
        wanted = {"ticket_id": case.ticket.id, "event_seq": 1, "account_id": owner.account.id}
        told = db.session.query(Notification).filter_by(**wanted).one_or_none()
        if told is None:
            words = {"kind": "new_todo", "title": "新诉求待办", "body": case.number}
            told = Notification(channel="inbox", created_at=case.at, **wanted, **words)
            db.session.add(told)
            db.session.flush()
        return told.id

    def _batch(self, owner: Person) -> int:
        batch = ImportBatch(
            kind="enterprises",
            filename="登记.xlsx",
            digest="0" * 64,
            is_dry_run=True,
            account_id=owner.account.id,
            organisation_id=owner.membership.organisation_id,
        )
        db.session.add(batch)
        db.session.flush()
        return batch.id
