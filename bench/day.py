"""`python -m bench.day --seed 1`: a working day of messages with faults, and its account.

The business clock is moved through 24 hours and on until nothing waits. Two senders fight for the
work, some are killed and replaced. The exit code is 1 when the account does not balance.
"""

import argparse
import logging
import sys
import time
from collections.abc import Mapping
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from random import Random

import sqlalchemy as sa
from flask import current_app

from app import clock
from app.db import db, transaction
from app.domain.quiet_hours import next_opening
from bench.city import read_city
from bench.day_account import Seen, account_of
from bench.day_people import Town, written
from bench.day_plan import Spell, plan
from bench.day_senders import Senders
from bench.places import Server, database_server, folder, product, product_environment
from bench.platform import Platform, bind, platform
from bench.preparing import CITY, application, prepare_city
from jobs.deliver_notifications import deliver_notifications
from jobs.deliver_texts import deliver_texts
from jobs.fall_back import fall_back
from jobs.work_pushes import work_pushes
from services import business_clock
from services.notifications.circuits import close_all
from services.notifications.due import is_any_due
from services.notifications.receipts import TOLD_WITHIN
from services.notifications.templates import store_templates
from services.tickets.terms import newest_calendar
from tools.watch import settle, wait_until
from tools.wechat import StandIn, with_wechat

SPELLS = 48
SPELL = timedelta(hours=24) / SPELLS
MESSAGES_OF_A_TICKET = 2.2
SPELL_SECONDS = 8.0
"""So long is waited for the senders in each spell at most; the rest waits for the next one."""

LATE = TOLD_WITHIN + timedelta(minutes=1)
"""So much later whoever clears up lives: all leases are over, and no event can come any more."""

DRAIN = timedelta(minutes=20)
DRAINS = 20
TURNS = 3
"""What goes out in one turn is settled in the next, and what follows from that in the last."""


@dataclass
class Day:
    """The day as it goes on."""

    town: Town
    senders: Senders
    stand_in: StandIn
    seen: Seen = field(default_factory=Seen)

    def live(self, spells: list[Spell], messages: int) -> None:
        """All spells, and so many messages by the end."""
        a_spell = max(1, round(messages / MESSAGES_OF_A_TICKET / len(spells)))
        for spell in spells:
            for fault in spell.faults:
                self.stand_in.post("faults", dict(fault))
            missing = messages - written()
            self.town.live(a_spell if missing > 0 else 1)
            for place in spell.kills:
                self.senders.replace(place)
            if not spell.is_deaf:
                work_pushes()
            wait_until(_is_calm, SPELL_SECONDS, by=settle)
            self.look()
            move_on(SPELL)

    def clear_up(self) -> None:
        """Nothing fails any more; others do what is left, once all leases are over."""
        self.senders.end()
        self.stand_in.delete("faults")
        for turn in range(1, TURNS + 1):
            self.stand_in.post("clock", {"offset": turn * LATE.total_seconds()})
            with clock.frozen(clock.real() + turn * LATE):
                _do_what_is_left()
        self.look()

    def look(self) -> None:
        """Note down what has arrived since the last look, before the platform forgets it."""
        last = self.seen.messages[-1]["id"] if self.seen.messages else 0
        found = self.stand_in.get("messages", since=last, limit=5_000)
        self.seen.messages += found["messages"]
        self.seen.vanished |= set(map(str, found["vanished"]))
        self.seen.texts = self.stand_in.get("texts")["texts"]
        self.seen.given = self.town.given


def _do_what_is_left() -> None:
    for _ in range(DRAINS):
        for job in (work_pushes, fall_back, deliver_notifications, deliver_texts):
            job()
        if not _is_anything_open():
            break
        move_on(DRAIN)
    work_pushes()


def main() -> int:
    """Live the day, print its account; 0 when it balances."""
    parser = argparse.ArgumentParser(prog="bench.day", description=__doc__)
    parser.add_argument("--seed", type=int, default=1, help="出什么错、几时出错，由它决定")
    parser.add_argument("--messages", type=int, default=5_000, help="至少写多少条消息")
    parser.add_argument("--spells", type=int, default=SPELLS, help="一天分几段")
    parser.add_argument("--senders", type=int, default=2, help="投递进程数")
    parser.add_argument("--enterprises", type=int, default=150, help="企业数")
    given = parser.parse_args()
    logging.disable(logging.WARNING)
    began = time.monotonic()
    with ExitStack() as closing:
        day = begin(closing, given)
        day.live(plan(given.seed, given.spells, given.senders), given.messages)
        day.clear_up()
        with transaction():
            account = account_of(day.seen)
        account.require("broke off in a sender", day.senders.told().splitlines())
    print("\n".join([*account.lines, *account.faults]))
    seconds = time.monotonic() - began
    print(f"seed {given.seed}: {day.senders.killed} senders killed, {seconds:.0f} s")
    return int(bool(account.faults))


def begin(closing: ExitStack, given: argparse.Namespace) -> Day:
    """The town in the morning, all processes at work; they end with `closing`."""
    home = closing.enter_context(folder(None))
    server = closing.enter_context(database_server(home))
    environ = day_environment(server, home)
    prepare_city(server, environ)
    emulated = closing.enter_context(platform(environ))
    closing.enter_context(product(environ))
    closing.enter_context(application(environ))
    senders = Senders(environ, home / "logs", given.senders)
    closing.callback(senders.end)
    town = settle_town(server, emulated, given.enterprises, Random(given.seed))
    to_the_morning()
    senders.begin()
    return Day(town, senders, emulated.stand_in)


def day_environment(server: Server, home: Path) -> Mapping[str, str]:
    """The product where its clock can be moved, with the emulator behind it."""
    own = {**product_environment(home, server.url(CITY)), "APP_ENV": "testing", "WEB_WORKERS": "1"}
    return with_wechat(own, home)


def settle_town(server: Server, emulated: Platform, enterprises: int, dice: Random) -> Town:
    """Who lives there: most have WeChat, and most of them have agreed to some messages."""
    with server.open(CITY) as connection:
        places = dice.sample(list(read_city(connection).enterprises), enterprises)
    wechat = current_app.config["WECHAT"].first
    with transaction():
        store_templates(wechat.appid, wechat.templates(), at=clock.real())
    keepers = sorted({place["keeper"] for place in places})
    bound = [place["applicant"] for place in places if dice.random() < 0.85]
    bound += [keeper for keeper in keepers if dice.random() < 0.7]
    phones = bind(emulated.stand_in, wechat.appid, bound)
    town = Town(
        emulated.stand_in, wechat.appid, places, {one.account_id: one for one in phones}, dice
    )
    for place in places:
        town.ask(place["applicant"], times=dice.randint(1, 12))
    return town


def to_the_morning() -> None:
    """Move the business clock to the next but one opening of the offices, or the next."""
    with transaction():
        opening = next_opening(newest_calendar(), at=clock.now() + timedelta(hours=12))
    move_on(opening - clock.now())


def move_on(span: timedelta) -> None:
    """Move the business clock, and let whatever rests by the platform's word try again."""
    with transaction():
        offset = business_clock.advance(int(span.total_seconds()))
        close_all(at=clock.real())
    clock.set_offset(timedelta(seconds=offset))


def _is_calm() -> bool:
    """Whether nobody has anything to send now."""
    with transaction():
        texts = sa.text("SELECT 1 FROM text_messages WHERE state = 'pending' AND send_at <= :at")
        is_due = is_any_due(at=clock.now(), real=clock.real())
        return not is_due and db.session.scalar(texts, {"at": clock.now()}) is None


_OPEN = """
SELECT EXISTS (SELECT FROM deliveries WHERE state IN ('pending', 'sending'))
    OR EXISTS (SELECT FROM text_messages WHERE state IN ('pending', 'sending'))
    OR EXISTS (SELECT FROM fallbacks WHERE state = 'waiting')
"""


def _is_anything_open() -> bool:
    with transaction():
        return bool(db.session.scalar(sa.text(_OPEN)))


if __name__ == "__main__":
    sys.exit(main())
