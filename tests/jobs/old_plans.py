"""Wishes about jobs, yearly contacts and strata of lots of a certain age at `NOW`."""

from datetime import timedelta

from app.models.follow_up import FollowUpVisit
from app.models.job import JobPause, JobRequest
from app.models.revisit_lot import RevisitStratum
from tests.factories import make_enterprise, make_housekeeper, make_organisation
from tests.jobs.old_pushes import NOW, keep, somebody

DAY = timedelta(days=1)


def add_job_request(age):
    asked = {"job": "supervise", "reason": "核对", "asked_by": somebody()}
    keep(JobRequest(**asked, asked_at=NOW - age, taken_at=NOW - age))


def add_job_pause(age):
    until = NOW - age
    times = {"paused_at": until - DAY, "paused_until": until, "ended_at": until}
    keep(JobPause(job="supervise", reason="维护", paused_by=somebody(), **times))


def add_yearly_visit(age):
    owed = {"enterprise_id": make_enterprise().id, "housekeeper_id": make_housekeeper().id}
    done = {"state": "done", "outcome": "well", "done_by": somebody(), "done_at": NOW - age}
    keep(FollowUpVisit(kind="yearly", planned_for=(NOW - age).date(), **owed, **done))


def add_stratum(age):
    drawn_from = {"organisation_id": make_organisation().id, "area": "", "ticket_class": "normal"}
    shares = {"percent": 20, "minimum": 5, "seed": bytes(16)}
    begun = NOW - age
    keep(RevisitStratum(month=begun.date().replace(day=1), opened_at=begun, **drawn_from, **shares))


THREE_YEARS, TEN_YEARS = timedelta(days=1095), timedelta(days=3650)
OF_PLANS = [
    (add_job_request, JobRequest, THREE_YEARS),
    (add_job_pause, JobPause, THREE_YEARS),
    (add_yearly_visit, FollowUpVisit, TEN_YEARS),
    (add_stratum, RevisitStratum, TEN_YEARS),
]
