"""退回和会商: the fields of their actions."""

from app.api.schemas.actions.body import ActionBody, note, said
from app.api.schemas.fields import Choice, Flag, Listed, Text, identifier
from app.domain.facts import returning as facts
from app.domain.vocabulary import ReturnGround


class ReturnRequestBody(ActionBody):
    """申请退回."""

    makes = facts.ReturnRequest

    ground = Choice(ReturnGround, required=True, metadata=said("理由"))
    reason = Text(5, 500, required=True, metadata=said("依据和说明"))
    suggested_organisation_id = identifier(required=True, metadata=said("建议的承办单位"))


class ReturnConsentBody(ActionBody):
    """本单位审批退回申请."""

    makes = facts.ReturnConsent

    agrees = Flag(required=True, metadata=said("是否同意退回；不同意的，继续办理"))
    note = note("意见")


class ReturnRulingBody(ActionBody):
    """退回裁定."""

    makes = facts.ReturnRuling

    upheld = Flag(required=True, metadata=said("是否同意退回；不同意的，由该单位继续办理"))
    note = note("意见，不同意退回时必填")


class ConveningBody(ActionBody):
    """召集会商."""

    makes = facts.Convening

    organisation_ids = Listed(identifier(), 2, 20, required=True, metadata=said("参加会商的单位"))
    agenda = Text(2, 500, required=True, metadata=said("议题"))


class ConclusionBody(ActionBody):
    """会商结论."""

    makes = facts.Conclusion

    minutes = Text(5, 2000, required=True, metadata=said("会商纪要，仅内部可见"))
    lead_organisation_id = identifier(required=True, metadata=said("主办单位，只有一个"))
    co_organisation_ids = Listed(identifier(), 0, 10, metadata=said("协办单位"))
    is_binding = Flag(metadata=said("结论是否有约束力，缺省为是：所列单位不得再退回"))
