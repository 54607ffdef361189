"""为什么是这位管家: the grounds that every proposal keeps, for officials to read."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any


class Rule(StrEnum):
    """By which rule a housekeeper was proposed."""

    PERSON = "person"
    REGISTER = "register"
    GRID = "grid"
    AUTHORITY = "authority"
    HANDOVER = "handover"
    REQUEST = "request"


RULE_LABELS: Mapping[Rule, str] = {
    Rule.PERSON: "由工作人员提出",
    Rule.REGISTER: "按登记表所填管家",
    Rule.GRID: "按网格：企业所在乡镇街道或社区的管家中，对接企业最少的一位",
    Rule.AUTHORITY: "按类别：负责报送该类别的单位的管家中，对接企业最少的一位",
    Rule.HANDOVER: "由前任管家移交",
    Rule.REQUEST: "应企业更换管家的请求",
}


@dataclass(frozen=True, slots=True)
class Grounds:
    """The rule, what the housekeeper carried at that moment, and how many others could have been.

    `carried` counts standing and waiting pairings as A role; `alternatives` are None where a person
    or a register chose.
    """

    rule: Rule
    carried: int | None = None
    alternatives: int | None = None
    note: str | None = None

    def stored(self) -> dict[str, Any]:
        """As it is kept with the pairing."""
        return {**asdict(self), "rule": self.rule.value}


def shown(grounds: Mapping[str, Any] | None) -> dict[str, Any]:
    """As officials read it, with the rule in words. What a register said keeps no grounds."""
    told = grounds or Grounds(Rule.REGISTER).stored()
    return {**told, "rule_label": RULE_LABELS[Rule(told["rule"])]}
