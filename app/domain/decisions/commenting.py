"""补充说明与内部备注: words beside the way round. Nothing of the ticket changes by them.

Not a stage report (阶段反馈), by which the offices tell the enterprise how it stands and a clock
begins anew; not an opinion (协办意见), which a co unit owes the lead; not a supplement (补正),
which a notice asked for.
"""

from app.domain.actor import Actor, Role
from app.domain.errors import FieldError, InvalidInput
from app.domain.facts.commenting import Comment
from app.domain.terms import Moment
from app.domain.ticket_state import Effect, TicketState

FROM_ENTERPRISE, INNER = "from_enterprise", "inner"


def comment(_: TicketState, facts: Comment, actor: Actor, __: Moment) -> Effect:
    """留言: who writes decides who reads, so that no note goes to the enterprise by mistake.

    Raises `InvalidInput` where an official but the operator speaks for the enterprise.
    """
    if facts.from_enterprise and not (actor.is_enterprise or actor.role is Role.OPERATOR):
        detail = "只有座席可以代企业补充说明。"
        raise InvalidInput([FieldError("/from_enterprise", "not-on-behalf", detail)])
    is_inner = not (actor.is_enterprise or facts.from_enterprise)
    return Effect(
        facts={"text": facts.text},
        outcome=INNER if is_inner else FROM_ENTERPRISE,
        attachment_ids=facts.attachment_ids,
    )
