"""转出: another body has to decide; the enterprise is told which, and is then answered."""

from app.domain.actor import Actor
from app.domain.errors import FieldError, InvalidInput
from app.domain.facts.coordination import TransferOut
from app.domain.limits import Limit, Unit
from app.domain.terms import Moment
from app.domain.ticket_state import Effect, TicketState
from app.domain.vocabulary import TicketClass

ARREARS_TRANSFER = Limit(10, Unit.WORKING_DAYS)
"""A complaint of arrears is with the body that handles it in ten working days of its acceptance.

Source: 保障中小企业款项支付条例; domain, 4.1. Fixed by law, hence no policy.
"""


def transfer_out(state: TicketState, facts: TransferOut, _: Actor, moment: Moment) -> Effect:
    """转出: noted once; for arrears also whether it came too late."""
    transferred_at = facts.transferred_at or moment.at
    begun = state.accepted_at or state.submitted_at
    if not begun <= transferred_at <= moment.at:
        detail = "转出时间应在受理之后、现在之前。"
        raise InvalidInput([FieldError("/transferred_at", "range", detail)])
    told: dict[str, object] = {
        "receiving_body": facts.receiving_body,
        "reason": facts.reason,
        "transferred_at": transferred_at.isoformat(),
    }
    if state.ticket_class is TicketClass.ARREARS:
        due = ARREARS_TRANSFER.due_after(moment.terms.calendar, at=begun)
        told |= {"is_late": transferred_at > due}
    return Effect(
        values={"transferred_to": facts.receiving_body, "transferred_at": transferred_at},
        facts=told,
    )
