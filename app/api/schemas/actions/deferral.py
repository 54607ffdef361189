"""容缺: the fields of its actions."""

from app.api.schemas.actions.body import ActionBody, files, note, said
from app.api.schemas.fields import Day, Listed, Text
from app.domain.facts import deferral as facts


class DeferralPart(ActionBody):
    """容缺受理."""

    makes = facts.Deferral

    items = Listed(Text(2, 200), 1, 20, required=True, metadata=said("承诺后补的材料"))
    promise_date = Day(required=True, metadata=said("承诺补齐的日期，不晚于承诺办结日"))


class DeferredMaterialBody(ActionBody):
    """补齐容缺材料."""

    makes = facts.DeferredMaterial

    answer = Text(2, 2000, required=True, metadata=said("补齐说明"))
    attachment_ids = files()


class DeferralFailureBody(ActionBody):
    """容缺未补齐退件."""

    makes = facts.DeferralFailure

    note = note("给企业的说明")
