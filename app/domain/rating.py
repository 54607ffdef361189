"""好差评: five levels, the lowest two are bad (domain, section 6)."""

from datetime import timedelta
from enum import StrEnum

from app.domain.rules import Rule, Rules

LEVELS = {5: "非常满意", 4: "满意", 3: "基本满意", 2: "不满意", 1: "非常不满意"}
BAD = frozenset({1, 2})


class Verdict(StrEnum):
    """差评核查的结论: borne out, put right at once, without legal ground, not to be heeded."""

    UPHELD = "upheld"
    FIXED = "fixed"
    EXPLAINED = "explained"
    SET_ASIDE = "set_aside"


def change_within(rules: Rules) -> timedelta:
    """A rating may be changed once within these days (domain, section 6).

    The same are given to rate a rectification.
    """
    return timedelta(days=rules[Rule.RATING_CHANGE_DAYS])


def is_bad(level: int) -> bool:
    """Whether `level` (1–5) is a 差评."""
    return level in BAD
