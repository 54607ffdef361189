"""重定时限: what can be done, from where to where, on which conditions."""

from app.domain.decisions import retarget
from app.domain.guards.retarget import has_promise
from app.domain.permissions import Permission as Act
from app.domain.transition import UNFINISHED, Transition

ROWS = (Transition(Act.RETARGET, UNFINISHED, None, retarget.retarget, ready=has_promise),)
