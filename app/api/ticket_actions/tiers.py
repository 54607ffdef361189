"""三级协调: the routes of its actions."""

from app.api.schemas.actions import tiers
from app.api.ticket_actions.action import Action
from app.domain.permissions import Permission as Act

ACTIONS = (
    Action(
        "escalation",
        Act.ESCALATE,
        tiers.EscalationBody,
        "escalateTicket",
        "提级",
        "专班协调不下的提到中心主任会商（用会商的操作召集），由督导提请联席会议；只升不降，"
        "各时限照常计算，并告知企业。",
    ),
    Action(
        "joint-meeting",
        Act.CONVENE_JOINT_MEETING,
        tiers.JointMeetingBody,
        "conveneJointMeeting",
        "召集联席会议",
        "由督导召集，须已提到联席会议；被投诉的单位不参加，正在进行的会商不再进行。已召集而未开的，"
        "再次召集即为变更日期、单位或议题，新旧单位都会收到通知。",
    ),
    Action(
        "joint-meeting/conclusion",
        Act.CONCLUDE_JOINT_MEETING,
        tiers.MeetingConclusionBody,
        "concludeJointMeeting",
        "联席会议结论",
        "结论有约束力：按结论派单，所列单位不得退回；每项任务有责任单位和期限。",
    ),
    Action(
        "joint-meeting/task-completion",
        Act.COMPLETE_MEETING_TASK,
        tiers.TaskDoneBody,
        "completeMeetingTask",
        "完成会议任务",
        "由任务的责任单位登记，协调员和督导可以代为登记；有任务未完成的诉求不能归档或结案。"
        "过了期限还没有完成的，提醒一次责任单位和协调员。",
    ),
    Action(
        "tracking",
        Act.TRACK_OPEN,
        tiers.TrackingBody,
        "trackTicketOpen",
        "挂账跟踪",
        "已提到联席会议、暂时解决不了的，由督导挂账：有具名责任人和下次复核日期，不计入按时考核，"
        "企业可见；再次提交即为复核。正常答复后自动结束。",
    ),
    Action(
        "tracking/review",
        Act.REVIEW_TRACKING,
        tiers.TrackingReviewBody,
        "reviewTracking",
        "挂账复核",
        "由责任人所在单位登记进展和下次复核日期，告知企业；到复核日期的早上提醒责任人。"
        "换责任人由督导重新挂账。",
    ),
    Action(
        "tracking/end",
        Act.END_TRACKING,
        tiers.TrackingEndBody,
        "endTracking",
        "结束挂账",
        "恢复正常办理；挂账过的各时限仍不计入按时考核。",
    ),
)
