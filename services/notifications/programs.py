"""登记小程序: what the database knows of the mini-programs that are configured."""

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from app.db import db
from app.models.wechat import WechatProgram
from services.gateways.wechat_programs import Programs


def list_programs(programs: Programs | None) -> None:
    """Put down each mini-program with its audience; one that is configured no more is forgotten."""
    rows = [{"appid": one.appid, "audience": one.audience} for one in programs or ()]
    gone = WechatProgram.appid.not_in([row["appid"] for row in rows])
    db.session.execute(sa.delete(WechatProgram).where(gone))
    if not rows:
        return
    listing = insert(WechatProgram)
    given = listing.excluded
    listing = listing.on_conflict_do_update(
        index_elements=[WechatProgram.appid],
        set_={"audience": given.audience},
        where=WechatProgram.audience != given.audience,
    )
    db.session.execute(listing.values(rows))
