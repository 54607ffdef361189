"""自动提出结对: for enterprises that have nobody, by grid or by the authority of their category.

其他: whoever of the grid or the town is there where the enterprise is. The rest: the housekeepers
of the unit that reports the category. The same run twice proposes nothing the second time, and what
people have proposed, declined or ended is left alone.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from app.db import db
from app.domain.actor import Actor
from app.domain.pairing_choice import Candidate, Choice, choose
from app.domain.pairing_flow import EndReason, PairingState
from app.domain.pairing_grounds import Grounds, Rule, shown
from app.domain.permissions import Permission
from app.domain.register import CLOSED_DOWN, GRADES
from app.models.area import Area
from app.models.bulk import insert_rows
from app.models.enterprise import Enterprise
from app.models.housekeeper import Housekeeper
from app.models.organisation import Organisation
from app.models.pairing import Pairing
from services import audit
from services.directory.find_areas import area_prefix
from services.pairing.propose import ON_DUTY, NotInCharge, may_report
from services.pairing.recusals import recused
from services.visibility.asking import Condition, within_area
from services.visibility.pairings import RESPONSIBLE_AREA, reached_enterprises

AT_MOST = 1000
BY_GRID = "其他"
GRID_GRADES = GRADES[3:]
"""乡镇街道, 社区网格."""

PARTED = [
    each.value
    for each in (EndReason.DECLINED, EndReason.REQUESTED, EndReason.RECUSAL, EndReason.MISTAKEN)
]
"""Reasons for which people parted an enterprise and a housekeeper."""


@dataclass(frozen=True, slots=True)
class Run:
    """What is asked: which area and category, from behind which enterprise, and how many.

    A dry run only looks.
    """

    area: str
    category: str
    is_dry: bool = False
    after: int = 0
    limit: int = AT_MOST


@dataclass(frozen=True, slots=True)
class Proposed:
    """An enterprise with the housekeeper that was found, and why."""

    enterprise_id: int
    housekeeper_id: int
    housekeeper_name: str
    grounds: dict[str, Any]


@dataclass(frozen=True, slots=True)
class RunResult:
    """What a run proposed, who is without a candidate, and what is left for the next run.

    `next_after` is None when nothing is left.
    """

    proposed: list[Proposed]
    without_candidate: list[int]
    left: int
    next_after: int | None


def propose_automatically(actor: Actor, run: Run, *, at: datetime) -> RunResult:
    """Propose a housekeeper for each of the next enterprises that have none, by number.

    Raises `InvalidInput` for an unknown area, `NotInCharge` for a category of somebody else.
    """
    if not may_report(actor, run.category):
        raise NotInCharge
    wanting = _wanting(actor, run)
    enterprise_ids = list(db.session.scalars(_next(wanting, run)))
    rule = Rule.GRID if run.category == BY_GRID else Rule.AUTHORITY
    candidates = _candidates(enterprise_ids, rule)
    found = choose(
        [(each, candidates[each]) for each in enterprise_ids], _loads(candidates.values())
    )
    if found and not run.is_dry:
        _store(actor, found, rule, at)
        audit.record(actor, "propose_pairings", f"area:{run.area}", {"count": len(found)})
    last = enterprise_ids[-1] if enterprise_ids else run.after
    left = db.session.scalar(_count_after(wanting, last)) or 0
    return RunResult(
        _told(found, rule),
        [each for each in enterprise_ids if each not in found],
        left,
        last if left else None,
    )


def _wanting(actor: Actor, run: Run) -> Condition:
    """The condition on enterprises within reach that nobody stands for or is proposed to."""
    somebody = sa.exists().where(
        Pairing.enterprise_id == Enterprise.id,
        Pairing.role == "lead",
        Pairing.state != PairingState.ENDED.value,
    )
    return sa.and_(
        reached_enterprises(actor, Permission.PROPOSE_PAIRING),
        within_area(RESPONSIBLE_AREA, area_prefix(run.area)),
        Enterprise.primary_category == run.category,
        Enterprise.operating_state != CLOSED_DOWN,
        ~somebody,
    )


def _next(wanting: Condition, run: Run) -> sa.Select[int]:
    query = sa.select(Enterprise.id).where(wanting, Enterprise.id > run.after)
    query = query.order_by(Enterprise.id).limit(run.limit)
    return query if run.is_dry else query.with_for_update(key_share=True)


def _count_after(wanting: Condition, last: int) -> sa.Select[int]:
    return sa.select(sa.func.count()).select_from(Enterprise).where(wanting, Enterprise.id > last)


def _candidates(enterprise_ids: Sequence[int], rule: Rule) -> dict[int, list[Candidate]]:
    """By enterprise: who may be proposed, in one statement for all of them."""
    chosen = Enterprise.id == sa.any_(sa.cast(list(enterprise_ids), sa.ARRAY(sa.BigInteger)))
    parted = sa.exists().where(
        Pairing.enterprise_id == Enterprise.id,
        Pairing.housekeeper_id == Housekeeper.id,
        Pairing.role == "lead",
        Pairing.end_reason.in_(PARTED),
    )
    query = (_by_grid() if rule is Rule.GRID else _by_authority()).where(
        chosen,
        sa.func.starts_with(RESPONSIBLE_AREA, Area.prefix),
        Housekeeper.duty_state == ON_DUTY,
        ~recused(Enterprise.id, Housekeeper.id, Housekeeper.organisation_id),
        ~parted,
    )
    found: dict[int, list[Candidate]] = defaultdict(list)
    for enterprise_id, housekeeper_id, nearness in db.session.execute(query):
        found[enterprise_id].append(Candidate(housekeeper_id, nearness))
    return found


_COLUMNS = (Enterprise.id, Housekeeper.id, sa.func.length(Area.prefix))


def _by_grid() -> sa.Select[*tuple[Any, ...]]:
    """People of the enterprise's village and town, found by the codes of both."""
    # As the column is, for only then does its index answer.
    codes = [
        sa.cast(sa.func.rpad(sa.func.left(RESPONSIBLE_AREA, length), 12, "0"), sa.CHAR(12))
        for length in (9, 12)
    ]
    near = sa.and_(Housekeeper.area_code.in_(codes), Housekeeper.grade.in_(GRID_GRADES))
    return (
        sa.select(*_COLUMNS)
        .select_from(Enterprise)
        .join(Housekeeper, near)
        .join(Area, Area.code == Housekeeper.area_code)
    )


def _by_authority() -> sa.Select[*tuple[Any, ...]]:
    """People of the units that report the category, in whose area the enterprise lies."""
    reports = Enterprise.primary_category == sa.any_(Organisation.reports_categories)
    return (
        sa.select(*_COLUMNS)
        .select_from(Enterprise)
        .join(Organisation, sa.and_(Organisation.is_confirmed, reports))
        .join(Area, Area.code == Organisation.area_code)
        .join(Housekeeper, Housekeeper.organisation_id == Organisation.id)
    )


def _loads(candidates: Any) -> Mapping[int, int]:
    people = sorted({one.housekeeper_id for each in candidates for one in each})
    query = (
        sa.select(Pairing.housekeeper_id, sa.func.count().label("carried"))
        .where(
            Pairing.housekeeper_id == sa.any_(sa.cast(people, sa.ARRAY(sa.BigInteger))),
            Pairing.role == "lead",
            Pairing.state != PairingState.ENDED.value,
        )
        .group_by(Pairing.housekeeper_id)
    )
    return {row.housekeeper_id: row.carried for row in db.session.execute(query)}


def _store(actor: Actor, found: Mapping[int, Choice], rule: Rule, at: datetime) -> None:
    rows = [
        {
            "enterprise_id": enterprise_id,
            "housekeeper_id": choice.housekeeper_id,
            "role": "lead",
            "state": PairingState.PROPOSED.value,
            "proposed_at": at,
            "proposed_by": actor.account_id,
            "grounds": _grounds(choice, rule).stored(),
        }
        for enterprise_id, choice in found.items()
    ]
    db.session.execute(insert_rows(Pairing, rows).on_conflict_do_nothing())


def _grounds(choice: Choice, rule: Rule) -> Grounds:
    return Grounds(rule, choice.load, choice.alternatives)


def _told(found: Mapping[int, Choice], rule: Rule) -> list[Proposed]:
    people = sorted({choice.housekeeper_id for choice in found.values()})
    query = sa.select(Housekeeper.id, Housekeeper.name).where(
        Housekeeper.id == sa.any_(sa.cast(people, sa.ARRAY(sa.BigInteger)))
    )
    names = {row.id: row.name for row in db.session.execute(query)}
    return [
        Proposed(
            enterprise_id,
            choice.housekeeper_id,
            names[choice.housekeeper_id],
            shown(_grounds(choice, rule).stored()),
        )
        for enterprise_id, choice in found.items()
    ]
