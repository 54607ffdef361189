"""三级协调: what can be done, from where to where, on which conditions."""

from app.domain.decisions import escalation as decisions
from app.domain.decisions import joint_meeting, meeting_tasks
from app.domain.guards import escalation
from app.domain.permissions import Permission as Act
from app.domain.transition import ACCEPTED, AT_WORK, Transition, at
from app.domain.vocabulary import Status

ROWS = (
    Transition(
        Act.ESCALATE,
        AT_WORK | at(Status.SUSPENDED),
        None,
        decisions.escalate,
        entitled=escalation.reaches_higher,
        ready=escalation.is_below_the_top,
    ),
    Transition(
        Act.CONVENE_JOINT_MEETING,
        AT_WORK,
        None,
        joint_meeting.convene_joint_meeting,
        ready=escalation.may_meet,
        makes_handler=True,
    ),
    Transition(
        Act.CONCLUDE_JOINT_MEETING,
        AT_WORK,
        Status.HANDLING,
        joint_meeting.conclude_joint_meeting,
        ready=escalation.meets,
        makes_handler=True,
    ),
    Transition(
        Act.COMPLETE_MEETING_TASK,
        ACCEPTED,
        None,
        meeting_tasks.complete_meeting_task,
        ready=escalation.has_tasks,
        is_public=False,
        makes_handler=True,
    ),
)
