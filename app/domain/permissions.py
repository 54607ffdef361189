"""角色 × 动作 × 范围: the one table of rights. Source: the roles of the domain, section 2.

A scope says how far a grant reaches; `services.visibility` turns scopes into SQL. What a person may
not see does not exist for that person; what may be seen but not done is forbidden.
"""

from collections.abc import Mapping
from types import MappingProxyType

from app.domain.actor import Actor, Role
from app.domain.errors import Forbidden
from app.domain.grants import (
    aftercare,
    coordination,
    handling,
    merging,
    oversight,
    pairing,
    people,
    pushes,
    register,
    secrecy,
    supervision,
    tickets,
    tiers,
)
from app.domain.permission_names import Permission, Scope

__all__ = ["GRANTS", "Permission", "Scope", "demand", "may", "scope_of"]

GRANTS: Mapping[Permission, Mapping[Role, Scope]] = MappingProxyType(
    {
        **tickets.GRANTS,
        **coordination.GRANTS,
        **tiers.GRANTS,
        **handling.GRANTS,
        **aftercare.GRANTS,
        **merging.GRANTS,
        **secrecy.GRANTS,
        **register.GRANTS,
        **pairing.GRANTS,
        **people.GRANTS,
        **pushes.GRANTS,
        **oversight.GRANTS,
        **supervision.GRANTS,
    }
)


def scope_of(actor: Actor, permission: Permission) -> Scope | None:
    """How far the actor's role may use `permission`; None = not at all."""
    return GRANTS[permission].get(actor.role)


def may(actor: Actor, permission: Permission) -> bool:
    """Whether the actor's role holds `permission` at all."""
    return actor.role in GRANTS[permission]


def demand(actor: Actor, permission: Permission) -> Scope:
    """The scope of the grant. Raises `Forbidden`."""
    scope = scope_of(actor, permission)
    if scope is None:
        raise Forbidden
    return scope
