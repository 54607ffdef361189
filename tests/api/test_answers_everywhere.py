"""What holds for every answer, whoever asks: its headers, its times, what it keeps to itself."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from werkzeug.test import TestResponse

from app import clock
from app.db import db
from app.domain.actor import Role
from app.domain.facts.intake import Submission
from app.domain.permissions import GRANTS, Permission
from app.domain.phone_forms import Template
from app.domain.reach import window_after
from app.models.operation import JobRun
from app.models.sla import SlaClock
from services.reveals import reveal_ticket
from services.tickets.terms import newest_calendar
from tests.api.every_route import Stop, walk
from tests.api.rights.row import Row
from tests.api.rights.world import World
from tests.api.test_rights_matrix import ROLES, ROWS
from tests.applications import rolled_back
from tests.callers import API, signed_in
from tests.factories import (
    MONDAY,
    Case,
    Person,
    make_cast,
    make_enterprise,
    make_template,
    make_ticket,
)
from tests.services.imports.register import FIRST, imported, make_roster
from tests.services.imports.workbooks import enterprise, workbook

CONTACTS = ("赵联系", "钱经理", "孙法定", "王芳")
"""Whom the register and the tickets of this city name for a contact or by law."""
PHONE = re.compile(r"(?<![0-9a-z])1[3-9]\d{9}(?![0-9a-z])")
INSTANT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?\+08:00")
DAY = re.compile(r"\d{4}-\d\d-\d\d")
LIKE_A_TIME = re.compile(r"\d{4}[-/]\d{1,2}[-/]\d{1,2}(?![\d-])\S*|\d{1,2}:\d\d:\d\d\S*")
BY_CONTACT = Submission(
    "厂区用电增容",
    "新生产线投产需要增加用电容量，请协调。",
    contact_name="钱经理",
    contact_phone="13612345678",
)
WRONG = (enterprise(), enterprise(统一社会信用代码="914403001922038216", 手机="1"), enterprise())


@dataclass(frozen=True)
class Heard:
    """What somebody was answered."""

    role: Role
    stop: Stop
    answer: TestResponse

    def __str__(self) -> str:
        return f"{self.stop.method} {self.stop.path} as {self.role}: {self.answer.text[:300]}"


class City:
    """A world in which people have called, filed, uploaded, and been told."""

    def __init__(self) -> None:
        named = make_enterprise(legal_person="孙法定", contact_name="赵联系")
        self.world = World(make_cast(named))
        cast = self.world.cast
        self.world.tickets["named"] = make_ticket("evaluating", cast, submit=BY_CONTACT)
        for status in ("withdrawn", "coordinating"):
            self.world.tickets[status] = make_ticket(status, cast)
        self.first = [self.world.tickets["named"]]
        members = (getattr(cast, name) for name in cast.__slots__)
        self.known = {one.membership.role: one for one in members if isinstance(one, Person)}
        officer = self.world.insider(Role.REGISTER_OFFICER, None)
        make_roster(officer.actor, FIRST)
        self.batch_id = imported(officer.actor, "enterprises", workbook(WRONG)).id
        self.known[Role.REGISTER_OFFICER] = officer
        ran = {"host": "here", "started_at": MONDAY, "state": "done"}
        db.session.add(JobRun(job="count_figures", slot=MONDAY, **ran))
        make_template(Template.ACCEPTED)
        fall_due_tomorrow(self.world.tickets["coordinating"])
        reveal_ticket(cast.coordinator.actor, self.first[0].number, "约定踏勘的时间", at=MONDAY)

    def reads(self, app: Flask) -> Iterator[tuple[Role, Stop]]:
        """Every address that is read, for every role that may read it, signed in once each."""
        stops = [stop for stop in walk(app, self.world) if stop.method == "GET"]
        for role in ROLES:
            person = self.known.get(role) or self.world.insider(role, None)
            headers = {"Authorization": f"Bearer {signed_in(person)}"}
            places = self.world.places(person, None, "submitted") | {"batch_id": self.batch_id}
            for stop in stops:
                if may_ask(role, stop):
                    for path in self._paths(stop, places):
                        yield role, replace(stop, path=path, headers=headers)

    def _paths(self, stop: Stop, places: dict[str, Any]) -> Iterator[str]:
        address = re.sub(r"<\w+:(\w+)>", r"{\1}", stop.rule)
        query = ROWS.get(("GET", address.removeprefix(API)), Row()).query
        cases = self.world.tickets.values() if "{number}" in address else self.first
        for case in cases:
            yield address.format(**places | {"number": case.number}) + query


def fall_due_tomorrow(case: Case) -> None:
    """Its clocks end on the next working day of those who ask, whom nothing tells of it."""
    window = window_after(newest_calendar(), at=clock.now())
    ending = sa.update(SlaClock).where(SlaClock.ticket_id == case.ticket.id)
    db.session.execute(ending.values(due_at=window.end - timedelta(hours=8)))


def may_ask(role: Role, stop: Stop) -> bool:
    return not stop.marks.asks_for_right or role in GRANTS[Permission(stop.marks.gate or "")]


@pytest.fixture(scope="module")
def heard(app) -> Iterator[list[Heard]]:
    """All that is answered when every role reads all that it may."""
    with rolled_back(app):
        yield [Heard(role, stop, stop.ask()) for role, stop in City().reads(app)]


def told(heard: list[Heard]) -> list[Heard]:
    """The answers in JSON that are no problems."""
    found = [one for one in heard if one.answer.mimetype == "application/json"]
    assert len(found) > 300
    return found


def strings(node: Any, name: str = "") -> Iterator[tuple[str, str]]:
    """Every text in an answer with the name of its member."""
    if isinstance(node, dict):
        for key, inner in node.items():
            yield from strings(inner, key)
    elif isinstance(node, list):
        for inner in node:
            yield from strings(inner, name)
    elif isinstance(node, str):
        yield name, node


def test_the_city_is_lively(heard):
    rules = {stop.rule for stop in (one.stop for one in told(heard))}
    read = {one.stop.rule for one in heard if one.answer.status_code < 400}
    unread = {one.stop.rule for one in heard} - read
    assert unread == {
        f"{API}/attachments/<id:attachment_id>/content",
        f"{API}/exports/<id:export_id>/file",
        f"{API}/program-codes/<id:code_id>/picture",
        f"{API}/wechat/callback",
        f"{API}/wechat/callbacks/<program:appid>",
    }
    for rule in rules:
        lists = [json["items"] for json in answers_of(heard, rule) if "items" in json]
        assert any(lists) or not lists, f"nothing is listed at {rule}"


def answers_of(heard: list[Heard], rule: str) -> list[Any]:
    return [one.answer.json for one in told(heard) if one.stop.rule == rule]


def test_every_answer_has_its_headers(heard):
    for one in heard:
        headers = one.answer.headers
        assert re.fullmatch("[0-9a-f]{32}", headers["X-Request-ID"]), one
        assert headers["X-Content-Type-Options"] == "nosniff", one
        assert headers["Cache-Control"] == "no-store", one
        for name in ("X-Request-ID", "Cache-Control", "Content-Type", "ETag", "RateLimit"):
            assert len(headers.getlist(name)) <= 1, (name, one)
        assert ("RateLimit" in headers) is not one.stop.marks.is_unlimited, one


def test_nobody_is_answered_a_page_or_plain_text(heard):
    callbacks = {f"{API}/wechat/callback", f"{API}/wechat/callbacks/<program:appid>"}
    plain = {"/metrics", *callbacks}
    for one in heard:
        if one.stop.rule not in plain:
            assert one.answer.mimetype.partition("/")[0] == "application", one


def test_every_time_has_the_offset_of_shanghai(heard):
    for one in told(heard):
        for name, text in strings(one.answer.json):
            for found in LIKE_A_TIME.findall(text):
                assert INSTANT.fullmatch(found) or DAY.fullmatch(found), (name, text, str(one))
            if name.endswith("_at"):
                assert INSTANT.fullmatch(text), (name, text, str(one))


def test_no_phone_and_no_contact_is_ever_shown(heard):
    everything = "".join(one.answer.text for one in told(heard))
    assert "136****5678" in everything
    assert "钱**" in everything
    for one in heard:
        if one.answer.is_json or one.answer.mimetype.startswith("text/"):
            assert not PHONE.search(one.answer.text), one
            assert not [name for name in CONTACTS if name in one.answer.text], one


def test_head_answers_as_get_does_without_a_body(app, heard):
    seen = set()
    for one in heard:
        if one.stop.rule not in seen:
            seen.add(one.stop.rule)
            head = one.stop.ask(method="HEAD")
            assert (head.status_code, head.data) == (one.answer.status_code, b""), one
            assert head.content_type == one.answer.content_type, one
            assert head.headers.get("ETag") == one.answer.headers.get("ETag"), one
    assert len(seen) > 25
