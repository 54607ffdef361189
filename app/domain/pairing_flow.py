"""结对的状态: the one table of what may happen to a pairing. Source: domain, section 3.

Proposed, confirmed by the housekeeper's unit, active, handed over, ended. People, registers,
automatic proposals and handovers all go by it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType

from app.domain.errors import Conflict


class PairingRole(StrEnum):
    """角色 in a pairing: 管家 (A), 副管家 (B)."""

    LEAD = "lead"
    DEPUTY = "deputy"


class PairingState(StrEnum):
    """结对的状态."""

    PROPOSED = "proposed"
    CONFIRMED = "confirmed"
    ACTIVE = "active"
    HANDING_OVER = "handing_over"
    ENDED = "ended"


class PairingDeed(StrEnum):
    """What may be done to a pairing that is there. `START` and `REPLACE` are a register's."""

    CONFIRM = "confirm"
    ACTIVATE = "activate"
    DECLINE = "decline"
    BEGIN_HANDOVER = "begin_handover"
    CANCEL_HANDOVER = "cancel_handover"
    HAND_OVER = "hand_over"
    END = "end"
    START = "start"
    REPLACE = "replace"


class EndReason(StrEnum):
    """Why a pairing is over."""

    REPLACED = "replaced"
    HANDED_OVER = "handed_over"
    DECLINED = "declined"
    REQUESTED = "requested"
    RECUSAL = "recusal"
    LEFT = "left"
    CLOSED = "closed"
    MISTAKEN = "mistaken"


STANDING = (PairingState.ACTIVE, PairingState.HANDING_OVER)
"""The housekeeper answers for the enterprise."""

WAITING = (PairingState.PROPOSED, PairingState.CONFIRMED)
"""Nobody answers yet; the enterprise does not know."""

GIVEN_REASONS = (
    EndReason.REQUESTED,
    EndReason.RECUSAL,
    EndReason.LEFT,
    EndReason.CLOSED,
    EndReason.MISTAKEN,
)
"""What people may give as the reason; the others follow from what they did."""

STATE_LABELS: Mapping[PairingState, str] = MappingProxyType(
    {
        PairingState.PROPOSED: "已提出",
        PairingState.CONFIRMED: "已确认",
        PairingState.ACTIVE: "生效",
        PairingState.HANDING_OVER: "交接中",
        PairingState.ENDED: "已结束",
    }
)


@dataclass(frozen=True, slots=True)
class PairingStep:
    """From where a deed leads to where."""

    sources: tuple[PairingState, ...]
    target: PairingState


_S, _D = PairingState, PairingDeed

STEPS: Mapping[PairingDeed, PairingStep] = MappingProxyType(
    {
        _D.CONFIRM: PairingStep((_S.PROPOSED,), _S.CONFIRMED),
        _D.ACTIVATE: PairingStep((_S.CONFIRMED,), _S.ACTIVE),
        _D.DECLINE: PairingStep(WAITING, _S.ENDED),
        _D.BEGIN_HANDOVER: PairingStep((_S.ACTIVE,), _S.HANDING_OVER),
        _D.CANCEL_HANDOVER: PairingStep((_S.HANDING_OVER,), _S.ACTIVE),
        _D.HAND_OVER: PairingStep((_S.HANDING_OVER,), _S.ENDED),
        _D.END: PairingStep((*WAITING, _S.ACTIVE), _S.ENDED),
        _D.START: PairingStep(WAITING, _S.ACTIVE),
        _D.REPLACE: PairingStep((*WAITING, *STANDING), _S.ENDED),
    }
)


class PairingStateForbids(Conflict):
    """结对当前的状态不允许这一操作。"""

    code = "pairing-state"


def allows(state: str, deed: PairingDeed) -> bool:
    """Whether `deed` may be done to a pairing in `state`."""
    return state in STEPS[deed].sources


def after(state: str, deed: PairingDeed) -> PairingState:
    """The state that `deed` leads to. Raises `PairingStateForbids`."""
    if not allows(state, deed):
        label = STATE_LABELS[PairingState(state)]
        raise PairingStateForbids(f"结对“{label}”，不能进行这一操作。")
    return STEPS[deed].target
