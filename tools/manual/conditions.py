"""The conditions of the transition table in Chinese, for people: one sentence to a guard.

A guard that is made for a kind of matter stands here by what makes it; `{matter}` is the name of
the kind. A test demands a sentence for each guard of the table, and none beside.
"""

import inspect
import sys
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from app.domain.guards import (
    admission,
    countersigning,
    deferral,
    escalation,
    judging,
    merging,
    rectification,
    retarget,
    returning,
    rework,
    settling,
    suspending,
    tracking,
    units,
)
from app.domain.guards.ticket import Guard, always, every
from app.domain.labels import MATTER

SENTENCES: Mapping[Callable[..., Any], str] = {
    admission.not_yet_contacted: "首次联系还没有登记过；只登记一次",
    admission.contact_unconfirmed: "已登记首次联系，而企业还没有表示是否属实",
    admission.not_transferred: "没有转出过；只转出一次",
    admission.no_refusal_pending: "没有等待审批的不予受理意见",
    admission.refusal_pending: "有不予受理的意见等待审批",
    admission.did_not_propose_refusal: "不得审批自己提出的意见",
    admission.may_ask_again: "要求补正还没有达到规定次数，且没有等待审批的不予受理意见",
    countersigning.may_countersign: "主办单位已有答复稿，本单位已反馈意见，还没有会签这一稿",
    deferral.is_deferred: "有承诺后补、还没有补齐的材料",
    escalation.reaches_higher: "协调员只能提到会商一级，再往上由督导提级",
    escalation.is_below_the_top: "还没有提到联席会议",
    escalation.may_meet: "已提到联席会议",
    escalation.meets: "联席会议已召集",
    escalation.has_tasks: "有未完成的会议任务；承办单位的人只能登记本单位的",
    tracking.owns_tracked: "督导，或挂账责任单位的人",
    tracking.may_track: "已提到联席会议而仍未答复；或已经挂账",
    tracking.is_tracked: "正在挂账跟踪",
    judging.did_not_handle: "本人和本单位都没有办理过本件",
    judging.may_rate: "每轮评价一次，可以更改一次；差评整改之后可以再评一次；已并案的须主件已答复",
    judging.not_found_unreasonable: "还没有认定为不合理诉求",
    judging.awaits_pressure_check: "企业在办理方联系之后不久撤回，还没有核查",
    merging.is_unanswered_child: "主件还没有答复",
    rectification.is_rectifying: "差评正在整改",
    rectification.awaits_verdict: "差评正在整改，且没有等待裁定的不予采信",
    rectification.awaits_ruling: "有人提请对差评不予采信，等待裁定",
    rectification.is_second_office: "本人和本单位都没有办理过本件；不得裁定自己提请的",
    retarget.has_promise: "由人重定的，须已受理而还没有反馈；系统则重算一切未停止的时限",
    returning.may_return: "本单位还没有答复，没有用过退回的机会，也没有正在处理的退回申请",
    returning.did_not_ask_return: "本单位承办本件；不得审批自己提出的申请",
    returning.return_awaits_consent: "本单位有人申请退回，等待本单位审批",
    returning.return_awaits_ruling: "有单位申请退回，已经本单位审批，等待裁定",
    returning.nothing_convened: "没有正在进行的会商或联席会议",
    returning.is_convened: "正在会商",
    rework.may_dispatch: "督导到规定的轮次才派单",
    rework.is_another_hand: "到规定的轮次，须由没有办理过本件的人答复",
    settling.none_open: "没有尚未了结的“{matter}”",
    settling.awaits_consent: "本单位提出的“{matter}”等待本单位审批",
    settling.awaits_ruling: "有“{matter}”等待审批，提出的单位已同意",
    settling.did_not_open: "不得审批自己提出的“{matter}”",
    settling.is_high_enough: "“{matter}”超出协调员权限的，由督导审批",
    settling.is_elsewhere: "由督导，或提出单位以外的协调员认定",
    suspending.coordinates_or_leads: "协调员，或本轮的主办单位",
    units.has_assignment: "本单位主办或协办本件",
    units.is_lead_unit: "本单位是本轮的主办单位",
    units.leads_or_is_no_unit: "承办单位的人须属于本轮的主办单位",
    units.takes_part_or_is_no_unit: "承办单位的人须属于本轮的主办或协办单位",
    units.is_co_unit: "本单位是本轮的协办单位",
    units.may_rule_reply: "本单位是本轮的主办单位；不得审批自己起草的答复",
    units.is_unsigned: "本单位还没有签收",
    units.is_unanswered: "本单位还没有答复或反馈意见",
    units.awaits_approval: "本单位的答复稿等待审批",
}


def sentences(guard: Guard) -> list[str]:
    """What a guard demands, one sentence to each of its parts. Raises `LookupError`."""
    return [SENTENCES[source(part)].format(**values(part)) for part in known(guard)]


def known(guard: Guard) -> Iterator[Guard]:
    """The parts of a guard, each with a sentence. Raises `LookupError` naming one without."""
    for part in parts(guard):
        if source(part) not in SENTENCES:
            raise LookupError(f"{name(part)} has no sentence in tools/manual/conditions.py")
        yield part


def parts(guard: Guard) -> Iterator[Guard]:
    """The guards that a guard is made of; nothing for the one that asks nothing."""
    if source(guard) is every:
        for one in closed_over(guard)["guards"]:
            yield from parts(one)
    elif guard is not always:
        yield guard


def source(guard: Guard) -> Callable[..., Any]:
    """The guard itself, or the function that makes such guards."""
    maker = guard.__qualname__.split(".", maxsplit=1)[0]
    found: Callable[..., Any] = getattr(sys.modules[guard.__module__], maker)
    return found


def name(guard: Guard) -> str:
    """Where a guard is found: `app.domain.guards.units.is_lead_unit`."""
    return f"{guard.__module__}.{source(guard).__qualname__}"


def values(guard: Guard) -> dict[str, str]:
    """What fills the places of a sentence."""
    kind = closed_over(guard).get("kind")
    return {"matter": MATTER[kind]} if kind else {}


def closed_over(guard: Guard) -> Mapping[str, Any]:
    """What a guard was made for."""
    return inspect.getclosurevars(guard).nonlocals
