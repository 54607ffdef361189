"""内容审核中不能做的事: what people are told who judge, or appeal, at the wrong moment."""

from app.domain.errors import Conflict, DomainError, Refused


class NotReferred(Conflict):
    """这项内容不在待人工审核之列。"""

    code = "content-check-not-referred"


class SameReviewer(Refused):
    """申诉须由另一人复核。"""

    code = "same-reviewer"


class NotHeldBack(Refused):
    """只有审核后不予显示的内容可以申诉。"""

    code = "content-not-held-back"


class AppealedBefore(Refused):
    """这项内容已经申诉过，请重新提交修改后的内容。"""

    code = "content-appealed-before"


REFUSALS: tuple[type[DomainError], ...] = (NotReferred, SameReviewer, NotHeldBack, AppealedBefore)
