"""A town on a network: an enterprise and its housekeeper, the offices above, time and the jobs."""

from dataclasses import fields
from datetime import timedelta

from flask import Flask

from app.db import transaction
from jobs import runner
from jobs.schedule import SCHEDULE
from tests.callers import API, signed_in
from tests.factories import Cast, Person, make_cast
from tests.services.notifications.phones import Phone, know_templates, make_phone
from tests.stories.persons import Somebody
from tests.stories.wires import PerfectWire
from tests.wechat import Phones

JOBS = {job.name: job for job in SCHEDULE}
MINUTE = timedelta(minutes=1)
WITH_PHONES = ("applicant", "housekeeper", "handler")


class Town:
    """Everybody of the cast at a client, all on one wire; some have the mini-program."""

    applicant: Somebody
    housekeeper: Somebody
    coordinator: Somebody
    second_coordinator: Somebody
    handler: Somebody
    unit_approver: Somebody
    co_handler: Somebody
    revisitor: Somebody
    supervisor: Somebody

    def __init__(self, app: Flask, wechat: Phones, wire: PerfectWire) -> None:
        self.app, self.wechat, self.wire = app, wechat, wire
        self.people: dict[str, Somebody] = {}
        with transaction():
            know_templates()
            self.cast: Cast = make_cast()
            self._log_in()
            self.phones: dict[str, Phone] = {
                name: make_phone(wechat, getattr(self.cast, name)) for name in WITH_PHONES
            }

    def _log_in(self) -> None:
        for part in fields(self.cast):
            person = getattr(self.cast, part.name)
            if isinstance(person, Person):
                somebody = Somebody(part.name, signed_in(person), self.wire)
                self.people[part.name] = somebody
                setattr(self, part.name, somebody)

    def consent(self, name: str, *, asked_id: str | None = None) -> None:
        """Somebody taps 允许 for all that the product asks for now."""
        asked = self.people[name].read("/me/subscriptions")["ask_now"]
        self.wechat.accept(self.phones[name].openid, *asked)
        self.people[name].answer_popup(asked, asked_id=asked_id)

    def let_pass(self, time: timedelta) -> None:
        """Business time goes on."""
        minutes = {"advance_minutes": time // MINUTE}
        answer = self.app.test_client().post(f"{API}/testing/clock", json=minutes)
        assert answer.status_code == 200, answer.text

    def work(self, *jobs: str) -> None:
        """The scheduler comes by, and each of these jobs finds nothing wrong."""
        for name in jobs:
            outcome = runner.run(self.app, JOBS[name])
            assert outcome is not None, f"{name} had its turn already"

    def come_to_rest(self) -> None:
        """All are out of the tunnel, and nothing is on the way."""
        for somebody in self.people.values():
            somebody.catch_up()
        self.wire.settle()
