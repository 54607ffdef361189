"""What an actor may see: every read starts here.

Scopes of `app.domain.permissions` become SQL conditions; no grant means no row, never an error, so
that "not yours" and "not there" are the same answer. The conditions are the same whether an actor's
values stand in them or, of `AnyActor`, parameters that are filled in later.
"""
