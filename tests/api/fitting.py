"""What a route that changes a ticket needs before it can succeed: a ticket, a time, a body."""

import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Any, TypeAlias

import sqlalchemy as sa

from app.db import db
from app.domain.facts.acceptance import Acceptance
from app.domain.facts.aftercare import Rating
from app.domain.facts.deferral import Deferral
from app.domain.facts.merging import MergeInto
from app.domain.facts.rectification import ReviewVerdict
from app.domain.permissions import Permission as Act
from app.domain.rating import Verdict
from app.domain.vocabulary import TicketClass
from app.models.attachment import Attachment
from tests.api.every_route import Stop
from tests.api.rights.world import BY_PHONE, World
from tests.api.test_rights_matrix import ROWS
from tests.callers import API
from tests.domain.story import tracked_by
from tests.factories import MONDAY, Case, Cast, make_ticket
from tests.factories.tickets import parent_of
from tests.factories.uploads import make_upload

Steps: TypeAlias = tuple[tuple[Act, Any], ...]

LATER = MONDAY + timedelta(days=7)
PART = "/assignments/{assignment_id}"
TICKET = "/tickets/{number}"

AFRESH = ("/acceptance", "/refusal", "/supplement-request", "/withdrawal/check")
"""Possible only where nobody has proposed to refuse, or not on the way round."""
DEFERRED = ("/deferred-material", "/deferral-failure")
"""Possible only where material was promised."""
IN_TIME = ("/return-request", "/return-request/consent")
"""Possible only for a day after the dispatch."""

SUSPENDED = (Act.REQUEST_SUSPENSION, Act.RULE_SUSPENSION)
MOVED = (*SUSPENDED, Act.RESUME)
"""A promise that is due today is extended once a suspension has moved it."""
ASKED = (*MOVED, Act.REQUEST_EXTENSION)

PROMISED = Acceptance(
    TicketClass.APPROVAL,
    "approval",
    promised_days=5,
    deferral=Deferral(("环评批复",), MONDAY.date() + timedelta(days=4)),
)

BAD: Steps = ((Act.EVALUATE, Rating(1)),)
SET_ASIDE = ReviewVerdict(Verdict.SET_ASIDE, "评价对象有误")

BEFORE: Mapping[str, tuple[Act, ...]] = {
    f"{PART}/approval": (Act.GIVE_OPINION, Act.REPLY, Act.COUNTERSIGN),
    f"{PART}/countersignature": (Act.GIVE_OPINION, Act.REPLY),
    f"{PART}/extension-request": MOVED,
    f"{PART}/extension-request/consent": ASKED,
    f"{PART}/return-request/consent": (Act.REQUEST_RETURN,),
    f"{PART}/ruling": (Act.REQUEST_RETURN, Act.CONSENT_RETURN),
    f"{TICKET}/consultation/conclusion": (Act.CONVENE,),
    f"{TICKET}/joint-meeting": (Act.ESCALATE,),
    f"{TICKET}/joint-meeting/conclusion": (Act.ESCALATE, Act.CONVENE_JOINT_MEETING),
    f"{TICKET}/joint-meeting/task-completion": (
        *(Act.ESCALATE, Act.CONVENE_JOINT_MEETING, Act.CONCLUDE_JOINT_MEETING),
    ),
    f"{TICKET}/tracking": (Act.ESCALATE,),
    f"{TICKET}/extension-request/approval": (*ASKED, Act.CONSENT_EXTENSION),
    f"{TICKET}/first-contact/confirmation": (Act.FIRST_CONTACT,),
    f"{TICKET}/purge-request/ruling": (Act.REQUEST_PURGE,),
    f"{TICKET}/resumption": SUSPENDED,
    f"{TICKET}/review-contact": (Act.RECORD_REVISIT,),
    f"{TICKET}/review-verification": (Act.RECORD_REVISIT,),
    f"{TICKET}/suspension/approval": (Act.REQUEST_SUSPENSION,),
    f"{TICKET}/unreasonable-finding/approval": (Act.PROPOSE_UNREASONABLE,),
    f"{TICKET}/withdrawal/check": (Act.FIRST_CONTACT, Act.WITHDRAW),
}
"""What comes before, beside the way to the status."""


def _tracked(cast: Cast) -> Steps:
    owner = tracked_by(cast.lead_unit.id, cast.handler.account.id)
    return ((Act.ESCALATE, None), (Act.TRACK_OPEN, owner))


BEFORE_AS_GIVEN: Mapping[str, Callable[[Cast], Steps]] = {
    f"{TICKET}/review-contact": lambda _: BAD,
    f"{TICKET}/review-verification": lambda _: BAD,
    f"{TICKET}/review-verification/ruling": lambda _: (*BAD, (Act.VERIFY_REVIEW, SET_ASIDE)),
    f"{TICKET}/tracking/end": _tracked,
    f"{TICKET}/tracking/review": _tracked,
    f"{TICKET}/unmerge": lambda cast: (
        (Act.MERGE, MergeInto(parent_of(make_ticket("handling", cast)), "同一事项")),
    ),
}
"""The same, where the usual facts of the action would not do."""

BODIES: Mapping[str, Callable[[Cast, int], dict[str, Any]]] = {
    f"{TICKET}/dispatch": lambda cast, _: {
        "lead_organisation_id": cast.lead_unit.id,
        "co_organisation_ids": [],
    },
    f"{PART}/return-request": lambda cast, _: {"suggested_organisation_id": cast.co_unit.id},
    f"{TICKET}/consultation": lambda cast, _: {
        "organisation_ids": [cast.lead_unit.id, cast.co_unit.id]
    },
    f"{TICKET}/consultation/conclusion": lambda cast, _: {
        "lead_organisation_id": cast.lead_unit.id,
        "co_organisation_ids": [cast.co_unit.id],
    },
    f"{TICKET}/joint-meeting": lambda cast, _: {
        "organisation_ids": [cast.lead_unit.id, cast.co_unit.id]
    },
    f"{TICKET}/joint-meeting/conclusion": lambda cast, _: {
        "lead_organisation_id": cast.lead_unit.id,
        "co_organisation_ids": [],
        "actions": [{"organisation_id": cast.lead_unit.id, "task": "迁改", "due_on": "2026-07-10"}],
    },
    f"{TICKET}/merge": lambda cast, _: {
        "parent_number": make_ticket("handling", cast).number,
        "reason": "同一事项",
    },
    f"{TICKET}/tracking": lambda cast, _: {
        "owner_organisation_id": cast.lead_unit.id,
        "owner_account_id": cast.handler.account.id,
    },
    f"{TICKET}/progress": lambda *_: {"next_report_on": "2026-06-10"},
    f"{TICKET}/purge-request": lambda *_: {"attachment_ids": [_handed_in()]},
    f"{TICKET}/suspension": lambda _, asker: {"attachment_ids": [make_upload(asker, LATER).id]},
}
"""What the body of the document names, by who is there and who asks: units, days, files."""


def made_fit(stop: Stop, world: World, asker: int) -> tuple[Case, Stop]:
    """The ticket that a route acts on, with all that comes before, and the route about it."""
    address = re.sub(r"<\w+:(\w+)>", r"{\1}", stop.rule).removeprefix(API)
    case = replace(world.tickets[ROWS[stop.method, address].status])
    fresh = _fresh(address, world.cast)
    if fresh:
        stop = replace(stop, path=stop.path.replace(case.number, fresh.number))
        case = fresh
    for action in BEFORE.get(address, ()):
        case.act(action, at=LATER if action is Act.RESUME else None)
    for action, given in BEFORE_AS_GIVEN.get(address, _nothing)(world.cast):
        case.act(action, given)
    if address in BODIES:
        stop = replace(stop, body={**(stop.body or {}), **BODIES[address](world.cast, asker)})
    return case, stop


def _handed_in() -> int:
    """The file that the world's ticket came with."""
    return db.session.scalars(sa.select(Attachment.id).where(Attachment.ticket_id > 0)).one()


def _nothing(_: Cast) -> Steps:
    return ()


def _fresh(address: str, cast: Cast) -> Case | None:
    if address.endswith(AFRESH):
        by_phone = replace(BY_PHONE, enterprise_id=cast.enterprise.id)
        return make_ticket(cast=cast, by=cast.operator.actor, submit=by_phone)
    if address.endswith(DEFERRED):
        return make_ticket("accepted", cast, accept=PROMISED)
    return None
