"""The emulated platform: its state behind one lock, and the way of a call through it."""

import threading
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from random import Random

from app import clock
from tools.wechat_emulator.answers import NOT_FOUND_PAGE, Answer, Json, page
from tools.wechat_emulator.calls import Call, Request
from tools.wechat_emulator.effects import Effect, bend
from tools.wechat_emulator.endpoints import ENDPOINTS, SEND, Endpoint, act
from tools.wechat_emulator.envelopes import Target
from tools.wechat_emulator.faults import Rule, Subject
from tools.wechat_emulator.journal import Journal, finish
from tools.wechat_emulator.state import State
from tools.wechat_emulator.templates import shipped_templates
from tools.wechat_emulator.tokens import expire_all, forget_all

# The client hears nothing at all.
MUTE = {"hang", "reset_before", "reset_after"}


@dataclass(frozen=True, slots=True)
class Reply:
    """What the server writes: an answer (None: nothing at all), and how the wire misbehaves."""

    answer: Answer | None
    effect: Effect | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Access:
    """Who may use the emulator: the mini-programs' own credentials, and the admin's key.

    `others`: the secrets of further mini-programs by appid.
    """

    appid: str
    secret: str = field(repr=False)
    key: str = field(repr=False)
    others: Mapping[str, str] = field(default_factory=dict, repr=False)

    @property
    def known(self) -> dict[str, str]:
        """Every secret by its appid, the first one first."""
        return {self.appid: self.secret, **self.others}


class Emulator:
    """The platform of one or more mini-programs, each with people and templates of its own."""

    def __init__(self, access: Access, targets: Mapping[str, Target] | None = None) -> None:
        self.access = access
        self.first_targets = dict(targets or {})
        self.unexpected: list[Json] = []
        self.changed = threading.Condition()
        self.closing = threading.Event()
        self.on_events: Callable[[str, list[Json]], None] = unheard
        self.random = Random(0)  # noqa: S311 - latencies are to be repeatable
        self.wave = 0
        self.reset()

    def reset(self) -> None:
        """Forget everything but the shipped templates, and what nobody should have called."""
        with self.changed:
            self.states: dict[str, State] = {}
            for appid, secret in self.access.known.items():
                self.add(appid, secret)
            self.journal = Journal()
            self.rules: list[Rule] = []
            self.rules_made = 0
            self.targets = dict(self.first_targets)
            self.flights: Counter[str] = Counter()
            self.mark_changed()

    def add(self, appid: str, secret: str) -> None:
        """A mini-program on its first day; whoever adds one holds the lock."""
        made = State(appid=appid, secret=secret)
        made.templates = shipped_templates()
        self.states[appid] = made

    def put_back(self, kept: State) -> None:
        """What was kept of a mini-program that is still there; whoever does it holds the lock."""
        if kept.appid in self.states:
            kept.secret = self.states[kept.appid].secret
            self.states[kept.appid] = kept

    @property
    def state(self) -> State:
        """Of the first mini-program, which also has the platform's clock."""
        return self.states[self.access.appid]

    def state_for(self, request: Request) -> State:
        """Of the mini-program that a call is about: by its appid, its token, or the first."""
        appid, token = request.said("appid"), request.query.get("access_token", "")
        known = self.states.get(appid)
        by_token = (state for state in self.states.values() if token in state.tokens)
        return known or next(by_token, self.state)

    def owner_of(self, openid: str) -> State:
        """Of the mini-program that knows somebody by this openid, or the first."""
        owners = (state for state in self.states.values() if openid in state.users)
        return next(owners, self.state)

    def mark_changed(self) -> None:
        """Tell who waits, or keeps the state, that it is no longer what it was."""
        self.is_dirty = True
        self.changed.notify_all()

    def now(self) -> float:
        """The platform's clock, in seconds since 1970."""
        return clock.real().timestamp() + self.state.offset

    def answer(self, request: Request) -> Reply:
        """What the platform does with a call and says to it."""
        endpoint = ENDPOINTS.get(request.path)
        if endpoint is None:
            return self.not_found(request)
        with self.changed:
            at = self.now()
            entry = self.journal.begin(request, at)
            rule = self.struck_by(self.subject(request), at)
        effect = rule.effect if rule else None
        with self.flight(request) as is_crossed:
            self.delay(effect)
            with self.changed:
                call = Call(request, self.now(), is_crossed, effect.kind if effect else "")
                reply = self.carry_out(endpoint, call, effect)
                finish(entry, reply.answer, effect.kind if effect else None)
                self.tell_events()
                self.mark_changed()
        return reply

    def carry_out(self, endpoint: Endpoint, call: Call, effect: Effect | None) -> Reply:
        """Act unless the fault prevents it, then let the fault bend the answer."""
        state = self.state_for(call.request)
        if effect is None:
            return Reply(act(state, endpoint, call))
        call = self.twisted(state, call, effect)
        nothing = Answer(b"", content_type=endpoint.content_type)
        answer = act(state, endpoint, call) if effect.acts else nothing
        if effect.kind in MUTE:
            return Reply(None, effect)
        return Reply(bend(effect, answer, call.at), effect)

    def twisted(self, state: State, call: Call, effect: Effect) -> Call:
        """The call as the platform takes it after a fault in the platform itself."""
        if effect.kind == "token_expire":
            expire_all(state, call.at)
        elif effect.kind == "token_invalidate":
            forget_all(state)
        elif effect.kind == "clock_skew":
            return replace(call, at=call.at + float(effect.options["seconds"]))
        return call

    def not_found(self, request: Request) -> Reply:
        """What is not emulated: a page as a gateway shows it, and a note for the tests."""
        answer = page(NOT_FOUND_PAGE, status=404)
        with self.changed:
            entry = self.journal.begin(request, self.now())
            finish(entry, answer, None)
            self.unexpected.append(entry)
        return Reply(answer)

    def subject(self, request: Request) -> Subject:
        """What the fault rules want to know of a call."""
        state = self.state_for(request)
        code = state.codes.get(request.said("js_code") or request.said("code"))
        openid = request.said("touser") or request.said("openid")
        return Subject(
            path=request.path,
            openid=openid or (code.openid if code else ""),
            template=request.said("template_id"),
            app=request.said("appid") or state.appid,
        )

    def struck_by(self, subject: Subject, at: float) -> Rule | None:
        """The first rule that strikes; a rate limit that is kept to is none."""
        for rule in self.rules:
            if rule.strikes(subject):
                is_kept = rule.effect.kind == "rate_limit" and not rule.exceeds(subject.openid, at)
                return None if is_kept else rule
        return None

    @contextmanager
    def flight(self, request: Request) -> Iterator[bool]:
        """A send to somebody is under way inside the block; whether another one already was."""
        openid = request.said("touser") if request.path == SEND else ""
        with self.changed:
            is_crossed = bool(openid) and self.flights[openid] > 0
            self.flights[openid] += 1
        try:
            yield is_crossed
        finally:
            with self.changed:
                self.flights[openid] -= 1
                if self.flights[openid] <= 0:
                    del self.flights[openid]

    def delay(self, effect: Effect | None) -> None:
        """Wait as a slow platform does, unless somebody ends all waiting."""
        if not effect or effect.kind != "latency":
            return
        least, most = effect.options["ms"], effect.options["to_ms"]
        seconds = self.random.uniform(least, max(least, most)) / 1_000
        with self.changed:
            wave = self.wave
            self.changed.wait_for(lambda: self.closing.is_set() or self.wave > wave, seconds)

    def end_delays(self) -> None:
        """Let every call that is being delayed go on."""
        with self.changed:
            self.wave += 1
            self.changed.notify_all()

    def tell_events(self) -> None:
        """Hand over what the mini-programs' server is to be told, as far as it listens."""
        for state in self.states.values():
            events, state.events = state.events, []
            if events and state.appid in self.targets:
                self.on_events(state.appid, events)


def unheard(_appid: str, events: list[Json]) -> None:
    """Nobody pushes."""
    events.clear()
