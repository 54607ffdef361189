"""到日提醒: what can be done, from where to where, on which conditions."""

from app.domain.decisions import reminding
from app.domain.permissions import Permission as Act
from app.domain.transition import ACCEPTED, Transition

ROWS = (
    Transition(
        Act.REMIND_OF_DAY,
        ACCEPTED,
        None,
        reminding.remind_of_day,
        is_public=False,
        is_new_version=False,
    ),
)
