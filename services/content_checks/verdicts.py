"""审核结果推送: the verdict about a picture settles its check, once."""

from datetime import datetime

import sqlalchemy as sa

from app.db import db
from app.domain.content_checks import Cause, CheckState, Judgement, after_push
from app.models.content_check import ContentCheck
from services.gateways.wechat_push import FileVerdict


class TraceUnknown(LookupError):
    """Nobody was asked under this id, or it is not written down yet."""


def settle_by_push(verdict: FileVerdict, *, at: datetime) -> bool:
    """Settle the check that was asked under the id; False when the verdict is of no use any more.

    Raises `TraceUnknown`: a push may be faster than the worker that asked, so it comes again, and
    in the end is shown to administrators. `at` is real time.
    """
    query = sa.select(ContentCheck).where(ContentCheck.trace_id == verdict.trace_id)
    check = db.session.scalar(query.with_for_update())
    if check is None:
        raise TraceUnknown
    if not _is_awaited(check, verdict):
        return False
    judgement = Judgement(verdict.suggest, verdict.label)
    following = after_push(verdict.errcode, judgement, check.tries)
    check.state, check.cause, check.label = following.state, following.cause, verdict.label
    if following.state is CheckState.WAITING:
        check.next_at = at + following.delay
    db.session.flush()
    return True


def _is_awaited(check: ContentCheck, verdict: FileVerdict) -> bool:
    """A late verdict still spares people the work that they have not done."""
    is_late = check.state == CheckState.REFERRED and check.cause == Cause.NO_RESULT
    return check.state == CheckState.ASKED or (is_late and verdict.errcode == 0)
