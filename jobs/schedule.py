"""What happens by itself, all of it: what does the work for each row of the timetable.

When, and what for, stands in `app.domain.timetable`, so that the API can tell people.
"""

from app.domain.timetable import PLANS
from jobs.archive_audit import archive_audit
from jobs.archive_silent import archive_silent
from jobs.audit_deadlines import audit_deadlines
from jobs.audit_figures import audit_figures
from jobs.check_contents import check_contents, watch_content_checks
from jobs.count_figures import count_figures
from jobs.deliver_notifications import deliver_notifications
from jobs.deliver_texts import deliver_texts
from jobs.deliver_wecom import deliver_wecom
from jobs.erase_purged import erase_purged
from jobs.fall_back import fall_back
from jobs.forecast_reach import forecast_reach, review_forecasts
from jobs.lapse_supplements import lapse_supplements
from jobs.make_exports import expire_exports, make_exports
from jobs.match_rosters import match_rosters
from jobs.note_lost_runs import note_lost_runs
from jobs.pass_on_answers import pass_on_answers
from jobs.plan_follow_ups import plan_follow_ups
from jobs.remind_of_days import remind_of_days
from jobs.retarget_deadlines import retarget_deadlines
from jobs.runner import Job
from jobs.seal_audit import seal_audit, verify_audit
from jobs.supervise import supervise
from jobs.sweep_expired import retire_records, sweep_expired
from jobs.sync_templates import sync_templates
from jobs.tell_of_silence import tell_of_silence
from jobs.watch_calendar import watch_calendar
from jobs.watch_deadlines import watch_deadlines
from jobs.watch_unread import watch_unread
from jobs.work_imports import work_imports
from jobs.work_pushes import work_pushes

SCHEDULE: tuple[Job, ...] = (
    Job(PLANS["watch_deadlines"], watch_deadlines),
    Job(PLANS["deliver_notifications"], deliver_notifications),
    Job(PLANS["deliver_wecom"], deliver_wecom),
    Job(PLANS["fall_back"], fall_back),
    Job(PLANS["deliver_texts"], deliver_texts),
    Job(PLANS["work_pushes"], work_pushes),
    Job(PLANS["check_contents"], check_contents),
    Job(PLANS["watch_content_checks"], watch_content_checks),
    Job(PLANS["supervise"], supervise),
    Job(PLANS["watch_unread"], watch_unread),
    Job(PLANS["remind_of_days"], remind_of_days),
    Job(PLANS["forecast_reach"], forecast_reach),
    Job(PLANS["review_forecasts"], review_forecasts),
    Job(PLANS["lapse_supplements"], lapse_supplements),
    Job(PLANS["archive_silent"], archive_silent),
    Job(PLANS["retarget_deadlines"], retarget_deadlines),
    Job(PLANS["pass_on_answers"], pass_on_answers),
    Job(PLANS["work_imports"], work_imports),
    Job(PLANS["make_exports"], make_exports),
    Job(PLANS["expire_exports"], expire_exports),
    Job(PLANS["audit_deadlines"], audit_deadlines),
    Job(PLANS["watch_calendar"], watch_calendar),
    Job(PLANS["audit_figures"], audit_figures),
    Job(PLANS["count_figures"], count_figures),
    Job(PLANS["seal_audit"], seal_audit),
    Job(PLANS["verify_audit"], verify_audit),
    Job(PLANS["archive_audit"], archive_audit),
    Job(PLANS["retire_records"], retire_records),
    Job(PLANS["plan_follow_ups"], plan_follow_ups),
    Job(PLANS["tell_of_silence"], tell_of_silence),
    Job(PLANS["match_rosters"], match_rosters),
    Job(PLANS["sync_templates"], sync_templates),
    Job(PLANS["erase_purged"], erase_purged),
    Job(PLANS["sweep_expired"], sweep_expired),
    Job(PLANS["note_lost_runs"], note_lost_runs),
)
