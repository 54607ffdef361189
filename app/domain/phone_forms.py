"""手机消息: the templates of the mini-program, and what each kind of message puts into them."""

from enum import StrEnum


class Template(StrEnum):
    """消息模板, by its title in the mini-program's account."""

    ACCEPTED = "受理通知"
    REFUSED = "不予受理"
    SUPPLEMENT = "补正通知"
    TODO = "新诉求待办"
    DUE_SOON = "即将到期"
    OVERDUE = "已超期"
    FEEDBACK = "办理反馈"
    EVALUATION = "评价邀请"
