"""What enterprises wrote, on its way to be judged: an author with a phone, and the checks."""

import json
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from flask import current_app

from app import clock
from app.db import db
from app.domain.content_checks import NOTICE
from app.domain.facts.commenting import Comment
from app.domain.permissions import Permission as Act
from app.models.attachment import Attachment
from app.models.content_check import ContentCheck
from jobs.check_contents import check_contents
from services.attachments import Upload, store
from services.gateways.file_store import FileStore
from tests.factories import Case, Person, make_binding, make_cast, make_ticket
from tests.files import png
from tests.wechat import Phones

TEXT, FILE = "msg_sec_check", "media_check_async"
PUBLIC = "https://service.example.gov.cn/"
CLEAN, DOUBTFUL, BAD = "二期的用电清单已经定下来", "请加微信细谈", "收费员自称可以代开发票"

__all__ = ["BAD", "CLEAN", "DOUBTFUL", "FILE", "NOTICE", "PUBLIC", "TEXT"]


def known_author(wechat: Phones, **given: Any) -> Case:
    """A ticket of somebody who has just used the mini-program; its own words are judged already."""
    cast = make_cast()
    make_binding(cast.applicant, openid=wechat.make_user())
    case = make_ticket(cast=cast, **given)
    db.session.execute(sa.update(ContentCheck).values(state="passed"))
    return case


def say(case: Case, text: str, *files: Attachment) -> None:
    """The author remarks on the ticket."""
    ids = tuple(file.id for file in files)
    case.act(Act.COMMENT, Comment(text, attachment_ids=ids), by=case.cast.applicant.actor)


def picture(person: Person, filename: str = "现场.png") -> Attachment:
    """A real one of the person's own, in the store."""
    files = FileStore(current_app.config["SETTINGS"].file_store)
    stored = store(person.actor, Upload(filename, png()), files, at=clock.now())
    return db.session.get_one(Attachment, stored["id"])


def newest() -> ContentCheck:
    query = sa.select(ContentCheck).order_by(ContentCheck.id.desc()).limit(1)
    return db.session.scalars(query, execution_options={"populate_existing": True}).one()


def states() -> list[str]:
    return list(db.session.scalars(sa.select(ContentCheck.state).order_by(ContentCheck.id)))


def run(after: timedelta = timedelta(0)) -> tuple[int, int]:
    """The job at a later moment: how many were judged, how many calls came to nothing."""
    at: datetime = clock.real() + after
    with clock.frozen(at):
        outcome = check_contents()
    db.session.expire_all()
    return outcome.items, outcome.failures


def told(wechat: Phones, path: str = TEXT) -> list[dict[str, Any]]:
    """What the platform was told."""
    return [json.loads(call["body"]) for call in wechat.calls(path)]


def reachable(monkeypatch) -> None:
    """The product has an address for the internet."""
    settings = current_app.config["SETTINGS"]
    monkeypatch.setitem(current_app.config, "SETTINGS", replace(settings, public_address=PUBLIC))
