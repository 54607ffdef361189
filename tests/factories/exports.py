"""Exports: that wait for a second person, or as somebody asks for them."""

from typing import Any

from flask import current_app

from app import clock
from app.db import db
from app.domain.actor import Role
from app.domain.export_rules import ExportKind
from app.models.export import Export
from services.exports import requests
from services.exports.requests import Wish
from services.gateways.file_store import FileStore
from tests.domain.story import MONDAY
from tests.factories.people import Person

PURPOSE = "二季度诉求办理情况分析"


def make_export(owner: Person, other: Person, **columns: Any) -> Export:
    """One that `owner` sees: asked for by `other` where the owner rules on them, else the own."""
    is_judge = owner.membership.role in {Role.COORDINATOR, Role.SUPERVISOR}
    maker = other if is_judge else owner
    defaults = {
        "kind": "tickets",
        "filters": {},
        "purpose": PURPOSE,
        "with_personal": True,
        "area_prefix": "210302",
        "grounds": ["personal"],
        "account_id": maker.account.id,
        "membership_id": maker.membership.id,
        "organisation_id": maker.membership.organisation_id,
        "state": "awaiting",
        "created_at": MONDAY,
    }
    export = Export(**defaults | columns)
    db.session.add(export)
    db.session.flush()
    return export


def ask(person: Person, kind: ExportKind = ExportKind.ENTERPRISES, **wish: Any) -> Export:
    """What `person` asks for, by the rules."""
    wanted = Wish(
        kind, wish.get("filters", {}), wish.get("purpose", PURPOSE), wish.get("personal", False)
    )
    export_id = requests.request_export(person.actor, wanted, at=clock.now())
    return db.session.get_one(Export, export_id)


def store() -> FileStore:
    """Where the files of exports lie."""
    return FileStore(current_app.config["SETTINGS"].file_store)
