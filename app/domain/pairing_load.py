"""负荷: how many enterprises one housekeeper should look after. It warns, and never refuses."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum


class LoadKind(StrEnum):
    """What counts towards which limit: 重点项目, and all the rest."""

    KEY = "key"
    OTHER = "other"


class CoverageGroup(StrEnum):
    """How the enterprises are grouped: by county or zone, by primary category."""

    AREA = "area"
    CATEGORY = "category"


KEY_CATEGORY = "重点项目"
KIND_LABELS: Mapping[LoadKind, str] = {LoadKind.KEY: "重点项目", LoadKind.OTHER: "其他企业"}


@dataclass(frozen=True, slots=True)
class Limit:
    """The limit of a grade (None: of those without their own) for one kind."""

    grade: str | None
    kind: LoadKind
    amount: int


@dataclass(frozen=True, slots=True)
class LoadWarning:
    """A limit that is exceeded: `count` enterprises where `limit` should be the most."""

    kind: LoadKind
    count: int
    limit: int
    detail: str


def kind_of(primary_category: str) -> LoadKind:
    """Which limit an enterprise of this primary category counts towards."""
    return LoadKind.KEY if primary_category == KEY_CATEGORY else LoadKind.OTHER


def limits_for(grade: str | None, limits: Iterable[Limit]) -> dict[LoadKind, int]:
    """The limits of a grade: its own, else the general ones. A kind without any is left out."""
    found: dict[LoadKind, int] = {}
    for limit in sorted(limits, key=lambda one: one.grade is not None):
        if limit.grade in (None, grade):
            found[limit.kind] = limit.amount
    return found


def exceeds(count: int, limit: int | None) -> bool:
    """Whether it is more than there should be. Without a limit nothing is."""
    return limit is not None and count > limit


def warnings(counts: Mapping[LoadKind, int], limits: Mapping[LoadKind, int]) -> list[LoadWarning]:
    """One warning for each limit that `counts` exceed."""
    return [
        LoadWarning(
            kind,
            counts[kind],
            most,
            f"对接的{KIND_LABELS[kind]}已达 {counts[kind]} 家，建议不超过 {most} 家。",
        )
        for kind, most in limits.items()
        if exceeds(counts.get(kind, 0), most)
    ]
