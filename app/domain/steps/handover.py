"""移交: what can be done, from where to where, on which conditions."""

from app.domain.decisions import handover
from app.domain.permissions import Permission as Act
from app.domain.transition import UNFINISHED, Transition

ROWS = (Transition(Act.HAND_OVER, UNFINISHED, None, handover.hand_over),)
