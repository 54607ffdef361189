"""导出申请: asking for one, ruling on it, and looking at them.

awaiting → queued | refused; queued → running → done | failed; done → expired.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from app.db import db
from app.domain.actor import Actor
from app.domain.errors import Conflict, FieldError, Forbidden, InvalidInput, NotFound, Refused
from app.domain.export_rules import KINDS_OF, REVEALING, ExportKind, Reach, grounds_for, narrower
from app.domain.keyset import Page
from app.domain.permissions import Permission, demand
from app.models.account import Account
from app.models.export import Export
from app.models.organisation import Organisation
from services import audit
from services.directory.find_areas import area_prefix
from services.exports.rows import Source, pages
from services.paging import descending, fetch_page
from services.visibility.exports import visible_exports

NEWEST = descending("-id", Export.id)
Maker, Ruler = aliased(Account), aliased(Account)


class NotAwaiting(Conflict):
    """这份导出不在等待审批。"""

    code = "export-not-awaiting"


class OwnExport(Refused):
    """自己申请的导出须由另一人审批。"""

    code = "own-export"


@dataclass(frozen=True, slots=True)
class Wish:
    """What somebody wants exported, narrowed by the filters of the list of that kind."""

    kind: ExportKind
    filters: Mapping[str, Any]
    purpose: str
    with_personal: bool


def request_export(actor: Actor, wish: Wish, *, at: datetime) -> int:
    """Take a wish in; answers its number. It waits for a second person where there are grounds.

    Raises `Forbidden` for what the role may not export, `InvalidInput` for filters that the list
    would refuse.
    """
    demand(actor, Permission.EXPORT)
    _check(actor, wish)
    next(pages(actor, Source(wish.kind, wish.filters), limit=1, at=at))
    prefix = _reach(actor, wish.filters.get("area"))
    grounds = grounds_for(Reach(actor.role, wish.kind, prefix, wish.with_personal))
    export = Export(
        kind=wish.kind,
        filters=dict(wish.filters),
        purpose=wish.purpose,
        with_personal=wish.with_personal,
        area_prefix=prefix,
        grounds=list(grounds),
        account_id=actor.account_id,
        membership_id=actor.membership_id,
        organisation_id=actor.organisation_id,
        state="awaiting" if grounds else "queued",
        created_at=at,
    )
    db.session.add(export)
    db.session.flush()
    audit.record(actor, "request_export", f"export:{export.id}", _facts(wish, export))
    return export.id


def rule_export(
    actor: Actor, export_id: int, *, approved: bool, note: str | None, at: datetime
) -> None:
    """Let a waiting export be made, or not.

    Raises `Forbidden`, `NotFound`, `NotAwaiting`, `OwnExport`.
    """
    demand(actor, Permission.RULE_EXPORT)
    query = sa.select(Export).where(Export.id == export_id, visible_exports(actor))
    export = db.session.scalar(query.with_for_update())
    if export is None:
        raise NotFound
    if export.account_id == actor.account_id:
        raise OwnExport
    if export.state != "awaiting":
        raise NotAwaiting
    export.state = "queued" if approved else "refused"
    export.ruled_by, export.ruled_at, export.ruling_note = actor.account_id, at, note
    db.session.flush()
    facts = {"note": note, "purpose": export.purpose}
    if approved:
        audit.record(actor, "approve_export", f"export:{export_id}", facts)
    else:
        audit.record(actor, "refuse_export", f"export:{export_id}", facts)


def list_exports(actor: Actor, state: str | None, page: Page) -> tuple[list[dict[str, Any]], Any]:
    """One page of the visible exports, the newest first, and the next cursor."""
    query = _SHOWN.where(visible_exports(actor))
    if state is not None:
        query = query.where(Export.state == state)
    found = fetch_page(query, NEWEST, page)
    return [_shown(row, actor) for row in found.rows], found.next_cursor


def get_export(actor: Actor, export_id: int) -> dict[str, Any]:
    """One visible export. Raises `NotFound`."""
    row = db.session.execute(
        _SHOWN.where(Export.id == export_id, visible_exports(actor))
    ).one_or_none()
    if row is None:
        raise NotFound
    return _shown(row, actor)


_SHOWN = (
    sa.select(
        *(Export.id, Export.kind, Export.filters, Export.purpose, Export.with_personal),
        *(Export.area_prefix, Export.grounds, Export.state, Export.rows, Export.size),
        *(Export.failure, Export.ruling_note, Export.ruled_at),
        *(Export.created_at, Export.finished_at, Export.expires_at, Export.account_id),
        Maker.name.label("maker_name"),
        Ruler.name.label("ruler_name"),
        Organisation.name.label("organisation_name"),
    )
    .join(Maker, Maker.id == Export.account_id)
    .outerjoin(Ruler, Ruler.id == Export.ruled_by)
    .outerjoin(Organisation, Organisation.id == Export.organisation_id)
)


def _shown(row: sa.Row[*tuple[Any, ...]], actor: Actor) -> dict[str, Any]:
    shown = {name: value for name, value in row._asdict().items() if not name.startswith("keyset_")}
    return shown | {"is_own": shown.pop("account_id") == actor.account_id}


def _check(actor: Actor, wish: Wish) -> None:
    if wish.kind not in KINDS_OF.get(actor.role, ()):
        raise Forbidden("您的角色不能导出这类内容。")
    if wish.with_personal and actor.role not in REVEALING:
        detail = "您的角色不能批量导出个人信息，请逐件查看。"
        raise InvalidInput([FieldError("/with_personal", "not-granted", detail)])


def _reach(actor: Actor, area: str | None) -> str:
    """Within which area all rows lie; a unit's tickets may come from everywhere."""
    return narrower(actor.area_prefix or "", area_prefix(area, "/filters/area") if area else None)


def _facts(wish: Wish, export: Export) -> dict[str, Any]:
    """For the audit: that words were searched for, and not which, as they may be a person's."""
    filters = {name: value for name, value in wish.filters.items() if name != "q"}
    return {
        "kind": wish.kind,
        "filters": filters,
        "has_words": "q" in wish.filters,
        "purpose": wish.purpose,
        "with_personal": wish.with_personal,
        "grounds": list(export.grounds),
    }
