"""One commit, at the edge; and one door to a ticket's tables."""

import ast
import re
from collections.abc import Iterator

from tests.architecture.tree import Source, dotted, sources, strings

DATABASE = "app/db.py"
WRITER = "services/tickets/write.py"
WAY_OUT = "services/expired_tickets.py"
"""Deletes tickets past their term, as a whole."""
TELLERS = {
    "services/aftercare/remind.py",
    "services/aftercare/silent_pairings.py",
    "services/notifications/digests.py",
    "services/content_checks/tell.py",
    "services/pairing/tell.py",
    "services/notifications/alarms.py",
    "services/supervision/tell.py",
    "services/tickets/unread.py",
}
"""Add messages that no event tells: about a pairing, a handover, an alarm, an order, a check."""
TO_PHONES = {"services/notifications/digests.py", "services/tickets/unread.py"}
"""Of these, who brings them to phones as well."""
WRITTEN_BY_THE_WRITER = (
    "tickets",
    "ticket_events",
    "assignments",
    "sla_clocks",
    "supplement_requests",
    "replies",
    "revisits",
    "revisit_attempts",
    "evaluations",
)
ADDED_BY_THE_WRITER = (*WRITTEN_BY_THE_WRITER, "notifications", "deliveries")
PLACES = ("app", "services", "jobs", "tools")

SQL_WRITE = re.compile(
    r"\b(?:(?:insert\s+into|merge\s+into|copy)\s+(?P<added>\w+)"
    r"|(?:update(?:\s+only)?|delete\s+from|truncate(?:\s+table)?)\s+(?P<changed>\w+))",
    re.IGNORECASE,
)

SQL_WRITE_OF_WHATEVER = re.compile(
    r"(?:insert\s+into|merge\s+into|copy|(?<!for )(?<!do )update|delete\s+from)\s+$", re.IGNORECASE
)


def test_only_the_edge_commits():
    commits = {
        source.at(call)
        for source in sources(*PLACES)
        for call in source.calls()
        if isinstance(call.func, ast.Attribute) and call.func.attr in {"commit", "rollback"}
    }
    spoken = {
        source.at(text)
        for source in sources(*PLACES)
        for text in strings(source)
        if re.match(r"\s*(commit|rollback)\b\s*;?\s*$", str(text.value), re.IGNORECASE)
    }
    elsewhere = {place for place in commits | spoken if not place.startswith(f"{DATABASE}:")}
    assert commits, f"{DATABASE} itself was not seen"
    assert not elsewhere, f"use transaction() at the edge: {sorted(elsewhere)}"


def tables_by_class() -> dict[str, str]:
    """The table of each model class, read from `__tablename__`."""
    found = {}
    for source in sources("app/models"):
        for model in (node for node in source.tree.body if isinstance(node, ast.ClassDef)):
            for line in model.body:
                if isinstance(line, ast.Assign) and dotted(line.targets[0]) == "__tablename__":
                    found[model.name] = str(ast.literal_eval(line.value))
    return found


def tables_in_reach(source: Source) -> dict[str, str]:
    """The models that a file can name, by the dotted name it has for them, with their tables."""
    tables = tables_by_class()
    reach: dict[str, str] = {}
    for node in ast.walk(source.tree):
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("app.models"):
            for alias in node.names:
                here = alias.asname or alias.name
                reach |= {f"{here}.{model}": table for model, table in tables.items()}
                reach |= {here: tables[alias.name]} if alias.name in tables else {}
    return reach


def sql_writes(source: Source) -> Iterator[str]:
    for text in strings(source):
        for write in SQL_WRITE.finditer(str(text.value)):
            added, changed = write["added"] or "", write["changed"] or ""
            if added.lower() in ADDED_BY_THE_WRITER or changed.lower() in WRITTEN_BY_THE_WRITER:
                yield f"{source.at(text)} {write[0]}"


def composed_writes(source: Source) -> Iterator[str]:
    """`f"INSERT INTO {table} …"`: nobody can tell from the text which table it is."""
    for text in (node for node in ast.walk(source.tree) if isinstance(node, ast.JoinedStr)):
        for part in text.values[:-1]:
            if isinstance(part, ast.Constant) and SQL_WRITE_OF_WHATEVER.search(str(part.value)):
                yield f"{source.at(text)} writes a table that only running shows"


def model_writes(source: Source) -> Iterator[str]:
    """`Ticket(…)`, `insert(Ticket)`, `Ticket.__table__.update()` and the like."""
    reach = tables_in_reach(source)
    for call in source.calls():
        name = dotted(call.func)
        verb = name.rpartition(".")[2]
        subject = call.args[0] if call.args else getattr(call.func, "value", call.func)
        table = reach.get(dotted(subject).removesuffix(".__table__"), "")
        makes = reach.get(name) in ADDED_BY_THE_WRITER
        adds = verb == "insert" and table in ADDED_BY_THE_WRITER
        changes = verb in {"update", "delete"} and table in WRITTEN_BY_THE_WRITER
        if makes or adds or changes:
            yield f"{source.at(call)} {name} {table}"


def test_one_door_to_a_ticket():
    writes = [
        write
        for source in sources(*PLACES)
        if source.name != WRITER
        for write in (*sql_writes(source), *composed_writes(source), *model_writes(source))
        if not (source.name in TELLERS and write.endswith("INSERT INTO notifications"))
        if not (source.name in TO_PHONES and write.endswith("INSERT INTO deliveries"))
        if not (source.name == WAY_OUT and write.endswith("sa.delete tickets"))
    ]
    assert not writes, f"only {WRITER} writes a ticket's tables:\n" + "\n".join(writes)


def test_the_writer_is_where_the_rule_looks_for_it():
    [writer] = sources(WRITER)
    assert [*sql_writes(writer), *model_writes(writer)]
