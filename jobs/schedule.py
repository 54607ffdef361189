"""What happens by itself, all of it. Read the table and know."""

from datetime import time, timedelta

from jobs.archive_audit import archive_audit
from jobs.archive_silent import archive_silent
from jobs.audit_deadlines import audit_deadlines
from jobs.audit_figures import audit_figures
from jobs.count_figures import count_figures
from jobs.deliver_notifications import deliver_notifications
from jobs.erase_purged import erase_purged
from jobs.lapse_supplements import lapse_supplements
from jobs.make_exports import expire_exports, make_exports
from jobs.match_rosters import match_rosters
from jobs.pass_on_answers import pass_on_answers
from jobs.retarget_deadlines import retarget_deadlines
from jobs.runner import Job
from jobs.seal_audit import seal_audit, verify_audit
from jobs.supervise import supervise
from jobs.sweep_expired import retire_records, sweep_expired
from jobs.sync_templates import sync_templates
from jobs.watch_calendar import watch_calendar
from jobs.watch_deadlines import watch_deadlines
from jobs.work_imports import work_imports

SECOND = timedelta(seconds=1)
MINUTE = timedelta(minutes=1)

SCHEDULE: tuple[Job, ...] = (
    Job("watch_deadlines", 5 * SECOND, watch_deadlines),
    Job("deliver_notifications", 2 * SECOND, deliver_notifications),
    Job("supervise", MINUTE, supervise),
    Job("lapse_supplements", 10 * SECOND, lapse_supplements),
    Job("archive_silent", 10 * SECOND, archive_silent),
    Job("retarget_deadlines", MINUTE, retarget_deadlines),
    Job("pass_on_answers", 10 * SECOND, pass_on_answers),
    Job("work_imports", 2 * SECOND, work_imports),
    Job("make_exports", 2 * SECOND, make_exports),
    Job("expire_exports", 15 * MINUTE, expire_exports),
    Job("audit_deadlines", MINUTE, audit_deadlines, daily_at=time(2)),
    Job("watch_calendar", 15 * MINUTE, watch_calendar, daily_at=time(8, 30)),
    Job("audit_figures", MINUTE, audit_figures, daily_at=time(2, 30)),
    Job("count_figures", MINUTE, count_figures),
    Job("seal_audit", MINUTE, seal_audit),
    Job("verify_audit", MINUTE, verify_audit, daily_at=time(3)),
    Job("archive_audit", MINUTE, archive_audit, daily_at=time(3, 30)),
    Job("retire_records", MINUTE, retire_records, daily_at=time(4)),
    Job("match_rosters", 15 * MINUTE, match_rosters),
    Job("sync_templates", 5 * MINUTE, sync_templates),
    Job("erase_purged", 10 * SECOND, erase_purged),
    Job("sweep_expired", 15 * MINUTE, sweep_expired),
)
