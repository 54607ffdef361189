"""Officials who are members in the emulated WeCom, and what became of the messages to them."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from app import clock
from jobs.deliver_wecom import deliver_wecom
from tests.factories import Person
from tests.factories.wecom import make_wecom_binding
from tests.wechat import Phones


@dataclass(frozen=True)
class Member:
    """A bound person in WeCom."""

    wechat: Phones
    userid: str
    binding_id: int

    def shown(self) -> list[dict[str, Any]]:
        """The letters that the member was shown."""
        return self.wechat.letters(self.userid)


def make_member(wechat: Phones, person: Person, standing: str = "") -> Member:
    """What `person` is in WeCom; `standing` as the emulator has it."""
    userid = f"member-of-{person.account.id}"
    binding = make_wecom_binding(person, userid)
    return Member(wechat, wechat.make_member(userid, standing), binding.id)


def send(at: datetime) -> int:
    """The job at a business time, in the real time of the platform; how many were accepted."""
    clock.set_offset(at - clock.real())
    try:
        return deliver_wecom().items
    finally:
        clock.set_offset(timedelta(0))
