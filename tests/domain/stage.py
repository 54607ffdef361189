"""A ticket played through in memory: each change put onto the state as the writer and reader do."""

import json
from dataclasses import dataclass, field, fields, replace
from datetime import date, datetime
from importlib.resources import files
from typing import Any

from app.domain import ticket_flow
from app.domain.actor import Actor, Role, system
from app.domain.event_chain import HASHED
from app.domain.intake import Intake, open_ticket
from app.domain.ladder import NO_RUNGS, Ladders
from app.domain.limits import Unit
from app.domain.permissions import Permission as Act
from app.domain.rules import Rule, Rules
from app.domain.sla_clock import Clock, ClockKind
from app.domain.terms import Moment, Policy, Terms
from app.domain.ticket_records import (
    Assignment,
    Evaluation,
    Matter,
    Reply,
    Revisit,
    SupplementRequest,
)
from app.domain.ticket_state import Change, Event, TicketState
from app.domain.vocabulary import Status, TicketClass
from tests.domain import story
from tests.domain.calendars import CALENDAR, shipped
from tests.domain.ladders import ladder_of
from tests.domain.story import MINUTE, MONDAY


def _read(name: str) -> Any:
    return json.loads(files("app.seed").joinpath(name).read_text("utf-8"))


POLICIES = {
    (TicketClass(row["ticket_class"]), ClockKind(row["clock"])): Policy(
        number,
        row["amount"],
        Unit(row["unit"]),
        row.get("extension_days"),
        row.get("total_days"),
    )
    for number, row in enumerate(_read("policies.json"), start=1)
    if date.fromisoformat(row["effective_from"]) <= MONDAY.date()
}
LADDERS: Ladders = {
    None: NO_RUNGS,
    **{number: ladder_of(row) for number, row in enumerate(_read("policies.json"), start=1)},
}
RULES = Rules({Rule(row["name"]): row["amount"] for row in _read("flow_rules.json")})
TERMS = Terms(CALENDAR, POLICIES, shipped, LADDERS, RULES)

LEAD, CO, OFFICE, TOWNSHIP = 11, 12, 13, 14
ENTERPRISE, HOUSEKEEPER, AREA = 21, 22, "210302002000"
NUMBER = "AS20260601-000001"


def _actor(role: Role, account: int, **place: Any) -> Actor:
    return Actor(role, f"{role.value}{account}", account, account + 100, **place)


PLAYERS: dict[str, Actor] = {
    "applicant": _actor(Role.ENTERPRISE_ADMIN, 1, enterprise_id=ENTERPRISE),
    "colleague": _actor(Role.ENTERPRISE_STAFF, 2, enterprise_id=ENTERPRISE),
    "housekeeper": _actor(
        Role.HOUSEKEEPER, 3, organisation_id=TOWNSHIP, housekeeper_id=HOUSEKEEPER
    ),
    "deputy": _actor(Role.DEPUTY_HOUSEKEEPER, 4, organisation_id=TOWNSHIP, housekeeper_id=23),
    "operator": _actor(Role.OPERATOR, 5, organisation_id=OFFICE, area_prefix="2103"),
    "coordinator": _actor(Role.COORDINATOR, 6, organisation_id=OFFICE, area_prefix="210302"),
    "second_coordinator": _actor(Role.COORDINATOR, 7, organisation_id=OFFICE, area_prefix="210302"),
    "handler": _actor(Role.HANDLER, 8, organisation_id=LEAD),
    "unit_approver": _actor(Role.UNIT_APPROVER, 9, organisation_id=LEAD),
    "co_handler": _actor(Role.CO_HANDLER, 10, organisation_id=CO),
    "co_unit_handler": _actor(Role.HANDLER, 11, organisation_id=CO),
    "co_approver": _actor(Role.UNIT_APPROVER, 19, organisation_id=CO),
    "revisitor": _actor(Role.REVISITOR, 12, area_prefix="2103"),
    "supervisor": _actor(Role.SUPERVISOR, 13, area_prefix="2103"),
    "lay_supervisor": _actor(Role.LAY_SUPERVISOR, 14, area_prefix="2103"),
    "register_officer": _actor(Role.REGISTER_OFFICER, 15, organisation_id=OFFICE),
    "sys_admin": _actor(Role.SYS_ADMIN, 16),
    "sec_admin": _actor(Role.SEC_ADMIN, 17),
    "auditor": _actor(Role.AUDITOR, 18),
    "system": system("定时任务"),
}
"""One actor for every part, with a role of every kind among them."""


@dataclass
class Play:
    """A ticket on stage: its state, its events, and a clock that goes on with every act."""

    state: TicketState
    at: datetime
    events: list[Event] = field(default_factory=list)
    changes: list[Change] = field(default_factory=list)
    terms: Terms = TERMS

    def act(self, action: Act, given: Any = None, **changes: Any) -> Change:
        """Take `action`: with usual facts, by the usual part (`by`), a minute later (`at`)."""
        self.at = changes.get("at") or self.at + MINUTE
        change = self.try_to(action, given, by=changes.get("by"))
        self.state = put_down(self.state, change)
        self.events.append(change.event)
        self.changes.append(change)
        return change

    def try_to(self, action: Act, given: Any = None, *, by: str | Actor | None = None) -> Change:
        """What `action` would do now; the state stays."""
        actor = by if isinstance(by, Actor) else PLAYERS[by or story.DOERS[action]]
        given = given or story.usual_facts(action, LEAD, CO, self.at)
        return ticket_flow.decide(self.state, action, given, actor, Moment(self.at, self.terms))

    def clock(self, kind: ClockKind, organisation: int | None = None) -> Clock:
        """The clock of this kind in the present round, or in the first."""
        found = {(one.round, one.kind, one.organisation_id): one for one in self.state.clocks}
        return found.get((self.state.round, kind, organisation)) or found[1, kind, organisation]


def submitted(at: datetime = MONDAY, terms: Terms = TERMS, **changes: Any) -> Play:
    """A ticket just submitted by the enterprise. `changes` are fields of the submission."""
    facts = replace(story.USUAL[Act.SUBMIT], **changes)
    intake = Intake(NUMBER, ENTERPRISE, AREA, HOUSEKEEPER)
    change = open_ticket(intake, facts, PLAYERS["applicant"], Moment(at, terms))
    names = {field.name for field in fields(TicketState)}
    known = {name: value for name, value in change.values.items() if name in names}
    state = TicketState(**_frozen(known), id=1, clocks=change.records, rules=terms.rules)  # type: ignore[arg-type]
    return Play(state, at, [change.event], [change], terms)


def play_to(status: Status, at: datetime = MONDAY, terms: Terms = TERMS, **given: Any) -> Play:
    """A ticket led to `status` on the straight way. `given` replaces facts by action."""
    play = submitted(at, terms)
    if status is Status.COORDINATING:
        given.setdefault("record_revisit", story.UNSOLVED)
    for action in story.PATHS[status]:
        play.act(action, given.get(action.value))
    return play


def ruled_by(**amounts: int) -> Terms:
    """The shipped terms with other numbers, each by the name of its rule."""
    return replace(TERMS, rules=Rules(RULES | {Rule(name): each for name, each in amounts.items()}))


def put_down(state: TicketState, change: Change) -> TicketState:
    """The state that is read after `change` was written."""
    names = {field.name for field in fields(TicketState)}
    values = _frozen({name: value for name, value in change.values.items() if name in names})
    state = replace(state, **values)
    records = {
        "assignments": _merged(state.assignments, change, Assignment, "organisation_id"),
        "supplements": _merged(state.supplements, change, SupplementRequest, "attempt"),
        "clocks": _merged(state.clocks, change, Clock, "kind", "organisation_id"),
        "reply": _of_round(state.reply, change, Reply, state.round),
        "revisit": _of_round(state.revisit, change, Revisit, state.round),
        "evaluation": _of_round(state.evaluation, change, Evaluation, state.round),
        "matters": _merged(state.matters, change, Matter, "seq"),
    }
    return replace(state, **records)


def _frozen(values: dict[str, Any]) -> dict[str, Any]:
    return {name: tuple(one) if isinstance(one, list) else one for name, one in values.items()}


def _merged(old: tuple[Any, ...], change: Change, kind: type[Any], *key: str) -> tuple[Any, ...]:
    names = key if kind in (SupplementRequest, Matter) else ("round", *key)
    rows = {tuple(getattr(row, name) for name in names): row for row in old}
    for row in change.records:
        if isinstance(row, kind):
            rows[tuple(getattr(row, name) for name in names)] = row
    return tuple(rows.values())


def _of_round(old: Any, change: Change, kind: type[Any], number: int) -> Any:
    rows = [row for row in (old, *change.records) if isinstance(row, kind)]
    return next((row for row in reversed(rows) if row.round == number), None)


def row_of(event: Event) -> dict[str, Any]:
    """The event as the table holds it."""
    who = {"account_id": event.actor.account_id, "actor_name": event.actor.name}
    place = {"organisation_id": event.actor.organisation_id, "ip": event.actor.ip}
    plain = {name: getattr(event, name) for name in HASHED if hasattr(event, name)}
    return {**plain, **who, **place, "role": event.actor.role, "hash": event.hash}
