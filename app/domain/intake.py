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
class Earlier:
    """The ticket that is handed in again: from whom it was kept, this one is kept, too."""

    number: str
    complained_housekeeper_id: int | None = None
    complained_organisation_ids: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Intake:
    """What is known about the enterprise when its request comes in."""

    number: str
    enterprise_id: int
    area_code: str
    housekeeper_id: int | None
    housekeeper_unit_id: int | None = None
    earlier: Earlier | None = None

    def complained_units(self, complained: Complained) -> tuple[int, ...]:
        """The units that are complained of, now or in the ticket before."""
        before = self.earlier.complained_organisation_ids if self.earlier else ()
        return before or complained.organisation_ids

    def complained_housekeeper(self, complained: Complained) -> int | None:
        """The housekeeper who is complained of, or whose unit is; the same as the ticket before."""
        if self.earlier and self.earlier.complained_housekeeper_id is not None:
            return self.earlier.complained_housekeeper_id
        is_meant = complained.housekeeper or self.housekeeper_unit_id in self.complained_units(
            complained
        )
        return self.housekeeper_id if is_meant else None


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
        "resubmitted_from": intake.earlier.number if intake.earlier else None,
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
    return said | ({"resubmitted_from": intake.earlier.number} if intake.earlier else {})


def _kept_from(intake: Intake, facts: Submission) -> dict[str, Any]:
    """From whom the ticket is kept; what is about its housekeeper is confidential by itself."""
    housekeeper_id = intake.complained_housekeeper(facts.complains_of)
    is_about_housekeeper = housekeeper_id is not None or facts.complains_of.housekeeper
    return {
        "is_confidential": facts.is_confidential or is_about_housekeeper,
        "complained_housekeeper_id": housekeeper_id,
        "complained_organisation_ids": list(intake.complained_units(facts.complains_of)),
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
