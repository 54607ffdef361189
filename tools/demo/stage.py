"""The stage: the people, the business clock, the telling, and patience for what jobs do."""

import time
from collections.abc import Callable, Iterable
from datetime import date, datetime, timedelta
from datetime import time as datetime_time
from math import ceil
from typing import Any, TypeVar

from tools.demo.people import Person, Town
from tools.demo.phone import number_in, shown
from tools.faults import Fault

MORNING = datetime_time(9)
DAYS_AHEAD = 30
PATIENCE_SECONDS = 90
TICK_SECONDS = 0.5
WEEKDAYS = "一二三四五六日"

Found = TypeVar("Found")


class Stage:
    """Where the story happens. `pause` is called between two looks at what a job has to do."""

    def __init__(
        self,
        town: Town,
        tell: Callable[[str], None],
        pause: Callable[[float], None] = time.sleep,
    ) -> None:
        self.town = town
        self._tell, self._pause = tell, pause

    def heading(self, text: str) -> None:
        """The title of an act."""
        self._tell(f"\n【{text}】")

    def tell(self, text: str, who: Person | None = None) -> None:
        """One line: the business time, who, what."""
        now = self.now()
        moment = f"{now:%m-%d} 周{WEEKDAYS[now.weekday()]} {now:%H:%M}"
        self._tell(f"  {moment}  {f'{who.title}：' if who else ''}{text}")

    def ring(self, who: Person, number: str, title: str, times: int = 1) -> None:
        """Wait for what must arrive on somebody's phone, and show it; no more may come."""
        phone = who.phone
        if phone is None:
            return
        self.wait_for(f"{who.title}手机上的{title}", lambda: phone.count(number, title) >= times)
        arrived = [
            message
            for message in phone.messages()
            if (number_in(message), message["title"]) == (number, title)
        ]
        sentence = f"{who.title}应收到 {times} 条{title}，实际 {len(arrived)} 条"
        require(len(arrived) == times, sentence)
        self.show([f"  ↳ {who.title}的手机 {shown(arrived[-1])}"])

    def show(self, lines: Iterable[str]) -> None:
        """Lines of a table."""
        for line in lines:
            self._tell(f"    {line.rstrip()}")

    def now(self) -> datetime:
        """Business time."""
        return datetime.fromisoformat(self._clerk.get("/testing/clock")["now"])

    def advance_to(self, moment: datetime) -> None:
        """Move business time to `moment` or less than a minute beyond; it never goes back."""
        missing = (moment - self.now()).total_seconds()
        if missing > 0:
            self.let_pass(minutes=ceil(missing / 60))

    def let_pass(self, *, minutes: int) -> None:
        """Move business time so much forward."""
        self._clerk.post("/testing/clock", {"advance_minutes": minutes})

    def next_working_morning(self) -> datetime:
        """09:00 of the first working day after today."""
        now = self.now()
        first, last = (now.date() + timedelta(days=ahead) for ahead in (1, DAYS_AHEAD))
        days = self._clerk.get("/calendar/days", **{"from": first, "to": last})["items"]
        for day in days:
            if day["is_workday"]:
                return datetime.combine(date.fromisoformat(day["day"]), MORNING, now.tzinfo)
        raise Fault(f"工作日历里 {first} 到 {last} 没有工作日。")

    def wait_for(self, what: str, look: Callable[[], Found | None]) -> Found:
        """Look until there is something to see. Raises Fault when a job takes far too long."""
        limit = time.monotonic() + PATIENCE_SECONDS
        while True:
            seen = look()
            if seen:
                return seen
            if time.monotonic() > limit:
                raise Fault(f"等了 {PATIENCE_SECONDS} 秒，{what}仍未发生；定时任务在运行吗？")
            self._pause(TICK_SECONDS)

    @property
    def _clerk(self) -> Person:
        return self.town["demo-coordinator"]


def require(holds: Any, sentence: str) -> None:
    """Raise Fault with `sentence`, which says what does not hold."""
    if not holds:
        raise Fault(f"与预期不符：{sentence}")


def clock_time(text: str | None) -> str:
    """An instant of an answer as people write it."""
    return f"{datetime.fromisoformat(text):%m-%d %H:%M}" if text else "无"
