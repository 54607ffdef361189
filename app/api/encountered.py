"""Every kind of problem that clients may meet, one of each: the document shows them all."""

from datetime import datetime

from app import clock
from app.domain import errors
from app.domain.decisions.aftercare import CalledTooSoon, NotYet, RatingFinal
from app.domain.decisions.closing import MattersOpen
from app.domain.decisions.coordination import ConsultationNeeded
from app.domain.decisions.countersigning import CountersignaturesMissing, OpinionsMissing
from app.domain.decisions.deferral import DeferralOpen, NotEligible
from app.domain.decisions.extension import ExtensionTooLate, NotExtendable
from app.domain.decisions.retarget import NothingToRetarget
from app.domain.decisions.returning import NoSuchReturn, ReturnTooLate
from app.domain.decisions.rework import ObjectionOver
from app.domain.decisions.urging import UrgedTooSoon
from app.domain.errors import DomainError, FieldError, Remains
from app.domain.follow_ups import FollowUpSettled
from app.domain.handover import HandoverSettled, NothingToHandOver
from app.domain.inspection import InspectionRequired
from app.domain.pairing_flow import PairingStateForbids
from app.domain.rules import MissingRule
from app.domain.rung_recipients import MissingRecipients
from app.domain.supervision_flow import SupervisionStateForbids
from app.domain.terms import MissingPolicy
from app.domain.work_calendar import UnknownCalendarYear
from services.accounts import wechat_refusals, wecom_refusals
from services.accounts.challenges import ChallengeVoid
from services.accounts.delegations import AlreadyDelegated, DelegationEnded
from services.accounts.grants import MembershipEnded, RolesClash
from services.accounts.leaving import AccountState
from services.accounts.login import WrongCredentials
from services.accounts.opening import OwnAccount
from services.accounts.own_factor import NotOn
from services.accounts.own_login import NoPassword
from services.accounts.restrictions import (
    EnrolmentRequired,
    PasswordChangeRequired,
    ReauthenticationRequired,
)
from services.accounts.second_factor import AlreadyOn, NotBegun, WrongCode
from services.attachments import LinkInvalid, Purged, UnderReview
from services.content_checks.refusals import REFUSALS as REVIEW_REFUSALS
from services.coordination.resubmission import NotLapsed, NotYetReviewed
from services.data_requests.closing import ClosingRefused
from services.directory.closed_enterprises import EnterpriseClosed
from services.directory.configure_organisations import OrganisationInUse
from services.exports.files import NoFile
from services.exports.requests import NotAwaiting, OwnExport
from services.gateways.file_store import FileMissing
from services.gateways.wechat_callback import NotFromWeChat
from services.health import Unprepared
from services.idempotency import InFlight
from services.job_control.command import JobNotPaused, JobPaused, RunAwaited
from services.members.ask import AlreadyDecided
from services.members.close import TicketsOpen
from services.members.invite import InvitationInvalid
from services.members.join import MemberAlready
from services.members.roll import FromRegister, LastAdmin
from services.notifications.consents import NotBound
from services.notifications.deliveries import NotResendable
from services.notifications.phone_tasks import (
    PhoneTaskNotTaken,
    PhoneTaskOver,
    PhoneTaskTaken,
)
from services.pairing.change_requests import AskedThisQuarter, RequestSettled
from services.pairing.propose import NotInCharge
from services.pairing.recusals import MustRecuse
from services.program_codes import CodesBusy, CodesLimited, CodesOff, CodesUnusable
from services.program_links import LinksBusy, LinksLimited, LinksOff, LinksUnusable
from services.pushes.drafts import DraftSettled, ServiceMessageSettled
from services.pushes.faults import NotFailed
from services.supervision.cards import AppealTooLate
from services.tickets.previews import StandsForOthers, StaysInInbox
from services.tickets.purging import PurgeHeld
from services.tickets.terms import NoCalendar

CHALLENGE = "K5ROGDukk2-oiKtPsHPMCy2u_HTJbjZeI_KrCIhe4j4"
CHANGED_AT = datetime(2026, 6, 1, 10, 30, tzinfo=clock.LOCAL_ZONE)


def encountered() -> tuple[DomainError, ...]:
    """One of each kind of error that answers are made of."""
    return (
        *_log_in_errors(),
        *_account_errors(),
        *_register_errors(),
        *_file_errors(),
        *_message_errors(),
        errors.Forbidden(),
        NotFromWeChat(""),
        errors.NotFound(),
        errors.IllegalTransition("feedback", "accept", ("receive_feedback",)).after(
            "李鹏", CHANGED_AT
        ),
        errors.Conflict(),
        errors.AlreadyExists(),
        errors.Refused(),
        InFlight(),
        NotBound(),
        *_promise_errors(),
        *_supervision_errors(),
        *_operation_errors(),
        *_ticket_errors(),
        errors.StaleVersion(4, "李鹏", CHANGED_AT),
        errors.TooLarge(),
        errors.InvalidInput([FieldError("/title", "length", "应为 2 到 60 个字。")]),
        errors.TooManyRequests(42),
    )


def _supervision_errors() -> tuple[DomainError, ...]:
    return (SupervisionStateForbids(), AppealTooLate(), MissingRule(), MissingRecipients())


def _operation_errors() -> tuple[DomainError, ...]:
    of_codes = CodesOff(), CodesUnusable(), CodesBusy(), CodesLimited()
    of_links = LinksOff(), LinksUnusable(), LinksBusy(), LinksLimited()
    return (JobPaused(), JobNotPaused(), RunAwaited(), Unprepared(), *of_codes, *of_links)


def _promise_errors() -> tuple[DomainError, ...]:
    return (UnknownCalendarYear(2028), NoCalendar(), MissingPolicy())


def _ticket_errors() -> tuple[DomainError, ...]:
    return (
        *_aftercare_errors(),
        *(PurgeHeld(), OpinionsMissing(), CountersignaturesMissing()),
        *(ExtensionTooLate(), NotExtendable()),
        ReturnTooLate(),
        NoSuchReturn(),
        ConsultationNeeded(),
        *(NotLapsed(), NotYetReviewed()),
        *(refusal() for refusal in REVIEW_REFUSALS),
        DeferralOpen(),
        NotEligible(),
    )


def _account_errors() -> tuple[DomainError, ...]:
    return (
        PasswordChangeRequired(),
        EnrolmentRequired(),
        ReauthenticationRequired(),
        errors.NotHandedOver(Remains(3, 0, ("AS20260601-000017",))),
        OwnAccount(),
        AlreadyDelegated(),
        DelegationEnded(),
        NoPassword(),
        AlreadyOn(),
        NotBegun(),
        NotOn(),
        RolesClash(),
        MembershipEnded(),
        ClosingRefused(["还有 1 件诉求没有办结"]),
        AccountState("该账号已经停用。"),
    )


def _register_errors() -> tuple[DomainError, ...]:
    return (
        EnterpriseClosed(),
        OrganisationInUse(),
        MemberAlready(),
        InvitationInvalid(),
        LastAdmin(),
        FromRegister(),
        DraftSettled(),
        ServiceMessageSettled(),
        NotFailed(),
        AlreadyDecided(),
        TicketsOpen(),
        *_pairing_errors(),
    )


def _file_errors() -> tuple[DomainError, ...]:
    gone = errors.Gone(), Purged()
    return (
        *gone,
        LinkInvalid(),
        UnderReview(),
        FileMissing(),
        NotAwaiting(),
        OwnExport(),
        NoFile(),
    )


def _pairing_errors() -> tuple[DomainError, ...]:
    return (
        PairingStateForbids(),
        MustRecuse(),
        NotInCharge(),
        HandoverSettled(),
        InspectionRequired(),
        NothingToHandOver(),
        NothingToRetarget(),
        AskedThisQuarter(),
        RequestSettled(),
    )


def _aftercare_errors() -> tuple[DomainError, ...]:
    return (
        *(NotYet(), MattersOpen(), ObjectionOver(), RatingFinal(), UrgedTooSoon()),
        CalledTooSoon(),
        FollowUpSettled(),
    )


def _log_in_errors() -> tuple[DomainError, ...]:
    return (
        errors.Unauthenticated(),
        WrongCredentials(),
        errors.SecondFactorNeeded(CHALLENGE, CHANGED_AT),
        WrongCode(),
        ChallengeVoid(),
        wechat_refusals.VisitorExpired(),
        wechat_refusals.CodeUsed(),
        wechat_refusals.CodeInvalid(),
        wechat_refusals.RiskUser(),
        wechat_refusals.AccountDisabled(),
        wechat_refusals.PhoneNotInRoster(),
        wechat_refusals.PhoneCodeUsed(),
        wechat_refusals.PhoneCodeInvalid(),
        wechat_refusals.PhoneCodeForeign(),
        wechat_refusals.PhoneUnfit(),
        wechat_refusals.WeChatLimited(),
        wechat_refusals.WeChatOff(),
        wechat_refusals.WeChatUnusable(),
        wechat_refusals.WeChatBusy(),
        wechat_refusals.AnswerLost(),
        *(kind() for kind in wecom_refusals.REFUSALS),
    )


def _message_errors() -> tuple[DomainError, ...]:
    """Of messages to phones, and of calls in their place."""
    of_calls = PhoneTaskTaken(), PhoneTaskNotTaken(), PhoneTaskOver()
    return (StaysInInbox(), StandsForOthers(), NotResendable(), *of_calls)
