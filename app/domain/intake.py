"""提交: a ticket begins. The number and the clocks exist from here on."""

from dataclasses import dataclass
from typing import Any

from app.domain.actor import Actor
from app.domain.clock_moves import ClockMove, Verb, board_of
from app.domain.errors import Forbidden
from app.domain.event_chain import GENESIS, Draft, Previous
from app.domain.facts.intake import Complained, Submission
from app.domain.permissions import Permission
from app.domain.sla_clock import ClockKind
from app.domain.terms import Moment, presumed_class
from app.domain.ticket_flow import shown
from app.domain.ticket_state import Change, Effect
from app.domain.vocabulary import Status, Step
from app.domain.written import left_by

SUBMITTED = ("kind", "channel", "title", "body", "category_code", "is_anonymous")
_AT_FIRST = {"status": Status.SUBMITTED, "step": Step.ACCEPT, "version": 1}
OPENING_CLOCKS = (ClockKind.FIRST_CONTACT, ClockKind.ACCEPT)


@dataclass(frozen=True, slots=True)
class Intake:
    """What is known about the enterprise when its request comes in."""

    number: str
    enterprise_id: int
    area_code: str
    housekeeper_id: int | None
    housekeeper_unit_id: int | None = None
    resubmitted_from: str | None = None

    def is_about_housekeeper(self, complained: Complained) -> bool:
        """Whether the housekeeper, or the unit whose person that is, is complained of."""
        return complained.housekeeper or self.housekeeper_unit_id in complained.organisation_ids


def open_ticket(intake: Intake, facts: Submission, actor: Actor, moment: Moment) -> Change:
    """A new ticket, `submitted`, with the contact and acceptance clocks running."""
    if actor.account_id is None:
        raise Forbidden
    effect = Effect(
        moves=_opening_moves(facts, moment),
        facts=_said(intake, facts),
        attachment_ids=facts.attachment_ids,
    )
    clocks = board_of((), 1, moment.terms).apply(effect.moves, at=moment.at)
    own = _beginning(intake, facts, actor, moment)
    event = Draft(intake.number, Permission.SUBMIT, effect, actor, moment).event(
        previous=Previous(0, GENESIS, None, 1),
        status=Status.SUBMITTED,
        is_public=True,
        left=left_by(own, ()),
    )
    values = own | {
        **_AT_FIRST,
        "number": intake.number,
        "changed_at": moment.at,
        **shown(clocks[1, ClockKind.ACCEPT, None]),
        "event_seq": event.seq,
        "event_head": event.hash,
    }
    return Change(intake.number, values, event, tuple(clocks.values()), None, facts.attachment_ids)


def _beginning(intake: Intake, facts: Submission, actor: Actor, moment: Moment) -> dict[str, Any]:
    return {
        "enterprise_id": intake.enterprise_id,
        "area_code": intake.area_code,
        "housekeeper_id": intake.housekeeper_id,
        "resubmitted_from": intake.resubmitted_from,
        **{name: getattr(facts, name) for name in SUBMITTED},
        **_kept_from(intake, facts),
        "intake_organisation_id": actor.organisation_id,
        "submitted_by": actor.account_id,
        "submitted_at": moment.at,
        "round": 1,
        "supplement_count": 0,
        "handler_account_ids": [],
        "handler_organisation_ids": [],
        "open_matters": [],
    }


def _said(intake: Intake, facts: Submission) -> dict[str, Any]:
    said = {"title": facts.title, "body": facts.body, "channel": facts.channel.value}
    before = intake.resubmitted_from
    return said | ({"resubmitted_from": before} if before else {})


def _kept_from(intake: Intake, facts: Submission) -> dict[str, Any]:
    """From whom the ticket is kept; what is about its housekeeper is confidential by itself."""
    is_about_housekeeper = intake.is_about_housekeeper(facts.complains_of)
    return {
        "is_confidential": facts.is_confidential or is_about_housekeeper,
        "complained_housekeeper_id": intake.housekeeper_id if is_about_housekeeper else None,
        "complained_organisation_ids": list(facts.complains_of.organisation_ids),
    }


def _opening_moves(facts: Submission, moment: Moment) -> tuple[ClockMove, ...]:
    ticket_class = presumed_class(facts.kind)
    return tuple(
        ClockMove(
            Verb.START,
            kind,
            limit=moment.terms.limit(ticket_class, kind),
            policy_id=moment.terms.policy(ticket_class, kind).id,
        )
        for kind in OPENING_CLOCKS
    )
