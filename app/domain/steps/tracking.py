"""挂账跟踪: what can be done, from where to where, on which conditions."""

from app.domain.decisions import tracking as decisions
from app.domain.guards import tracking
from app.domain.permissions import Permission as Act
from app.domain.transition import ACCEPTED, Transition

ROWS = (
    Transition(
        Act.TRACK_OPEN,
        ACCEPTED,
        None,
        decisions.track_open,
        ready=tracking.may_track,
        makes_handler=True,
    ),
    Transition(
        Act.REVIEW_TRACKING,
        ACCEPTED,
        None,
        decisions.review_tracking,
        entitled=tracking.owns_tracked,
        ready=tracking.is_tracked,
        makes_handler=True,
    ),
    Transition(
        Act.END_TRACKING,
        ACCEPTED,
        None,
        decisions.end_tracking,
        ready=tracking.is_tracked,
        makes_handler=True,
    ),
)
