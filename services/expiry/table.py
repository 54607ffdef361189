"""保存期限表: which rows are kept for how long, who is held back keeps more. Read it and know.

Tickets count in business time, all else in real time. The order is that of deleting: what hangs on
a row stands before it.
"""

from datetime import timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from app.db import Model
from app.domain.retention import Term
from app.domain.vocabulary import FINAL
from app.models.data_request import DataRequest
from app.models.delivery import Delivery
from app.models.disclosure import Disclosure
from app.models.enterprise import Enterprise
from app.models.export import Export
from app.models.follow_up import FollowUpVisit
from app.models.handover import Handover
from app.models.housekeeper import Housekeeper
from app.models.import_batch import ImportBatch, ImportChange, ImportRow
from app.models.job import JobPause, JobRequest
from app.models.log_in import LoginChallenge, LoginFailure
from app.models.login_session import LoginSession
from app.models.member import Invitation, MembershipRequest
from app.models.notification import Notification
from app.models.operation import IdempotencyKey, JobRun, RateCounter, Worker
from app.models.pairing import HousekeeperChangeRequest, Pairing
from app.models.program_link import ProgramLink
from app.models.register_conflict import RegisterConflict
from app.models.revisit_lot import RevisitLot, RevisitStratum
from app.models.supervision import BulletinEntry, Letter
from app.models.ticket import Ticket
from app.models.ticket_draft import TicketDraft
from services.expiry.kept import Kept
from services.expiry.platforms import LONG_OF_PLATFORMS, SHORT_OF_PLATFORMS
from services.visibility.asking import Condition
from services.visibility.holds import holds_on_ticket, is_held


def _none(model: type[Model], *points_here: Condition) -> Condition:
    """That no row of `model` points to the row in question."""
    return sa.not_(sa.exists().where(*points_here).correlate_except(model))


def _of_batch(column: Any) -> Any:
    of_row = sa.select(column).where(ImportBatch.id == ImportRow.batch_id)
    return of_row.correlate_except(ImportBatch).scalar_subquery()


def _has_newer_success() -> Condition:
    newer = aliased(JobRun)
    return sa.exists().where(
        newer.job == JobRun.job, newer.slot > JobRun.slot, newer.state == "done"
    )


TICKETS = Kept(
    Ticket,
    Ticket.changed_at,
    Term.TICKETS,
    only=Ticket.status.in_(FINAL),
    what="诉求及其办理记录、附件和消息（自办结起）",
    held=holds_on_ticket(),
)
"""They go whole, with all that hangs on them: `services.expired_tickets`."""

SHORT: tuple[Kept, ...] = (
    Kept(
        IdempotencyKey,
        IdempotencyKey.created_at,
        timedelta(hours=24),
        held=(is_held("account", IdempotencyKey.account_id),),
    ),
    Kept(RateCounter, RateCounter.window_start, timedelta(days=1)),
    Kept(JobRun, JobRun.started_at, timedelta(days=7)),
    Kept(
        # Of no use after an hour; but without the last success a daily run would be made again.
        JobRun,
        JobRun.started_at,
        timedelta(hours=1),
        only=sa.and_(
            JobRun.state == "done",
            JobRun.items == 0,
            JobRun.failures == 0,
            JobRun.request_id.is_(None),
            _has_newer_success(),
        ),
    ),
    Kept(
        LoginSession,
        sa.func.coalesce(LoginSession.revoked_at, LoginSession.expires_at),
        Term.SESSIONS,
        what="登录会话",
        held=(is_held("account", LoginSession.account_id),),
    ),
    *SHORT_OF_PLATFORMS,
    Kept(ProgramLink, ProgramLink.expires_at, timedelta(0)),
    Kept(LoginChallenge, LoginChallenge.expires_at, timedelta(0)),
    Kept(LoginFailure, LoginFailure.failed_at, timedelta(days=1)),
    Kept(Worker, Worker.seen_at, timedelta(days=1)),
)

LONG: tuple[Kept, ...] = (
    *LONG_OF_PLATFORMS,
    Kept(
        TicketDraft,
        TicketDraft.settled_at,
        timedelta(days=30),
        what="已提交、删除或处理的客服消息",
        held=(is_held("account", TicketDraft.account_id),),
    ),
    Kept(
        # What waits for the operators waits until they have settled it.
        TicketDraft,
        TicketDraft.last_at,
        timedelta(days=90),
        only=sa.and_(TicketDraft.state == "open", TicketDraft.account_id.is_not(None)),
        what="没有提交的诉求草稿",
        held=(is_held("account", TicketDraft.account_id),),
    ),
    Kept(
        ImportRow,
        _of_batch(ImportBatch.finished_at),
        Term.IMPORTS,
        # The rest is kept: who reported which enterprise, and when.
        only=ImportRow.subject_id.is_(None),
        what="登记导入的各行内容",
        held=(is_held("account", _of_batch(ImportBatch.account_id)),),
    ),
    Kept(ImportChange, ImportChange.created_at, Term.IMPORTS, what="登记导入前的原值"),
    Kept(
        RegisterConflict,
        RegisterConflict.settled_at,
        Term.IMPORTS,
        what="已裁定的登记冲突",
        held=(is_held("enterprise", RegisterConflict.enterprise_id),),
    ),
    Kept(
        ImportBatch,
        ImportBatch.finished_at,
        Term.IMPORTS,
        only=sa.and_(
            ImportBatch.state.in_(("done", "failed", "rolled_back")),
            _none(ImportRow, ImportRow.batch_id == ImportBatch.id),
            _none(ImportChange, ImportChange.batch_id == ImportBatch.id),
            _none(RegisterConflict, RegisterConflict.batch_id == ImportBatch.id),
            _none(Enterprise, Enterprise.import_batch_id == ImportBatch.id),
            _none(Housekeeper, Housekeeper.import_batch_id == ImportBatch.id),
        ),
        what="没有登记任何内容的导入批次",
        held=(is_held("account", ImportBatch.account_id),),
    ),
    Kept(
        Disclosure,
        Disclosure.at,
        Term.RECORDS,
        what="查看联系方式的记录",
        held=(
            is_held("account", Disclosure.account_id),
            is_held("enterprise", Disclosure.enterprise_id),
            is_held("ticket", Disclosure.ticket_id),
        ),
    ),
    Kept(
        Export,
        Export.created_at,
        Term.RECORDS,
        only=Export.state.in_(("expired", "refused", "failed")),
        what="导出记录",
        held=(is_held("account", Export.account_id), is_held("account", Export.ruled_by)),
    ),
    Kept(
        JobRequest,
        JobRequest.taken_at,
        Term.RECORDS,
        only=_none(JobRun, JobRun.request_id == JobRequest.id),
        what="立即运行定时任务的要求",
        held=(is_held("account", JobRequest.asked_by),),
    ),
    Kept(
        JobPause,
        JobPause.paused_until,
        Term.RECORDS,
        what="定时任务的暂停记录",
        held=(is_held("account", JobPause.paused_by),),
    ),
    Kept(
        DataRequest,
        DataRequest.answered_at,
        Term.RECORDS,
        what="个人信息请求",
        held=(is_held("account", DataRequest.account_id),),
    ),
    Kept(
        Letter,
        Letter.closed_at,
        Term.RECORDS,
        only=_none(BulletinEntry, BulletinEntry.letter_id == Letter.id),
        what="提醒函",
        held=(is_held("account", Letter.sent_by), is_held("account", Letter.replied_by)),
    ),
    Kept(
        MembershipRequest,
        MembershipRequest.decided_at,
        Term.RECORDS,
        what="加入企业的申请",
        held=(is_held("enterprise", MembershipRequest.enterprise_id),),
    ),
    Kept(
        Invitation,
        Invitation.expires_at,
        Term.RECORDS,
        what="加入企业的邀请",
        held=(is_held("enterprise", Invitation.enterprise_id),),
    ),
    Kept(
        Delivery,
        Delivery.created_at,
        Term.RECORDS,
        only=Delivery.state.not_in(("pending", "sending")),
        what="消息投递记录",
    ),
    Kept(
        Notification,
        Notification.created_at,
        Term.RECORDS,
        only=sa.and_(
            Notification.ticket_id.is_(None),
            _none(Delivery, Delivery.notification_id == Notification.id),
        ),
        what="结对和交接的消息",
        held=(is_held("account", Notification.account_id),),
    ),
    Kept(
        HousekeeperChangeRequest,
        HousekeeperChangeRequest.settled_at,
        Term.TICKETS,
        what="更换管家的请求",
        held=(is_held("enterprise", HousekeeperChangeRequest.enterprise_id),),
    ),
    Kept(
        Pairing,
        Pairing.ended_at,
        Term.TICKETS,
        only=sa.and_(
            _none(Notification, Notification.pairing_id == Pairing.id),
            _none(HousekeeperChangeRequest, HousekeeperChangeRequest.pairing_id == Pairing.id),
        ),
        what="已结束的结对",
        held=(is_held("enterprise", Pairing.enterprise_id),),
    ),
    Kept(
        FollowUpVisit,
        FollowUpVisit.done_at,
        Term.TICKETS,
        only=FollowUpVisit.ticket_id.is_(None),
        what="年度联系的记录",
        held=(is_held("enterprise", FollowUpVisit.enterprise_id),),
    ),
    Kept(
        RevisitStratum,
        RevisitStratum.opened_at,
        Term.TICKETS,
        only=_none(RevisitLot, RevisitLot.stratum_id == RevisitStratum.id),
        what="回访抽签的种子和总数",
    ),
    Kept(
        Handover,
        Handover.settled_at,
        Term.TICKETS,
        only=sa.and_(
            _none(Notification, Notification.handover_id == Handover.id),
            _none(Pairing, Pairing.handover_id == Handover.id),
        ),
        what="已了结的交接",
    ),
)
"""Looked at once a day: a few weeks or years are no matter of minutes."""

RETENTION: tuple[Kept, ...] = (TICKETS, *SHORT, *LONG)
