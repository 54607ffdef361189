"""三级协调: the fields of its actions."""

from app.api.schemas.actions.body import ActionBody, said
from app.api.schemas.fields import Choice, Day, Listed, Number, Part, Text, identifier
from app.domain.facts import escalation, joint_meeting, meeting_tasks, tracking
from app.domain.vocabulary import EscalationCause, Tier


class EscalationBody(ActionBody):
    """提级."""

    makes = escalation.Escalation

    tier = Number(
        Tier.CONSULTATION.value,
        Tier.JOINT_MEETING.value,
        required=True,
        metadata=said("提到哪一级：2 中心主任会商，3 联席会议"),
    )
    cause = Choice(
        EscalationCause,
        required=True,
        metadata=said(
            "疑难的原因：policy_gap 政策空白，unit_dispute 部门争议，"
            "missing_precondition 前置条件不具备，history 历史遗留"
        ),
    )
    explanation = Text(5, 1000, required=True, metadata=said("已做的工作和提级的理由，仅内部可见"))


class JointMeetingBody(ActionBody):
    """召集联席会议."""

    makes = joint_meeting.JointMeeting

    organisation_ids = Listed(identifier(), 2, 20, required=True, metadata=said("参加会议的单位"))
    agenda = Text(2, 500, required=True, metadata=said("议题"))
    held_on = Day(required=True, metadata=said("会议日期，企业可见"))


class MeetingActionBody(ActionBody):
    """会议议定的一项任务."""

    makes = joint_meeting.MeetingAction

    organisation_id = identifier(required=True, metadata=said("责任单位，须是主办或协办单位"))
    task = Text(2, 500, required=True, metadata=said("任务，写入该单位的派单意见"))
    due_on = Day(required=True, metadata=said("完成期限"))


class MeetingConclusionBody(ActionBody):
    """联席会议结论."""

    makes = joint_meeting.MeetingConclusion

    minutes = Text(5, 4000, required=True, metadata=said("会议纪要，仅内部可见"))
    lead_organisation_id = identifier(required=True, metadata=said("主办单位，只有一个"))
    co_organisation_ids = Listed(identifier(), 0, 10, metadata=said("协办单位"))
    actions = Listed(
        Part(MeetingActionBody), 1, 20, required=True, metadata=said("议定的任务，至少一项")
    )


class TaskDoneBody(ActionBody):
    """完成会议任务."""

    makes = meeting_tasks.TaskDone

    task_number = Number(
        1, 999, required=True, metadata=said("任务的序号，见事项 meeting_task 的 tasks")
    )
    note = Text(2, 500, required=True, metadata=said("完成情况，仅内部可见"))


class TrackingBody(ActionBody):
    """挂账跟踪."""

    makes = tracking.Tracking

    owner_organisation_id = identifier(required=True, metadata=said("负责单位，企业可见"))
    owner_account_id = identifier(metadata=said("责任人的账号；与责任管家填一个"))
    owner_housekeeper_id = identifier(metadata=said("责任管家；与责任人账号填一个"))
    reason = Text(5, 500, required=True, metadata=said("暂时解决不了的原因，企业可见"))
    next_review_on = Day(required=True, metadata=said("下次复核日期，企业可见，须为工作日"))


class TrackingReviewBody(ActionBody):
    """挂账复核."""

    makes = tracking.TrackingReview

    note = Text(5, 500, required=True, metadata=said("目前的进展，企业可见"))
    next_review_on = Day(required=True, metadata=said("下次复核日期，企业可见，须为工作日"))


class TrackingEndBody(ActionBody):
    """结束挂账."""

    makes = tracking.TrackingEnd

    note = Text(2, 500, required=True, metadata=said("结束的原因，企业可见"))
