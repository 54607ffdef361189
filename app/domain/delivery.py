"""投递的状态与原因: how bringing a message to a phone can end, by which way, and why."""

from collections.abc import Mapping
from enum import StrEnum


class DeliveryState(StrEnum):
    """投递状态."""

    PENDING = "pending"
    SENDING = "sending"
    SENT = "sent"
    FAILED = "failed"
    UNKNOWN = "unknown"
    MERGED = "merged"


class Channel(StrEnum):
    """投递渠道: 企业微信, or the mini-program's subscription messages."""

    WECOM = "wecom"
    MINI_PROGRAM = "mini_program"


class Reason(StrEnum):
    """Why a message did not reach the phone, or why nobody can tell whether it did."""

    EXPIRED = "expired"
    OUTDATED = "outdated"
    UNBOUND = "unbound"
    NO_CONSENT = "no-consent"
    KEPT = "kept-for-important"
    UNSUBSCRIBED = "unsubscribed"
    REJECTED = "rejected"
    GAVE_UP = "gave-up"
    NOT_DELIVERED = "not-delivered"
    NO_ANSWER = "no-answer"
    WORKER_LOST = "worker-lost"
    GONE_ON = "gone-on"
    UNREACHABLE = "unreachable"
    NO_DIGEST = "no-digest-consent"
    DAY_FULL = "day-full"


SETTLED_BY_PEOPLE = frozenset({DeliveryState.FAILED, DeliveryState.UNKNOWN})
"""States that nothing leaves by itself: people may have the message sent again."""

STATE_LABELS: Mapping[DeliveryState, str] = {
    DeliveryState.PENDING: "待发送",
    DeliveryState.SENDING: "发送中",
    DeliveryState.SENT: "已发送",
    DeliveryState.FAILED: "未送达",
    DeliveryState.UNKNOWN: "结果不明",
    DeliveryState.MERGED: "已并入汇总",
}

REASON_LABELS: Mapping[Reason, str] = {
    Reason.EXPIRED: "等待过久，已过有效时间",
    Reason.OUTDATED: "情况已经变化，不再需要提醒",
    Reason.UNBOUND: "接收人没有绑定微信或企业微信",
    Reason.NO_CONSENT: "接收人没有可用的订阅",
    Reason.KEPT: "只剩一次订阅，留给更重要的消息",
    Reason.UNSUBSCRIBED: "微信称接收人没有订阅或已拒收",
    Reason.REJECTED: "微信或企业微信没有接受这条消息",
    Reason.GAVE_UP: "多次尝试没有成功",
    Reason.NOT_DELIVERED: "微信称没有送达",
    Reason.NO_ANSWER: "没有收到微信或企业微信的回答，不知是否送达",
    Reason.WORKER_LOST: "发送中断，不知是否送达",
    Reason.GONE_ON: "等待过久，已改用短信或电话",
    Reason.UNREACHABLE: "企业微信中没有接收人，或不在应用的可见范围内",
    Reason.NO_DIGEST: "接收人没有订阅待办汇总，只发了更要紧的一条",
    Reason.DAY_FULL: "当天提醒已满，等到下次就过时了",
}

CHANNEL_LABELS: Mapping[Channel, str] = {
    Channel.WECOM: "企业微信",
    Channel.MINI_PROGRAM: "小程序订阅消息",
}
