"""回访抽签: the next lot of a stratum, taken when an answer is delivered.

Whoever takes one holds the stratum until the transaction ends: numbers have no gaps and no doubles.
"""

from dataclasses import replace
from datetime import datetime
from secrets import token_bytes
from typing import Any

import sqlalchemy as sa

from app.domain.areas import PREFIX_LENGTHS
from app.domain.facts.aftercare import Receipt
from app.domain.pairing_load import KEY_CATEGORY
from app.domain.revisit_grounds import grounds_of
from app.domain.revisit_lots import SEED_BYTES, Lot, Share, Stratum, share_of
from app.domain.terms import Moment
from app.domain.ticket_state import TicketState
from app.domain.vocabulary import Status, TicketClass
from app.prepared import Prepared
from services.tickets.terms import local_day

_TAKE = Prepared(
    sa.text(
        "WITH asked AS ("
        " SELECT coalesce(primary_category = :key_category, false) AS is_key"
        " FROM enterprises WHERE id = :enterprise_id"
        "), taken AS ("
        " INSERT INTO revisit_strata AS s (month, organisation_id, area, ticket_class, percent,"
        " minimum, seed, opened_at)"
        " SELECT CAST(:month AS date), CAST(:organisation_id AS bigint), CAST(:area AS text),"
        " CAST(:ticket_class AS text), CAST(:percent AS smallint), CAST(:minimum AS smallint),"
        " CAST(:seed AS bytea), CAST(:at AS timestamptz) FROM asked WHERE NOT is_key"
        " ON CONFLICT ON CONSTRAINT uq_revisit_strata_once"
        " DO UPDATE SET population = s.population + 1"
        " RETURNING s.id, s.population, s.percent, s.minimum, s.seed"
        ") SELECT asked.is_key, taken.* FROM asked LEFT JOIN taken ON true"
    )
)


def with_lot(state: TicketState, facts: Any, moment: Moment) -> Any:
    """The facts, a receipt with its lot; none is taken where the revisit is no matter of chance."""
    if not isinstance(facts, Receipt) or state.status is not Status.FEEDBACK:
        return facts
    if grounds_of(state, at=moment.at):
        return facts
    [row] = _TAKE.execute(_values(state, moment))
    if row.is_key:
        return replace(facts, is_key_project=True)
    share = Share(row.percent, row.minimum)
    return replace(facts, lot=Lot(row.id, row.population, share, bytes(row.seed)))


def _values(state: TicketState, moment: Moment) -> dict[str, Any]:
    stratum = _stratum(state, at=moment.at)
    share = share_of(stratum.ticket_class, moment.terms_of_today.rules)
    return {
        "key_category": KEY_CATEGORY,
        "enterprise_id": state.enterprise_id,
        "month": stratum.month,
        "organisation_id": stratum.organisation_id,
        "area": stratum.area,
        "ticket_class": stratum.ticket_class.value,
        "percent": share.percent,
        "minimum": share.minimum,
        "seed": token_bytes(SEED_BYTES),
        "at": moment.at,
    }


def _stratum(state: TicketState, *, at: datetime) -> Stratum:
    unit = state.lead_organisation_id
    return Stratum(
        month=local_day(at=at).replace(day=1),
        organisation_id=unit,
        area="" if unit else state.area_code[: PREFIX_LENGTHS["county"]],
        ticket_class=state.ticket_class or TicketClass.NORMAL,
    )
