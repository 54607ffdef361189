"""What a printed case file says, section by section, in the words of the product."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any, TypeAlias

from app.domain import labels
from app.domain.actor import Role
from app.domain.vocabulary import ResultCode
from services.case_files.facts import in_words, told_facts

Row: TypeAlias = tuple[str, str]
"""A name and what is said under it; a row without a name is a sentence."""

CaseFile: TypeAlias = Mapping[str, Any]

_TICKET: Mapping[str, str] = {
    "title": "标题",
    "body": "内容",
    "status_label": "状态",
    "round": "办理轮次",
    "area_code": "区划代码",
    "submitted_at": "提交时间",
    "contacted_at": "首次联系时间",
    "accepted_at": "受理时间",
    "completed_at": "办结时间",
    "delivered_at": "送达时间",
    "archived_at": "归档时间",
    "refused_at": "不予受理时间",
    "withdrawn_at": "撤回时间",
}
_REPLY: Mapping[str, str] = {
    "answer": "答复",
    "unsolved_reason": "未解决原因",
    "handling_note": "办理说明",
    "released_at": "放行时间",
}
_CLOCK: Mapping[str, str] = {
    "started_at": "开始",
    "due_at": "到期",
    "stopped_at": "停止",
    "elapsed_minutes": "已计分钟",
}
_ASSIGNMENT: Mapping[str, str] = {
    "dispatched_at": "派单",
    "signed_at": "签收",
    "done_at": "办结",
    "cancelled_at": "取消",
    "opinion": "意见",
}


def heading(content: CaseFile) -> str:
    """The title of the first page."""
    version = "（企业版）" if content["is_public_version"] else ""
    return f"诉求案卷 {content['number']}{version}"


def _ticket(content: CaseFile) -> Iterator[Row]:
    ticket, by = content["ticket"], content["generated_by"]
    yield (
        "取得",
        f"{in_words(content['generated_at'])}　{labels.ROLE[Role(by['role'])]} {by['name']}",
    )
    yield "企业", ticket["enterprise"]["name"]
    yield from _named(ticket, _TICKET)
    contact = ticket["contact"]
    if contact:
        yield "联系人", "　".join(filter(None, (contact["name"], contact["phone"])))
    if ticket["housekeeper"]:
        yield "企业管家", ticket["housekeeper"]["name"]


def _assignments(content: CaseFile) -> Iterator[Row]:
    for one in content["ticket"].get("assignments", ()):
        name = f"第 {one['round']} 轮 {labels.UNIT_ROLE[one['role']]}"
        states = "；".join(f"{label} {text}" for label, text in _named(one, _ASSIGNMENT))
        yield name, f"{one['organisation_name']}（{labels.ASSIGNMENT[one['state']]}）{states}"


def _matters(content: CaseFile) -> Iterator[Row]:
    for one in content["ticket"]["matters"]:
        outcome = one["outcome_label"] or "未了"
        yield (
            one["kind_label"],
            f"{in_words(one['opened_at'])} 提出；{outcome}；{told_facts(one['details'])}",
        )


def _replies(content: CaseFile) -> Iterator[Row]:
    for one in content["replies"]:
        yield f"第 {one['round']} 轮", labels.RESULT[ResultCode(one["result_code"])]
        yield from _named(one, _REPLY)


def _evaluations(content: CaseFile) -> Iterator[Row]:
    for one in content["evaluations"]:
        said = "；".join((*one["reasons"], *filter(None, [one["comment"]])))
        yield f"第 {one['round']} 轮", f"{one['level']} 分　{in_words(one['rated_at'])}　{said}"


def _clocks(content: CaseFile) -> Iterator[Row]:
    for one in content["clocks"]:
        told = "；".join(f"{label} {text}" for label, text in _named(one, _CLOCK))
        yield f"第 {one['round']} 轮 {one['label']}", told


def _events(content: CaseFile) -> Iterator[Row]:
    for one in content["events"]:
        who = [one["role_label"], one["actor_name"], one["organisation_name"]]
        told = "　".join(filter(None, who))
        yield f"{one['seq']}. {in_words(one['at'])} {one['action_label']}", told
        facts = told_facts(one["facts"])
        if facts:
            yield "", facts


def _files(content: CaseFile) -> Iterator[Row]:
    for one in content["files"]:
        told = f"{one['size']} 字节　SHA-256 {one['sha256']}"
        if one["purged_at"]:
            told += f"　{in_words(one['purged_at'])} 清除：{one['purge_reason']}"
        yield one["filename"], told


SECTIONS: tuple[tuple[str, Callable[[CaseFile], Iterator[Row]]], ...] = (
    ("诉求", _ticket),
    ("承办单位", _assignments),
    ("事项", _matters),
    ("答复", _replies),
    ("评价", _evaluations),
    ("时限", _clocks),
    ("经过", _events),
    ("附件", _files),
)


def _named(row: Mapping[str, Any], names: Mapping[str, str]) -> Iterator[Row]:
    for name, label in names.items():
        if row.get(name) is not None:
            yield label, in_words(row[name])
