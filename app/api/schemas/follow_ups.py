"""跟踪回访的字段."""

from marshmallow import fields

from app.api.paging import PageQuery, page_schema
from app.api.schemas.fields import NUMBER, Answer, Choice, Day, Flag, Query, Strict, Text
from app.domain.follow_ups import FollowUpKind, FollowUpOutcome, FollowUpState

_TICKET = NUMBER.removeprefix("^").removesuffix("$")


def _said(text: str) -> dict[str, str]:
    return {"description": text}


_KIND = "after_hard 疑难诉求归档后，after_bad_review 差评属实归档后，yearly 年度联系"
_STATE = "planned 待回访，done 已回访，skipped 已略过，unreached 未联系上"
_OUTCOME = "well 没有问题，problem 企业提出问题"


class VisitQuery(PageQuery):
    """跟踪回访的筛选."""

    state = Choice(FollowUpState, load_default=None, metadata=_said(_STATE))
    due = Flag(strict=False, load_default=False, metadata=_said("true：只列今天及以前应回访的"))


class VisitReportBody(Strict):
    """登记跟踪回访."""

    is_reached = Flag(required=True, metadata=_said("是否联系上"))
    outcome = Choice(
        FollowUpOutcome, load_default=None, metadata=_said(f"结果，联系上时必填：{_OUTCOME}")
    )
    note = Text(2, 1000, load_default=None, metadata=_said("回访情况"))
    raised_ticket_number = Text(
        1,
        30,
        pattern=_TICKET,
        load_default=None,
        metadata=_said("企业提出的问题已代为登记成的诉求；先登记诉求，再填编号"),
    )


class VisitSkipBody(Strict):
    """略过跟踪回访."""

    reason = Text(2, 200, required=True, metadata=_said("略过的原因"))


class VisitItem(Answer):
    """一次跟踪回访."""

    id = fields.Integer(metadata=_said("跟踪回访编号"))
    kind = Choice(FollowUpKind, metadata=_said(_KIND))
    kind_label = fields.String(metadata=_said("种类的中文名"))
    enterprise_id = fields.Integer(metadata=_said("企业"))
    enterprise_name = fields.String(metadata=_said("企业名称"))
    ticket_number = fields.String(allow_none=True, metadata=_said("诉求编号；年度联系为 null"))
    housekeeper_id = fields.Integer(metadata=_said("负责的管家"))
    housekeeper_name = fields.String(metadata=_said("管家姓名"))
    planned_for = fields.Date(metadata=_said("应回访的日期"))
    state = Choice(FollowUpState, metadata=_said(_STATE))
    state_label = fields.String(metadata=_said("状态的中文名"))
    outcome = Choice(FollowUpOutcome, allow_none=True, metadata=_said(_OUTCOME))
    note = fields.String(allow_none=True, metadata=_said("回访情况，或略过的原因"))
    raised_ticket_number = fields.String(allow_none=True, metadata=_said("由此登记的诉求"))
    done_at = fields.AwareDateTime(allow_none=True, metadata=_said("登记或略过的时间"))


class VisitCountQuery(Query):
    """跟踪回访统计的时段."""

    first = Day(required=True, data_key="from", metadata=_said("开始日期（含）"))
    end = Day(required=True, data_key="to", metadata=_said("结束日期（不含），最长 3 年"))


class VisitCounts(Answer):
    """一种跟踪回访的件数."""

    kind = Choice(FollowUpKind, metadata=_said(_KIND))
    kind_label = fields.String(metadata=_said("种类的中文名"))
    total = fields.Integer(metadata=_said("应回访的件数"))
    planned = fields.Integer(metadata=_said("待回访"))
    done = fields.Integer(metadata=_said("已回访"))
    skipped = fields.Integer(metadata=_said("已略过"))
    unreached = fields.Integer(metadata=_said("未联系上"))
    problems = fields.Integer(metadata=_said("已回访的当中，企业提出问题的"))


class VisitReport(Answer):
    """跟踪回访统计."""

    kinds = fields.List(fields.Nested(VisitCounts), metadata=_said("按种类"))


VisitItemPage = page_schema(VisitItem, "日期早的在前")
