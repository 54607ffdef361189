"""提交: its fields."""

from app.api.schemas.actions.body import ActionBody, files, said
from app.api.schemas.fields import Choice, Flag, Listed, Part, Text, identifier
from app.domain.facts import intake as facts
from app.domain.vocabulary import (
    Channel,
    Kind,
)


class ComplainedBody(ActionBody):
    """被投诉方."""

    makes = facts.Complained

    housekeeper = Flag(metadata=said("是否投诉本企业的管家"))
    organisation_ids = Listed(identifier(), 0, 5, metadata=said("投诉的单位，最多 5 个"))


class SubmissionBody(ActionBody):
    """提交诉求."""

    makes = facts.Submission

    title = Text(2, 60, required=True, metadata=said("标题", examples=["厂区门前道路积水"]))
    body = Text(5, 2000, required=True, metadata=said("内容"))
    kind = Choice(Kind, metadata=said("性质，缺省为求助（request）"))
    channel = Choice(Channel, metadata=said("来源渠道；企业自行提交的为小程序（mini_program）"))
    category_code = Text(1, 40, metadata=said("建议的类别，受理时确定"))
    enterprise_id = identifier(metadata=said("企业，代企业提交时必填"))
    contact_name = Text(1, 30, metadata=said("本件联系人，缺省为企业登记的联系人"))
    contact_phone = Text(
        7, 20, pattern=r"[0-9+\-]{7,20}", metadata=said("本件联系电话", examples=["13800001234"])
    )
    is_confidential = Flag(metadata=said("是否保密：管家不可见，由协调员受理"))
    is_anonymous = Flag(metadata=said("是否匿名：承办单位看不到企业和联系人，协调员和督导可见"))
    complains_of = Part(
        ComplainedBody,
        metadata=said("被投诉的管家或单位：诉求绕过其派办，对其不可见"),
    )
    attachment_ids = files()
