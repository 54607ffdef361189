"""What addresses of drafts, service messages and pushes are filled with."""

from tests.factories import Person
from tests.factories.pushes import make_draft, make_failed_push

OF_PUSHES = ("draft_id", "service_message_id", "push_id")


def places(owner: Person) -> dict[str, int]:
    """A draft of `owner`, a message of nobody who is known, a push that was given up."""
    return {
        "draft_id": make_draft(owner).id,
        "service_message_id": make_draft().id,
        "push_id": make_failed_push().id,
    }
