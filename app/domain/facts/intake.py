"""提交: what a new ticket must bring."""

from dataclasses import dataclass

from app.domain.vocabulary import (
    Channel,
    Kind,
)


@dataclass(frozen=True, slots=True)
class Complained:
    """被投诉方: the enterprise's own housekeeper, units; the ticket goes past all of them."""

    housekeeper: bool = False
    organisation_ids: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Submission:
    """提交诉求. `enterprise_id` is given by staff; an enterprise files for itself."""

    title: str
    body: str
    kind: Kind = Kind.REQUEST
    channel: Channel = Channel.MINI_PROGRAM
    category_code: str | None = None
    enterprise_id: int | None = None
    contact_name: str | None = None
    contact_phone: str | None = None
    is_confidential: bool = False
    is_anonymous: bool = False
    complains_of: Complained = Complained()
    attachment_ids: tuple[int, ...] = ()
