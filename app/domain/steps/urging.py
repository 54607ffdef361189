"""催办: what can be done, from where to where, on which conditions."""

from app.domain.decisions import urging
from app.domain.permissions import Permission as Act
from app.domain.transition import Transition
from app.domain.urging import URGEABLE

ROWS = (Transition(Act.URGE, URGEABLE, None, urging.urge, is_new_version=False),)
