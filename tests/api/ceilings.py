"""How many statements each route that changes a ticket may cost, savepoints left out.

Who asks, the lock, the change, the answer; more where another ticket, a unit or a file is looked
at. A new route takes its place here.
"""

from collections.abc import Mapping

from tests.callers import API

OF_TICKETS: Mapping[int, tuple[str, ...]] = {
    5: (
        "acceptance",
        "closure",
        "deferral-failure",
        "deferred-material",
        "escalation",
        "evaluation",
        "extension-request/approval",
        "feedback",
        "first-contact",
        "first-contact/confirmation",
        "joint-meeting/task-completion",
        "objection",
        "progress",
        "refusal",
        "refusal/approval",
        "resumption",
        "retarget",
        "review-contact",
        "review-verification",
        "review-verification/ruling",
        "revisit",
        "rework",
        "supplement",
        "supplement-request",
        "suspension/approval",
        "tracking/end",
        "tracking/review",
        "transfer",
        "unmerge",
        "unreasonable-finding",
        "unreasonable-finding/approval",
        "urge",
        "withdrawal",
        "withdrawal/check",
    ),
    6: (
        "consultation",
        "consultation/conclusion",
        "dispatch",
        "feedback/receipt",
        "joint-meeting",
        "joint-meeting/conclusion",
        "purge-request",
        "tracking",
    ),
    7: (
        "purge-request/ruling",
        "suspension",
    ),
    8: ("merge",),
}
OF_ASSIGNMENTS: Mapping[int, tuple[str, ...]] = {
    6: (
        "approval",
        "countersignature",
        "extension-request",
        "extension-request/consent",
        "opinion",
        "receipt",
        "reply",
        "ruling",
    ),
    7: ("return-request/consent",),
    8: ("return-request",),
}

CEILINGS: Mapping[str, int] = {
    f"{API}/{place}/{noun}": ceiling
    for place, ceilings in (
        ("tickets/<number:number>", OF_TICKETS),
        ("assignments/<id:assignment_id>", OF_ASSIGNMENTS),
    )
    for ceiling, nouns in ceilings.items()
    for noun in nouns
}
