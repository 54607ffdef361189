"""提醒与亮牌: what can be done, from where to where, on which conditions."""

from app.domain.decisions import warnings
from app.domain.permissions import Permission as Act
from app.domain.transition import UNFINISHED, Transition

ROWS = (
    Transition(
        Act.REMIND,
        UNFINISHED,
        None,
        warnings.remind,
        is_public=False,
        is_new_version=False,
    ),
    Transition(
        Act.ISSUE_CARD,
        UNFINISHED,
        None,
        warnings.issue_card,
        is_public=False,
        is_new_version=False,
    ),
)
