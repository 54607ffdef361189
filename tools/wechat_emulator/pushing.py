"""Tells the mini-program's server what happened: one thread, three tries, every try recorded."""

import secrets
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from queue import SimpleQueue

import requests

from app import clock
from tools.wechat_emulator.answers import Json
from tools.wechat_emulator.emulator import Emulator, unheard
from tools.wechat_emulator.envelopes import Envelope, Target, is_accepted, seal, signed_query
from tools.wechat_emulator.faults import Subject

TRIES = 3
SENT_TWICE = {"push_duplicate", "push_replay"}
Queue = SimpleQueue[tuple[str, Json] | None]


@contextmanager
def pushing(emulator: Emulator) -> Iterator[None]:
    """Push events, in their order, inside the block."""
    queue: Queue = SimpleQueue()

    def put_all(appid: str, events: list[Json]) -> None:
        for each in events:
            queue.put((appid, each))

    emulator.on_events = put_all
    worker = threading.Thread(target=work, args=(emulator, queue), daemon=True)
    worker.start()
    try:
        yield
    finally:
        emulator.on_events = unheard
        queue.put(None)
        worker.join(1)


def work(emulator: Emulator, queue: Queue) -> None:
    """Push what is queued until the end."""
    with requests.Session() as session:
        session.trust_env = False
        while (told := queue.get()) is not None and not emulator.closing.is_set():
            appid, message = told
            if target := emulator.targets.get(appid):
                push(emulator, session, Line(appid, target), message)


@dataclass(frozen=True, slots=True)
class Line:
    """Where a mini-program's server hears of it."""

    appid: str
    target: Target


def push(emulator: Emulator, session: requests.Session, line: Line, message: Json) -> None:
    """Push one event, with the fault that strikes it."""
    subject = Subject(event=message["Event"], openid=message["FromUserName"], app=line.appid)
    with emulator.changed:
        rule = emulator.struck_by(subject, emulator.now())
    fault = rule.effect.kind if rule else ""
    if fault == "push_drop":
        note(emulator, (message, fault), 0, "dropped")
        return
    # Whoever hears it asks its own clock whether it is fresh, however far this one was moved.
    signed_at = clock.real().timestamp()
    envelope = seal(line.target, line.appid, message, signed_at, fault)
    deliver(emulator, session, line, (message, envelope, fault))
    if fault in SENT_TWICE:
        if fault == "push_duplicate":
            envelope = seal(line.target, line.appid, message, signed_at)
        deliver(emulator, session, line, (message, envelope, fault))


def deliver(
    emulator: Emulator,
    session: requests.Session,
    line: Line,
    parcel: tuple[Json, Envelope, str],
) -> None:
    """Try until it is accepted, three times at most."""
    message, envelope, fault = parcel
    for attempt in range(1, TRIES + 1):
        if emulator.closing.is_set():
            return
        outcome = post(session, line, envelope)
        note(emulator, (message, fault), attempt, outcome)
        if outcome == "accepted":
            return


def post(session: requests.Session, line: Line, envelope: Envelope) -> str:
    """One try: "accepted", or why not."""
    target = line.target
    try:
        answer = session.post(
            target.url,
            params=envelope.query,
            data=envelope.body,
            headers={"Content-Type": "application/json"},
            timeout=target.timeout,
            allow_redirects=False,
        )
    except requests.RequestException as fault:
        return type(fault).__name__
    if answer.status_code != requests.codes.ok:
        return f"http {answer.status_code}"
    return (
        "accepted" if is_accepted(target, line.appid, answer.content) else "answer not understood"
    )


def note(emulator: Emulator, told: tuple[Json, str], attempt: int, outcome: str) -> None:
    """Record one try; whoever waits for pushes is told."""
    message, fault = told
    with emulator.changed:
        emulator.journal.push(
            at=emulator.now(),
            event=message["Event"],
            openid=message["FromUserName"],
            message=message,
            attempt=attempt,
            fault=fault or None,
            outcome=outcome,
        )
        emulator.changed.notify_all()


def shake_hands(target: Target, at: float) -> Json:
    """The GET by which the console checks an address: it must answer with the bare echostr."""
    echo = str(secrets.randbelow(10**19))
    query = signed_query(target.token, at) | {"echostr": echo}
    try:
        answer = requests.get(
            target.url, params=query, timeout=target.timeout, allow_redirects=False
        )
    except requests.RequestException as fault:
        return {"ok": False, "status": None, "reason": type(fault).__name__}
    is_ok = answer.status_code == requests.codes.ok and answer.text == echo
    return {"ok": is_ok, "status": answer.status_code, "reason": "" if is_ok else "echostr"}
