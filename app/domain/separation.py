"""三员分立: which roles one person may not hold together. Source: the domain, section 2.

Who configures, who grants and who reads the logs are three people, and none of them works on
tickets: an administrator's account holds one administrator role and nothing else.
"""

from collections.abc import Collection

from app.domain.actor import Role

ADMINISTRATORS = frozenset({Role.SYS_ADMIN, Role.SEC_ADMIN, Role.AUDITOR})


def clash(role: Role, held: Collection[Role]) -> str | None:
    """Why somebody who holds `held` may not have `role` as well; None when nothing is against it.

    The same role at another place is no clash.
    """
    others = set(held) - {role}
    if role in ADMINISTRATORS and others & ADMINISTRATORS:
        return "系统、安全、审计三类管理员须由三个人分别担任。"
    if (role in ADMINISTRATORS and others) or others & ADMINISTRATORS:
        return "管理员账号不得兼任业务角色。"
    return None
