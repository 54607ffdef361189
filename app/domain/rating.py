"""好差评: five levels, the lowest two are bad (domain, section 6)."""

LEVELS = {5: "非常满意", 4: "满意", 3: "基本满意", 2: "不满意", 1: "非常不满意"}
BAD = frozenset({1, 2})


def is_bad(level: int) -> bool:
    """Whether `level` (1–5) is a 差评."""
    return level in BAD
