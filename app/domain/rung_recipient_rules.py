"""Who may hear of a rung: who knows of the ticket anyway, and of a red card who answers for it."""

from collections.abc import Iterator, Mapping, Sequence

from app.domain.audience import Audience, Channel
from app.domain.errors import FieldError, InvalidInput
from app.domain.fallbacks import plan_for
from app.domain.phone_forms import FORMS
from app.domain.rung_recipients import Key, Recipient, kind_of
from app.domain.sla_clock import CARDS, CLIMBING, REMINDING, ClockKind, Rung

_A, _C = Audience, ClockKind

OF_ENTERPRISE = frozenset({_C.SUPPLEMENT, _C.EVALUATION, _C.DEFERRAL})
"""What the enterprise is given time for: it alone is reminded, and never of anybody else's."""

KNOWING = frozenset(
    {
        *(_A.HOUSEKEEPER, _A.COORDINATORS, _A.SUPERVISORS, _A.UNITS),
        *(_A.LEAD_HANDLERS, _A.LEAD_APPROVERS, _A.CLOCK_UNIT, _A.CLOCK_APPROVERS),
        _A.CLOCK_REVISITORS,
    }
)
"""Officials who see the ticket whatever its clock is; whom an event names is none of these."""

TURNING_RED = frozenset(kind for kind, rungs in CARDS.items() if Rung.RED in rungs)

_UNIT = frozenset({_A.CLOCK_UNIT, _A.CLOCK_APPROVERS})
_HOUSEKEEPER = frozenset({_A.HOUSEKEEPER})
_COORDINATORS = frozenset({_A.COORDINATORS})

ANSWERING: Mapping[ClockKind, frozenset[Audience]] = {
    _C.FIRST_CONTACT: _HOUSEKEEPER,
    _C.ACCEPT: _HOUSEKEEPER | _COORDINATORS,
    _C.FINISH: _HOUSEKEEPER | _COORDINATORS | {_A.LEAD_HANDLERS, _A.LEAD_APPROVERS},
    _C.ASSIGNMENT: _UNIT,
    _C.OPINION: _UNIT,
    _C.REVISIT: frozenset({_A.CLOCK_REVISITORS, _A.REVISITORS}),
    _C.STAGE_REPORT: _HOUSEKEEPER | {_A.LEAD_HANDLERS},
    _C.RULING: _COORDINATORS,
    _C.SUSPENSION: _COORDINATORS,
    _C.RECTIFICATION: _COORDINATORS | {_A.LEAD_HANDLERS},
    _C.REVIEW_CONTACT: _COORDINATORS,
    _C.TRANSFER: _HOUSEKEEPER | _COORDINATORS,
}
"""Who answers for a clock that turns red."""


def check_recipients(key: Key, recipients: Sequence[Recipient]) -> None:
    """Whether a rung can be told so. Raises `InvalidInput` with a pointer to all that cannot be."""
    errors = [*_impossible(key), *_unfit(key, recipients), *_unanswered(key, recipients)]
    if errors:
        raise InvalidInput(errors)


def _impossible(key: Key) -> Iterator[FieldError]:
    if key.clock is None:
        if key.rung in (Rung.NUDGE, Rung.REMINDER):
            yield FieldError("/clock", "required", "这一级须写明是哪一种时限。")
        return
    if key.rung not in _rungs(key.clock):
        yield FieldError("/clock", "no-such-rung", "这一种时限没有这一级。")


def _rungs(clock: ClockKind) -> frozenset[Rung]:
    reminded = frozenset({Rung.REMINDER} if clock in REMINDING else ())
    climbed = frozenset({Rung.NUDGE, Rung.ORDER, Rung.BULLETIN, Rung.ESCALATION})
    return CARDS[clock] | reminded | (climbed if clock in CLIMBING else frozenset())


def _unfit(key: Key, recipients: Sequence[Recipient]) -> Iterator[FieldError]:
    kind, seen = kind_of(key.rung, key.clock), set()
    for place, one in enumerate(recipients):
        pointer = f"/recipients/{place}"
        if one.audience in seen:
            yield FieldError(f"{pointer}/audience", "twice", "同一对象只写一次。")
        seen.add(one.audience)
        if one.audience not in _knowing(key.clock):
            yield FieldError(f"{pointer}/audience", "unknowing", "这一对象看不到这样的提醒。")
        if one.channel is not Channel.INBOX and kind not in FORMS:
            yield FieldError(f"{pointer}/channel", "no-template", "这一级只有站内消息。")
        if one.channel is Channel.TEXT and plan_for(kind, urgent=False) is None:
            yield FieldError(f"{pointer}/channel", "no-text", "这一级没有短信。")


def _knowing(clock: ClockKind | None) -> frozenset[Audience]:
    if clock in OF_ENTERPRISE:
        return frozenset({_A.ENTERPRISE})
    return KNOWING | {_A.REVISITORS} if clock is _C.REVISIT else KNOWING


def _unanswered(key: Key, recipients: Sequence[Recipient]) -> Iterator[FieldError]:
    if key.rung is not Rung.RED:
        return
    ringing = {one.audience for one in recipients if one.channel is not Channel.INBOX}
    clocks = TURNING_RED if key.clock is None else {key.clock} & TURNING_RED
    if any(not ringing & ANSWERING[clock] for clock in clocks):
        detail = "红牌须至少有一名负责的人在手机上收到；不分时限的，每一种时限都须有。"
        yield FieldError("/recipients", "unanswered", detail)
