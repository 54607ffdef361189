"""退回和会商: what their actions must bring."""

from dataclasses import dataclass

from app.domain.vocabulary import ReturnGround


@dataclass(frozen=True, slots=True)
class ReturnRequest:
    """退回申请: why it is not for the unit, and for whom it is."""

    ground: ReturnGround
    reason: str
    suggested_organisation_id: int


@dataclass(frozen=True, slots=True)
class ReturnConsent:
    """本单位审批人对退回申请的意见."""

    agrees: bool
    note: str | None = None


@dataclass(frozen=True, slots=True)
class ReturnRuling:
    """退回裁定 on the request of the unit `organisation_id`."""

    upheld: bool
    note: str | None = None
    organisation_id: int | None = None


@dataclass(frozen=True, slots=True)
class Convening:
    """召集会商: whom, and about what."""

    organisation_ids: tuple[int, ...]
    agenda: str


@dataclass(frozen=True, slots=True)
class Conclusion:
    """会商结论: who leads and who helps; binding, nobody named may return it again."""

    minutes: str
    lead_organisation_id: int
    co_organisation_ids: tuple[int, ...] = ()
    is_binding: bool = True
