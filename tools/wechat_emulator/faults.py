"""Fault rules: which call is struck, how often, by what. The first rule that matches wins."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from random import Random
from typing import Any

from tools.wechat_emulator.answers import Json
from tools.wechat_emulator.arguments import BadArgument
from tools.wechat_emulator.effects import NEEDS_SECRET, Effect, read_effect, require_table

MATCHES = {"path", "openid", "template", "app", "event", "nth"}
RULE_WORDS = {"id", "match", "effect", "probability", "seed", "times", "after"}
TAKES_SECRET = {"/cgi-bin/token", "/cgi-bin/stable_token", "/sns/jscode2session"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """What a rule can be about: a call of the mini-program's server, or (`event`) a push."""

    path: str = ""
    openid: str = ""
    template: str = ""
    app: str = ""
    event: str = ""


@dataclass(slots=True, kw_only=True)
class Rule:
    """One fault: what it waits for, what it does, and how often it has done so."""

    id: str
    match: Mapping[str, str]
    effect: Effect
    nth: int | None
    probability: float
    times: int | None
    after: int
    random: Random = field(repr=False)
    seen: int = 0
    struck: int = 0
    used: Counter[str] = field(default_factory=Counter)

    def strikes(self, subject: Subject) -> bool:
        """Whether it strikes this time; it counts what it sees."""
        if not self.concerns(subject) or (self.times is not None and self.struck >= self.times):
            return False
        self.seen += 1
        is_due = self.seen == self.nth if self.nth else self.seen > self.after
        if not is_due or self.random.random() >= self.probability:
            return False
        self.struck += 1
        return True

    def concerns(self, subject: Subject) -> bool:
        """Whether the subject is what it waits for."""
        is_push = self.effect.kind.startswith("push_")
        if is_push != bool(subject.event):
            return False
        if self.effect.kind in NEEDS_SECRET and subject.path not in TAKES_SECRET:
            return False
        return all(
            is_path(wanted, subject.path) if name == "path" else getattr(subject, name) == wanted
            for name, wanted in self.match.items()
        )

    def exceeds(self, openid: str, at: float) -> bool:
        """For rate_limit: whether this call is one too many in its minute or day."""
        per, limit = self.effect.options["per"], self.effect.options["limit"]
        window = f"{openid if per == 'user' else ''} {int(at // (86_400 if per == 'day' else 60))}"
        self.used[window] += 1
        return self.used[window] > int(limit)


def is_path(wanted: str, path: str) -> bool:
    """`/cgi-bin/token`, or the end of a path such as `subscribe/send`."""
    return path == wanted or path.endswith(f"/{wanted.lstrip('/')}")


def read_rule(given: object, number: int) -> Rule:
    """A rule as an admin writes it; BadArgument names what is wrong."""
    written = require_table(given)
    match: Json = dict(require_table(written.get("match", {})))
    unknown = (set(written) - RULE_WORDS) | (set(match) - MATCHES)
    if unknown:
        raise BadArgument(f"不认识：{', '.join(sorted(unknown))}")
    nth = match.pop("nth", None)
    if any(not isinstance(value, str) for value in match.values()):
        raise BadArgument("match 的值应为文字")
    return Rule(
        id=str(written.get("id", f"fault-{number}")),
        match=match,
        effect=read_effect(written.get("effect")),
        nth=whole(nth, None),
        probability=share(written.get("probability", 1)),
        times=whole(written.get("times"), None),
        after=whole(written.get("after"), 0) or 0,
        random=Random(written.get("seed", 0)),  # noqa: S311 - to be repeated, not to be secret
    )


def whole(given: Any, default: int | None) -> int | None:
    """A count; BadArgument."""
    if given is None:
        return default
    if not isinstance(given, int) or isinstance(given, bool) or given < 0:
        raise BadArgument("次数应为非负整数")
    return given


def share(given: Any) -> float:
    """A probability; BadArgument."""
    if isinstance(given, bool) or not isinstance(given, int | float) or not 0 <= given <= 1:
        raise BadArgument("probability 应在 0 与 1 之间")
    return float(given)


def shown(rule: Rule) -> Json:
    """A rule as an admin reads it."""
    return {
        "id": rule.id,
        "match": dict(rule.match) | ({"nth": rule.nth} if rule.nth else {}),
        "effect": {"kind": rule.effect.kind, "act": rule.effect.acts, **rule.effect.options},
        "probability": rule.probability,
        "times": rule.times,
        "after": rule.after,
        "seen": rule.seen,
        "struck": rule.struck,
    }
