"""One action of a ticket's life as a section of the page."""

from collections.abc import Iterable, Iterator

from app.domain.actor import Role
from app.domain.audience import AUDIENCES, Address
from app.domain.disclosure import KEPT_FROM_HANDLERS, PUBLIC_FACTS
from app.domain.labels import ACTION, ROLE, STATUS
from app.domain.permissions import GRANTS
from app.domain.permissions import Permission as Act
from app.domain.transition import Transition
from app.domain.vocabulary import Status
from services.notifications.wording import TITLES
from tools.manual.conditions import sentences
from tools.manual.fields import clause, lines
from tools.manual.forms import FORMS, Form
from tools.manual.refusals import refusals
from tools.manual.wording import plain, sentence
from tools.manual.words import AUDIENCE, FACT, OUTCOME, SCOPE
from tools.ticket_flow_page import may_stay, ordered, targets


def section(row: Transition) -> str:
    """Everything about an action, from who takes it to what the enterprise sees."""
    refused = [] if is_of_jobs(row.action) else refusals(row.decision)
    said = [
        heading(row.action),
        bullet("谁来做", who(row.action)),
        bullet("在什么状态", "、".join(STATUS[status] for status in ordered(row.sources))),
        bullet("条件", "；".join((*sentences(row.entitled), *sentences(row.ready)))),
        bullet("之后", after(row)),
        bullet("通知", told(row.action)),
        bullet("企业看到", seen(row)),
        filled(row.action),
        listed("不符合时的提示", refused),
    ]
    return "\n".join(filter(None, said)) + "\n"


def submission() -> str:
    """The section of the action with which a ticket begins, which has no row in the table."""
    said = [
        heading(Act.SUBMIT),
        bullet("谁来做", who(Act.SUBMIT)),
        bullet("之后", f"诉求为“{STATUS[Status.SUBMITTED]}”，首次联系和受理的时限开始计算"),
        bullet("通知", told(Act.SUBMIT)),
        filled(Act.SUBMIT),
    ]
    return "\n".join(filter(None, said)) + "\n"


def link(action: Act) -> str:
    """A link to the section of an action."""
    return f"[{ACTION[action]}](#{action.value})"


def heading(action: Act) -> str:
    """The name of an action and what it is for."""
    purpose = sentence(form(action).description)
    return f'<a id="{action.value}"></a>\n\n### {ACTION[action]}\n\n{purpose}\n'


def form(action: Act) -> Form:
    """What is said of an action. Raises `LookupError` naming one that is nowhere described."""
    if action not in FORMS:
        raise LookupError(f"{action} has neither a route nor a line in tools/manual/forms.py")
    return FORMS[action]


def bullet(title: str, text: str) -> str:
    """One line of a section; none where there is nothing to say."""
    return f"- **{title}**：{text}" if text else ""


def is_of_jobs(action: Act) -> bool:
    """Does nobody but the system take it?"""
    return set(GRANTS[action]) == {Role.SYSTEM}


def who(action: Act) -> str:
    """The roles that may take an action, each with its reach; those of one reach together."""
    if is_of_jobs(action):
        return "系统自动进行"
    reach: dict[str, list[str]] = {}
    for role in Role:
        if role in GRANTS[action]:
            reach.setdefault(SCOPE[GRANTS[action][role]], []).append(ROLE[role])
    return "；".join(
        "、".join(roles) + (f"（{scope}诉求）" if scope else "") for scope, roles in reach.items()
    )


def after(row: Transition) -> str:
    """What becomes of the status."""
    found = [f"“{STATUS[status]}”" for status in targets(row)]
    if not found:
        return "状态不变"
    way = "诉求转为" if len(found) == 1 and not may_stay(row) else "视情形转为"
    return way + "、".join(found) + ("，或状态不变" if may_stay(row) else "")


def told(action: Act) -> str:
    """Who gets which message; of which outcome, where that has a name."""
    cases: dict[str, list[Address]] = {}
    for (about, outcome), addresses in AUDIENCES.items():
        if about is action:
            cases.setdefault(OUTCOME.get(outcome or "", ""), []).extend(addresses)
    alike: dict[str, list[str]] = {}
    for case, joined in cases.items():
        alike.setdefault(messages(joined), []).append(case)
    return "；".join(
        f"{'、'.join(filter(None, named))}，{text}" if any(named) else text
        for text, named in alike.items()
    )


def messages(addresses: Iterable[Address]) -> str:
    """Who of them gets which message."""
    heard: dict[str, dict[str, None]] = {}
    for one in addresses:
        heard.setdefault(TITLES[one.kind], {})[AUDIENCE[one.audience]] = None
    return "，".join(f"{'、'.join(names)}收到“{title}”" for title, names in heard.items())


def seen(row: Transition) -> str:
    """What the enterprise reads of it in the history of its ticket."""
    if not row.is_public:
        kept = row.action in KEPT_FROM_HANDLERS
        return "看不到；办理过本件的人和单位也看不到" if kept else "看不到这一步"
    facts = PUBLIC_FACTS.get(row.action, frozenset())
    shown = "、".join(dict.fromkeys(named(row.action, facts))) or "有这一步，没有内容"
    inside = "、".join(OUTCOME[outcome] for outcome in sorted(row.private_outcomes))
    return shown + (f"（{inside}，看不到）" if inside else "")


def named(action: Act, facts: Iterable[str]) -> Iterator[str]:
    """The names of facts: those of the fields of the action, else those of the table."""
    body = form(action).body
    own = body().fields if body else {}
    known = [*own, *FACT]
    if unnamed := set(facts) - set(known):
        raise LookupError(f"{action} tells {sorted(unnamed)}: name them in tools/manual/words.py")
    for fact in sorted(facts, key=known.index):
        yield clause(plain(own[fact].metadata["description"])) if fact in own else FACT[fact]


def filled(action: Act) -> str:
    """The fields of an action as a table."""
    body = form(action).body
    rows = [
        f"| {line.name} | {'必填' if line.is_required else ''} | {line.taken} |"
        for line in (lines(body()) if body else ())
    ]
    return "\n".join(("\n| 填写 | | 要求 |\n|---|---|---|", *rows)) if rows else ""


def listed(title: str, entries: list[str]) -> str:
    """A list under a title; nothing without entries."""
    return "\n".join((f"\n{title}：\n", *(f"- {entry}" for entry in entries))) if entries else ""
