"""The account of the day: what was written against what became of it, ours against the platform's.

Every line that does not come to zero is a fault of the product.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa

from app.db import db
from app.domain.fallbacks import plan_for
from app.domain.message_kinds import MessageKind
from app.sealing import unseal

AT_REST = ("sent", "failed", "unknown")
NUMBER = "诉求编号"

_DELIVERIES = """
SELECT d.state, d.reason, d.provider_id, d.is_reserved, d.template_id, b.openid, t.number, n.kind,
    coalesce(f.is_urgent, false) AS is_urgent, x.state AS text, x.reason AS text_reason,
    x.provider_id AS text_id, p.cause, f.state AS fallback
FROM notifications n JOIN tickets t ON t.id = n.ticket_id
LEFT JOIN deliveries d ON d.notification_id = n.id
LEFT JOIN wechat_bindings b ON b.id = d.binding_id
LEFT JOIN fallbacks f ON f.notification_id = n.id
LEFT JOIN text_messages x ON x.notification_id = n.id
LEFT JOIN phone_tasks p ON p.notification_id = n.id
WHERE d.id IS NOT NULL OR f.notification_id IS NOT NULL
"""
_CONSENTS = """
SELECT coalesce(sum(change) FILTER (WHERE reason = 'accepted'), 0) AS reported,
    -coalesce(sum(change) FILTER (WHERE reason IN ('reserved', 'returned')), 0) AS spent,
    -coalesce(sum(change) FILTER (WHERE reason = 'refused'), 0) AS zeroed,
    (SELECT coalesce(sum(remaining), 0) FROM wechat_quotas) AS remaining
FROM wechat_quota_entries
"""
_BOOKED = """
SELECT (SELECT count(*) FROM deliveries WHERE is_reserved) AS marked,
    (SELECT coalesce(-sum(change), 0) FROM wechat_quota_entries
        WHERE reason IN ('reserved', 'returned')) AS booked
"""


@dataclass
class Seen:
    """What the platform has accepted: messages and short messages as they lay on the phones.

    `vanished`: the ids of messages that it accepted and lost itself.
    """

    messages: list[Mapping[str, Any]] = field(default_factory=list)
    texts: list[Mapping[str, Any]] = field(default_factory=list)
    given: int = 0
    vanished: set[str] = field(default_factory=set)


@dataclass
class Account:
    """Lines to print, and what does not balance."""

    lines: list[str] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)

    def balance(self, name: str, left: int, right: int, shown: str) -> None:
        """Both sides must be the same."""
        mark = "✓" if left == right else "✗"
        self.lines.append(f"{mark} {name}: {left} = {shown}")
        if left != right:
            self.faults.append(f"{name}: {left} is not {right}")

    def require(self, name: str, wrong: list[str]) -> None:
        """There must be none."""
        self.lines.append(f"{'✗' if wrong else '✓'} {name}: {len(wrong)}")
        self.faults += [f"{name}: {each}" for each in wrong[:5]]

    def note(self, name: str, count: int) -> None:
        """A figure that may be anything."""
        self.lines.append(f"  {name}: {count}")


def account_of(seen: Seen) -> Account:
    """Everything compared. Needs an application context."""
    account, rows = Account(), db.session.execute(sa.text(_DELIVERIES)).all()
    sent = [row for row in rows if row.state]
    texted = [row for row in rows if row.text]
    _count(account, "messages", Counter((row.state, row.reason) for row in sent))
    _count(account, "short messages", Counter((row.text, row.text_reason) for row in texted))
    _compare_messages(account, sent, seen)
    _compare_texts(account, texted, seen)
    _compare_ways(account, rows)
    _compare_consents(account, seen)
    return account


def _count(account: Account, name: str, states: Counter[tuple[str, str | None]]) -> None:
    at_rest = {key: count for key, count in states.items() if key[0] in AT_REST}
    parts = [
        f"{count} {state}{f' ({reason})' if reason else ''}"
        for (state, reason), count in sorted(at_rest.items(), key=str)
    ]
    whole = sum(states.values())
    account.balance(f"{name} written", whole, sum(at_rest.values()), " + ".join(parts))


def _compare_messages(account: Account, rows: Sequence[Any], seen: Seen) -> None:
    """Copies of one acceptance are the platform's own; two acceptances of one message are ours."""
    accepted = {str(each["msgid"]): each for each in seen.messages}
    told: Counter[tuple[str, str, str]] = Counter(map(_place_of, accepted.values()))
    known = {row.provider_id for row in rows if row.provider_id}
    written: Counter[tuple[str, str, str]] = Counter()
    in_the_dark: Counter[tuple[str, str, str]] = Counter()
    for row in rows:
        place = (unseal(row.openid, "wechat_bindings.openid"), row.template_id or "", row.number)
        written[place] += 1
        in_the_dark[place] += row.state == "unknown"
    untold = [row for row in rows if row.state == "sent" and row.provider_id not in accepted]
    lost = [row.number for row in untold if row.provider_id not in seen.vanished]
    strange = [
        id_
        for id_, each in accepted.items()
        if id_ not in known and not in_the_dark[_place_of(each)]
    ]
    account.require("said to be sent, and not accepted by the platform", lost)
    account.require("accepted by the platform, and not in the ledger", strange)
    account.require("told twice on WeChat", [str(k) for k, n in told.items() if n > written[k]])
    account.note("lost by the platform, which did not say so", len(untold) - len(lost))
    account.note("unknown that had arrived", len([i for i in accepted if i not in known]))


def _place_of(message: Mapping[str, Any]) -> tuple[str, str, str]:
    number = next(line["value"] for line in message["lines"] if line["label"] == NUMBER)
    return message["openid"], message["template_id"], number


def _compare_texts(account: Account, rows: Sequence[Any], seen: Seen) -> None:
    arrived = Counter(each["number"] for each in seen.texts)
    written = Counter(row.number for row in rows)
    sent = Counter(row.number for row in rows if row.text == "sent")
    dark = Counter(row.number for row in rows if row.text == "unknown")
    account.require("texts said to be sent, and not there", sorted((sent - arrived).elements()))
    account.require(
        "texts there, and not in the ledger", sorted((arrived - sent - dark).elements())
    )
    account.require("texts sent twice", sorted((arrived - written).elements()))


def _compare_ways(account: Account, rows: Sequence[Any]) -> None:
    """Another way is gone only after a failure, or where two are better than none."""
    twice, wrong, waiting = 0, [], []
    for row in rows:
        plan = plan_for(MessageKind(row.kind), urgent=row.is_urgent)
        is_doubled = plan is not None and plan.is_doubled
        went_on = row.text is not None or row.cause is not None
        twice += went_on and row.state in ("sent", "unknown")
        if went_on and row.state in ("sent", "unknown") and not is_doubled:
            wrong.append(row.number)
        if row.text == "failed" and row.fallback != "dropped" and row.cause is None:
            wrong.append(row.number)
        if row.fallback == "waiting":
            waiting.append(row.number)
    account.require("went two ways against the policy, or none", wrong)
    account.require("still waiting for another way", waiting)
    account.note("went two ways as the policy says", twice - len(wrong))


def _compare_consents(account: Account, seen: Seen) -> None:
    sums = db.session.execute(sa.text(_CONSENTS)).one()
    left = sums.reported - sums.spent - sums.zeroed
    shown = f"{sums.reported} reported - {sums.spent} spent - {sums.zeroed} zeroed"
    account.balance("consents left", sums.remaining, left, shown)
    booked = db.session.execute(sa.text(_BOOKED)).one()
    account.balance("consents spent", booked.booked, booked.marked, "messages that hold one")
    account.require(
        "consents counted that nobody gave", ["more"] if sums.reported > seen.given else []
    )
