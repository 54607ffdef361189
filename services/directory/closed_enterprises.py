"""注销的企业: nothing new begins for an enterprise that closed down."""

import sqlalchemy as sa

from app.db import db
from app.domain.errors import Refused
from app.domain.register import CLOSED_DOWN
from app.models.enterprise import Enterprise


class EnterpriseClosed(Refused):
    """该企业已注销，不能再提交诉求或变更成员。"""

    code = "enterprise-closed"


def require_open(enterprise_id: int) -> None:
    """Raises `EnterpriseClosed`; holds the enterprise, so that it is not closed meanwhile."""
    state = sa.select(Enterprise.operating_state).where(Enterprise.id == enterprise_id)
    if db.session.scalar(state.with_for_update(key_share=True)) == CLOSED_DOWN:
        raise EnterpriseClosed
