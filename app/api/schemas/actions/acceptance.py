"""第一步 受理: the fields of its actions."""

from app.api.schemas.actions.body import ActionBody, files, note, said
from app.api.schemas.actions.deferral import DeferralPart
from app.api.schemas.fields import Choice, Flag, Instant, Listed, Number, Part, Text
from app.domain.facts import acceptance as facts
from app.domain.vocabulary import (
    RefusalGround,
    TicketClass,
)


class FirstContactBody(ActionBody):
    """首次联系."""

    makes = facts.FirstContact

    note = Text(2, 500, required=True, metadata=said("联系情况"))
    contacted_at = Instant(metadata=said("联系时间，缺省为现在"))


class ContactConfirmationBody(ActionBody):
    """企业确认首次联系."""

    makes = facts.ContactConfirmation

    was_contacted = Flag(required=True, metadata=said("是否确已联系"))
    note = note("说明")


class AcceptanceBody(ActionBody):
    """受理."""

    makes = facts.Acceptance

    ticket_class = Choice(TicketClass, required=True, metadata=said("分级，决定办结时限"))
    category_code = Text(1, 40, required=True, metadata=said("类别代码"))
    note = note("备注，仅内部可见")
    promised_days = Number(1, 365, metadata=said("承诺办结的工作日数，只用于审批事项（approval）"))
    deferral = Part(DeferralPart, metadata=said("容缺受理，只用于审批事项（approval）"))


class RefusalBody(ActionBody):
    """不予受理的意见."""

    makes = facts.Refusal

    ground = Choice(RefusalGround, required=True, metadata=said("理由"))
    explanation = Text(5, 1000, required=True, metadata=said("给企业的说明"))
    right_door = Text(2, 500, metadata=said("应走的渠道"))


class RefusalRulingBody(ActionBody):
    """第二人审批不予受理."""

    makes = facts.RefusalRuling

    approved = Flag(required=True, metadata=said("是否同意不予受理；不同意的，继续受理"))
    note = note("意见")


class LateItemPart(ActionBody):
    """再次要求补正的一项材料."""

    makes = facts.LateItem

    was_visible_at_first = Flag(
        required=True, metadata=said("首次告知时是否已能看出缺少；已能看出的，记为违反一次性告知")
    )
    reason = Text(2, 200, required=True, metadata=said("为什么首次没有告知"))


class SupplementNoticeBody(ActionBody):
    """补正通知."""

    makes = facts.SupplementNotice

    items = Listed(Text(2, 200), 1, 20, required=True, metadata=said("缺少的全部材料，一次告知"))
    late_items = Listed(
        Part(LateItemPart),
        0,
        20,
        metadata=said("每项材料的说明，再次要求补正时必填，与材料逐项对应"),
    )


class SupplementBody(ActionBody):
    """补正."""

    makes = facts.Supplement

    answer = Text(2, 2000, required=True, metadata=said("补正说明"))
    attachment_ids = files()


class WithdrawalBody(ActionBody):
    """撤回."""

    makes = facts.Withdrawal

    reason = Text(2, 500, required=True, metadata=said("撤回原因"))
