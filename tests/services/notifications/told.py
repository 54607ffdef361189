"""Events of the platform about messages to a phone."""

from typing import Any

from app import clock
from services.notifications.receipts import SentEvent, settle_by_event
from tests.services.notifications.phones import ACCEPTED, Phone
from tests.wechat import APPID, TEMPLATES


def event_about(
    phone: Phone, provider_id: str | None, *, is_delivered: bool = True, **changes: Any
) -> SentEvent:
    """An event made just now about a message to `phone`."""
    about: dict[str, Any] = {
        "appid": APPID,
        "openid": phone.openid,
        "template_id": TEMPLATES[ACCEPTED],
        "told_at": clock.real(),
    }
    return SentEvent(**about | changes, provider_id=provider_id, is_delivered=is_delivered)


def told(
    phone: Phone, provider_id: str | None, *, is_delivered: bool = True, **changes: Any
) -> bool:
    """Whether such an event was about one of ours."""
    event = event_about(phone, provider_id, is_delivered=is_delivered, **changes)
    return settle_by_event(event, at=clock.real())
