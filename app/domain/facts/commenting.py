"""补充说明与内部备注: what the action must bring."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Comment:
    """留言: of an enterprise a remark on its own ticket, of an official a note for colleagues.

    `from_enterprise`: an operator writes down what the enterprise said on the phone.
    """

    text: str
    from_enterprise: bool = False
    attachment_ids: tuple[int, ...] = ()
