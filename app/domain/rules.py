"""流转规则: the numbers of a ticket's way that are no time limits. Their amounts are rows.

Each name has its meaning here, and how far an administrator may go with it; what holds on which
day stands in `flow_rules`. Source: the domain, section 4, where a line names no other.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from app.domain.errors import Refused


class Rule(StrEnum):
    """流转规则的名称; what each means: `MEANINGS`."""

    SUPPLEMENT_NOTICES = "supplement_notices"
    RETURNS_BEFORE_CONSULTATION = "returns_before_consultation"
    EXTENSION_DAYS_BEFORE_DUE = "extension_days_before_due"
    OTHER_HANDS_FROM_ROUND = "other_hands_from_round"
    PRESSURE_CHECK_HOURS = "pressure_check_hours"
    ARREARS_DAYS_AT_MOST = "arrears_days_at_most"
    REVISIT_ATTEMPTS = "revisit_attempts"
    REVISIT_CONSULT_PERCENT = "revisit_consult_percent"
    REVISIT_PERCENT = "revisit_percent"
    REVISIT_AT_LEAST = "revisit_at_least"
    FOLLOW_UP_DAYS = "follow_up_days"
    SILENCE_DAYS = "silence_days"
    RATING_CHANGE_DAYS = "rating_change_days"
    DUPLICATE_DAYS = "duplicate_days"
    HANDOVER_SIGNING_DAYS = "handover_signing_days"
    CARD_APPEAL_DAYS = "card_appeal_days"
    ORDER_DAYS = "order_days"
    RED_CARDS_FOR_LETTER = "red_cards_for_letter"
    RED_CARDS_WITHIN_DAYS = "red_cards_within_days"
    LETTER_REPLY_DAYS = "letter_reply_days"
    PUSHES_A_DAY = "pushes_a_day"
    DIGESTS_A_DAY = "digests_a_day"
    SILENT_PAIRING_DAYS = "silent_pairing_days"
    DEPUTY_AFTER_HOURS = "deputy_after_hours"
    COORDINATOR_AFTER_HOURS = "coordinator_after_hours"


class RuleUnit(StrEnum):
    """流转规则的单位."""

    HOURS = "hours"
    WORKING_HOURS = "working_hours"
    DAYS = "days"
    WORKING_DAYS = "working_days"
    TIMES = "times"
    ROUND = "round"
    CARDS = "cards"
    PERCENT = "percent"
    TICKETS = "tickets"


UNIT_LABELS: Mapping[RuleUnit, str] = {
    RuleUnit.HOURS: "小时",
    RuleUnit.WORKING_HOURS: "个工作小时",
    RuleUnit.DAYS: "天",
    RuleUnit.WORKING_DAYS: "个工作日",
    RuleUnit.TIMES: "次",
    RuleUnit.ROUND: "轮",
    RuleUnit.CARDS: "张",
    RuleUnit.PERCENT: "%",
    RuleUnit.TICKETS: "件",
}


class MissingRule(Refused):
    """没有配置适用的流转规则，请联系管理员。"""

    code = "missing-rule"


@dataclass(frozen=True, slots=True)
class Meaning:
    """What a number says, for people, and between which bounds it may be set."""

    label: str
    unit: RuleUnit
    lowest: int
    highest: int
    source: str


_U = RuleUnit

MEANINGS: Mapping[Rule, Meaning] = {
    Rule.SUPPLEMENT_NOTICES: Meaning("补正最多通知几次", _U.TIMES, 1, 5, "4.4 supplement"),
    Rule.RETURNS_BEFORE_CONSULTATION: Meaning(
        "退回裁定几次后须先会商", _U.TIMES, 1, 10, "4.4 return"
    ),
    Rule.EXTENSION_DAYS_BEFORE_DUE: Meaning(
        "延期最迟在办结时限前几个工作日申请", _U.WORKING_DAYS, 1, 10, "4.4 extension"
    ),
    Rule.OTHER_HANDS_FROM_ROUND: Meaning("从第几轮起换人换单位办理", _U.ROUND, 2, 10, "4.4 rework"),
    Rule.PRESSURE_CHECK_HOURS: Meaning(
        "联系企业后几小时内撤回的须核查", _U.HOURS, 1, 720, "4.4 withdraw"
    ),
    Rule.ARREARS_DAYS_AT_MOST: Meaning(
        "拖欠账款自提交起最长办理几天",
        _U.DAYS,
        30,
        90,
        "4.1 arrears; no longer than 《保障中小企业款项支付条例》 allows",
    ),
    Rule.REVISIT_ATTEMPTS: Meaning("回访几次未接通为未联系上", _U.TIMES, 1, 10, "4.3 and 6"),
    Rule.REVISIT_CONSULT_PERCENT: Meaning("咨询抽签回访的比例", _U.PERCENT, 1, 100, "6 sample"),
    Rule.REVISIT_PERCENT: Meaning("其他诉求抽签回访的比例", _U.PERCENT, 20, 100, "6 sample"),
    Rule.REVISIT_AT_LEAST: Meaning(
        "各单位各分级每月至少回访几件（咨询除外）", _U.TICKETS, 5, 1_000, "6 sample"
    ),
    Rule.FOLLOW_UP_DAYS: Meaning("难件归档后几天跟踪回访", _U.DAYS, 1, 366, "6 follow-up"),
    Rule.SILENCE_DAYS: Meaning("结对企业几天没有诉求须联系一次", _U.DAYS, 30, 1_096, "6 follow-up"),
    Rule.RATING_CHANGE_DAYS: Meaning("评价后几天内可以更改", _U.DAYS, 1, 30, "6"),
    Rule.DUPLICATE_DAYS: Meaning("疑似重复包括几天内结束的诉求", _U.DAYS, 1, 366, "4.4 duplicates"),
    Rule.HANDOVER_SIGNING_DAYS: Meaning("交接几个工作日内签收", _U.WORKING_DAYS, 1, 20, "3"),
    Rule.CARD_APPEAL_DAYS: Meaning(
        "黄牌红牌几个工作日内可以申诉", _U.WORKING_DAYS, 1, 30, "4.4 supervision ladder"
    ),
    Rule.ORDER_DAYS: Meaning("督办单几个工作日内回复", _U.WORKING_DAYS, 1, 60, "our default"),
    Rule.RED_CARDS_FOR_LETTER: Meaning("几张红牌后建议发提醒函", _U.CARDS, 1, 100, "7"),
    Rule.RED_CARDS_WITHIN_DAYS: Meaning("红牌按最近几天计数", _U.DAYS, 1, 366, "7"),
    Rule.LETTER_REPLY_DAYS: Meaning(
        "提醒函几个工作日内回复", _U.WORKING_DAYS, 1, 60, "our default"
    ),
    Rule.PUSHES_A_DAY: Meaning("工作人员每天最多几次手机提醒", _U.TIMES, 1, 50, "8"),
    Rule.DIGESTS_A_DAY: Meaning("超出和夜间的提醒每天最多汇总几次", _U.TIMES, 1, 6, "our default"),
    Rule.SILENT_PAIRING_DAYS: Meaning("结对几天没有联系提示管家", _U.DAYS, 30, 1_096, "8"),
    Rule.DEPUTY_AFTER_HOURS: Meaning(
        "新诉求几个工作小时未读告诉副管家", _U.WORKING_HOURS, 1, 40, "8"
    ),
    Rule.COORDINATOR_AFTER_HOURS: Meaning(
        "新诉求几个工作小时未读告诉协调员", _U.WORKING_HOURS, 1, 80, "8"
    ),
}


class Rules(dict[Rule, int]):
    """The amounts in force on a day. What is asked for and not there raises `MissingRule`."""

    def __missing__(self, rule: Rule) -> int:
        raise MissingRule
