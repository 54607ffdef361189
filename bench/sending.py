"""`python -m bench.sending`: the sender beside a bare loop over kept connections, same platform."""

import argparse
import json
import logging
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from statistics import median

from flask import current_app

from app import clock
from app.db import db, transaction
from app.domain.phone_forms import Template
from app.models.subscription import WechatTemplate
from bench.bare import bare_loop
from bench.city import read_city
from bench.driving import WrongAnswer
from bench.mail import accept_tickets, put_back
from bench.places import Server, database_server, folder, product_environment
from bench.platform import Platform, bind, consent, platform
from bench.preparing import CITY, application, on, prepare_city
from bench.usage import seconds_of
from jobs.deliver_notifications import SENDERS, deliver_notifications
from services.notifications.due import is_any_due
from services.notifications.templates import store_templates
from services.wechat_credentials import StoredCredentials
from tools.wechat import with_wechat

GOAL = 0.6


@dataclass(frozen=True, slots=True)
class Drive:
    """One round of one of the two: messages, seconds, and processor seconds by process."""

    messages: int
    seconds: float
    used: Mapping[str, float]

    @property
    def rate(self) -> float:
        """Messages a second."""
        return self.messages / self.seconds

    def share(self, name: str) -> float:
        """Of one processor that the process kept busy."""
        return self.used[name] / self.seconds

    def cost(self, name: str) -> float:
        """Milliseconds of processor a message."""
        return 1000 * self.used[name] / self.messages


@dataclass(frozen=True, slots=True)
class Stage:
    """What both are driven against: the platform, and the database's head process."""

    platform: Platform
    database: int

    def timed(self, work: Callable[[], int]) -> Drive:
        """Do the work, which tells how many messages it brought."""
        heads = {"platform": self.platform.process, "database": self.database}
        before, own, began = seconds_of(heads), time.process_time(), time.perf_counter()
        messages = work()
        seconds, own = time.perf_counter() - began, time.process_time() - own
        after = seconds_of(heads)
        used = {name: after[name] - before[name] for name in heads} | {"client": own}
        return Drive(messages, seconds, used)


def main() -> int:
    """Write the messages, drive both in turns, print the ratios."""
    parser = argparse.ArgumentParser(prog="bench.sending", description=__doc__)
    parser.add_argument("--people", type=int, default=400, help="每轮的消息数，每人一条")
    parser.add_argument("--rounds", type=int, default=7, help="轮流各测几轮")
    parser.add_argument("--latency", type=int, default=0, help="平台每次多等多少毫秒")
    given = parser.parse_args()
    logging.disable(logging.WARNING)
    with folder(None) as home, database_server(home) as server:
        environ = with_wechat(product_environment(home, server.url(CITY)), home)
        prepare_city(server, environ)
        with platform(environ) as emulated, application(on(environ, server, CITY)):
            write_messages(server, emulated, given.people, 2 * given.rounds + 1)
            slow_down(emulated, given.latency)
            stage = Stage(emulated, server.process)
            print("\n".join(table_of(rounds_of(stage, given.rounds))), flush=True)
    return 0


def write_messages(server: Server, emulated: Platform, people: int, times: int) -> None:
    """One message to each of so many people, who agree to `times` of them."""
    with server.open(CITY) as connection:
        places = read_city(connection).enterprises[:people]
    wechat = current_app.config["WECHAT"].first
    appid = wechat.appid
    with transaction():
        store_templates(appid, wechat.templates(), at=clock.real())
    phones = bind(emulated.stand_in, appid, [place["applicant"] for place in places])
    with transaction():
        template = (
            db.session.get_one(WechatTemplate, (appid, Template.ACCEPTED.value)).template_id or ""
        )
    consent(emulated.stand_in, phones, template, times)
    accept_tickets(places, at=clock.now())


def slow_down(emulated: Platform, milliseconds: int) -> None:
    """From now on the platform takes so long for each message."""
    if milliseconds:
        late = {"kind": "latency", "ms": milliseconds}
        emulated.stand_in.post("faults", {"match": {"path": "subscribe/send"}, "effect": late})


def rounds_of(stage: Stage, rounds: int) -> list[tuple[Drive, Drive]]:
    """Bare loop and sender in turns, by the same bodies; the first round of the sender warms up."""
    put_back()
    stage.timed(send_all)
    bodies = bodies_of(stage.platform)
    base, done = stage.platform.stand_in.base, []
    for _ in range(rounds):
        token = StoredCredentials(current_app.config["WECHAT"].first.appid).read() or ""

        def bare(token: str = token) -> int:
            bare_loop(base, token, bodies, SENDERS)
            return len(bodies)

        below = stage.timed(bare)
        put_back()
        done.append((below, stage.timed(send_all)))
    return done


def send_all() -> int:
    """What the sender does until nobody waits; how many were accepted. Raises `WrongAnswer`."""
    sent = 0
    while _is_any_due():
        outcome = deliver_notifications()
        if outcome.failures or not outcome.items:
            raise WrongAnswer(f"{outcome.failures} messages were not accepted")
        sent += outcome.items
    return sent


def bodies_of(emulated: Platform) -> list[bytes]:
    """The bodies of all messages that the platform has got."""
    calls = emulated.stand_in.get("calls", path="subscribe/send")["calls"]
    return [json.dumps(json.loads(call["body"]), ensure_ascii=False).encode() for call in calls]


def table_of(rounds: Sequence[tuple[Drive, Drive]]) -> list[str]:
    """What came of it, as lines."""
    ratios = sorted(sender.rate / bare.rate for bare, sender in rounds)
    middle = median(ratios)
    lines = [
        f"| {name} | {median(d.rate for d in drives):.0f} |"
        + "".join(f" {median(d.cost(part) for d in drives):.2f} |" for part in PARTS)
        + f" {median(d.share('platform') for d in drives):.0%} |"
        for name, drives in zip(("bare loop", "sender"), zip(*rounds, strict=True), strict=True)
    ]
    mark = "✓" if middle >= GOAL else "✗"
    told = f"min {ratios[0]:.2f}, median {middle:.2f} {mark}, max {ratios[-1]:.2f}"
    return [
        "| | messages/s | client ms | database ms | platform ms | platform's processor |",
        *lines,
        f"sender ÷ bare loop: {told}",
    ]


PARTS = ("client", "database", "platform")


def _is_any_due() -> bool:
    with transaction():
        return is_any_due(at=clock.now(), real=clock.real())


if __name__ == "__main__":
    sys.exit(main())
