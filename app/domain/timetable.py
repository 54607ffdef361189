"""任务表: every job that works by itself, what it is for and when; `jobs.schedule` says how.

A slot is a stretch of business time as long as the job's period, or a day from a time on. Whoever
holds a job back holds back what officials and enterprises were promised, so no pause is for ever.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from types import MappingProxyType

from app.domain.work_calendar import LOCAL_ZONE

EPOCH = datetime(2020, 1, 1, tzinfo=LOCAL_ZONE)
SECOND, MINUTE, DAY = timedelta(seconds=1), timedelta(minutes=1), timedelta(days=1)
WEEK = 7 * DAY
MISSED_LOOKS = 3
SHORTEST_GRACE = 2 * MINUTE


@dataclass(frozen=True, slots=True)
class Plan:
    """定时任务: looked at `every` so often; works once in such a stretch, or daily from a time.

    `pause_at_most`: how long people may hold it back at one go.
    """

    name: str
    title: str
    purpose: str
    every: timedelta
    daily_at: time | None = None
    pause_at_most: timedelta = DAY

    def slot(self, *, at: datetime) -> datetime:
        """The beginning of the slot in which the business time `at` lies."""
        if self.daily_at is None:
            return at - (at - EPOCH) % self.every
        local = at.astimezone(LOCAL_ZONE)
        begun = datetime.combine(local.date(), self.daily_at, LOCAL_ZONE)
        return begun if begun <= local else begun - DAY

    def is_overdue(self, done: datetime | None, *, at: datetime) -> bool:
        """Whether by the business time `at` the slot `done`, the last that was, is too old.

        Three looks may be missed, and two minutes always pass: time enough to begin a process.
        """
        grace = max(MISSED_LOOKS * self.every, SHORTEST_GRACE)
        return done is None or done < self.slot(at=at - grace)


TIMETABLE: tuple[Plan, ...] = (
    Plan("watch_deadlines", "时限巡查", "到点的提醒、黄牌和红牌逐一发出。", 5 * SECOND),
    Plan("deliver_notifications", "消息投递", "把到点的消息发到手机。", 2 * SECOND),
    Plan("deliver_wecom", "企业微信投递", "把到点的消息发到企业微信。", 2 * SECOND),
    Plan(
        "fall_back", "改走短信或电话", "手机消息送不到的要紧事，改发短信或转电话任务。", 10 * SECOND
    ),
    Plan("deliver_texts", "短信投递", "发出到点的短信。", 5 * SECOND),
    Plan("work_pushes", "推送处理", "办理微信推来的消息和事件。", 2 * SECOND),
    Plan("check_contents", "内容审核", "把企业提交的文字和图片送微信审核。", 5 * SECOND),
    Plan(
        "watch_content_checks",
        "审核积压提醒",
        "待人工审核超过一个工作日的，提醒协调员。",
        15 * MINUTE,
    ),
    Plan("supervise", "督办巡查", "撤销已无事由的牌，提出提醒函建议，办结督办单。", MINUTE),
    Plan(
        "watch_unread",
        "无人查看提醒",
        "新诉求管家久未查看的，依次告诉副管家和协调员。",
        MINUTE,
    ),
    Plan("remind_of_days", "到日提醒", "会议前一日、任务逾期和挂账复核日的提醒。", MINUTE),
    Plan(
        "forecast_reach",
        "送达预报",
        "次一工作日到期而手机通知不到的企业，下午列入电话任务。",
        MINUTE,
        daily_at=time(16),
        pause_at_most=WEEK,
    ),
    Plan("review_forecasts", "预报复核", "已能通知到或已办完的，撤下预报的电话任务。", MINUTE),
    Plan("lapse_supplements", "补正到期", "逾期未补正的诉求按撤回办结。", 10 * SECOND),
    Plan("archive_silent", "到期归档", "评价完毕或评价期已过的诉求归档。", 10 * SECOND),
    Plan("retarget_deadlines", "时限重定", "新的工作日历发布后，重定受影响诉求的时限。", MINUTE),
    Plan("pass_on_answers", "并案答复", "把主诉求的答复转给并入的诉求。", 10 * SECOND),
    Plan("work_imports", "登记导入", "办理排队的登记文件和撤回。", 2 * SECOND),
    Plan("make_exports", "生成导出", "生成已获同意的导出文件。", 2 * SECOND),
    Plan(
        "expire_exports",
        "导出到期",
        "删除过期的导出文件。",
        15 * MINUTE,
        pause_at_most=WEEK,
    ),
    Plan(
        "audit_deadlines",
        "时限核对",
        "由办理记录重算全部时限，与所存的比对，有出入即报告。",
        MINUTE,
        daily_at=time(2),
        pause_at_most=WEEK,
    ),
    Plan(
        "watch_calendar",
        "日历检查",
        "十二月起，下一年的放假安排未发布即告警。",
        15 * MINUTE,
        daily_at=time(8, 30),
        pause_at_most=WEEK,
    ),
    Plan(
        "audit_figures",
        "统计核对",
        "由诉求重算办结数字，有出入即报告并更正。",
        MINUTE,
        daily_at=time(2, 30),
        pause_at_most=WEEK,
    ),
    Plan("count_figures", "统计更新", "更新办结报表所用的数字。", MINUTE, pause_at_most=WEEK),
    Plan("seal_audit", "审计封存", "把新的审计记录接入防篡改的链。", MINUTE),
    Plan("verify_audit", "审计核对", "核对审计链是否完整。", MINUTE, daily_at=time(3)),
    Plan(
        "archive_audit",
        "审计归档",
        "超过保存期限的审计记录转存为封存文件。",
        MINUTE,
        daily_at=time(3, 30),
        pause_at_most=WEEK,
    ),
    Plan(
        "retire_records",
        "到期销毁",
        "销毁超过保存期限的诉求和登记内容。",
        MINUTE,
        daily_at=time(4),
        pause_at_most=WEEK,
    ),
    Plan(
        "plan_follow_ups",
        "跟进走访计划",
        "难件办结满期的走访和全年无诉求企业的联系，到日列入计划。",
        15 * MINUTE,
        daily_at=time(8),
        pause_at_most=WEEK,
    ),
    Plan(
        "tell_of_silence",
        "久未联系提示",
        "每周一开门时，把久未联系的结对企业悄悄告诉管家本人。",
        15 * MINUTE,
        pause_at_most=WEEK,
    ),
    Plan("match_rosters", "名册核对", "名册不再支持的身份随即结束。", 15 * MINUTE),
    Plan(
        "sync_templates",
        "模板核对",
        "每小时核对各小程序账号的消息模板。",
        5 * MINUTE,
        pause_at_most=WEEK,
    ),
    Plan("erase_purged", "涉密清除", "销毁已清除文件的内容。", 10 * SECOND),
    Plan(
        "sweep_expired",
        "短期清理",
        "清理过期的会话、幂等键、运行记录和无人使用的文件。",
        15 * MINUTE,
        pause_at_most=WEEK,
    ),
    Plan("note_lost_runs", "中断登记", "后台进程失去联系的，登记其未完成的运行。", 10 * SECOND),
)

PLANS: Mapping[str, Plan] = MappingProxyType({plan.name: plan for plan in TIMETABLE})
