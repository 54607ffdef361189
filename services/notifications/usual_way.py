"""常例: a claim that has a consent, and a message that was taken, each in one statement.

What is not as usual is left untouched, for `deliver` and `settle` to judge step by step. Rows are
locked in the same order as there: the person, the delivery, the consents, the rest.
"""

from datetime import date, datetime

import sqlalchemy as sa

from app.prepared import Prepared

_TAKE = Prepared(
    sa.text("""
WITH booked AS (
    UPDATE wechat_quotas SET remaining = remaining - 1
    WHERE binding_id = :binding_id AND template_id = :template_id
        AND NOT is_standing AND remaining > :kept_for
    RETURNING binding_id, template_id
), entered AS (
    INSERT INTO wechat_quota_entries (binding_id, template_id, change, reason, delivery_id, at)
    SELECT binding_id, template_id, -1, 'reserved', :delivery_id, :at FROM booked
), taken AS (
    UPDATE deliveries SET state = 'sending', is_reserved = true, worker = :worker,
        claimed_at = :at, leased_until = :leased_until, attempts = attempts + 1,
        template_id = booked.template_id, provider_id = NULL, rung_on = :rung_on
    FROM booked WHERE id = :delivery_id
)
UPDATE wechat_bindings SET busy_until = :leased_until FROM booked WHERE id = booked.binding_id
RETURNING true AS is_taken
""")
)

_SENT = Prepared(
    sa.text("""
WITH person AS (
    UPDATE wechat_bindings SET busy_until = nullif(busy_until, :leased_until)
    WHERE id = :binding_id RETURNING id
)
UPDATE deliveries SET state = 'sent', reason = NULL, errcode = NULL, leased_until = NULL,
    sent_at = :at, provider_id = :provider_id
FROM person
WHERE deliveries.id = :delivery_id AND worker = :worker AND state IN ('sending', 'unknown')
RETURNING true AS is_sent
""")
)

_COUNT = Prepared(
    sa.text("""
WITH counted AS (
    INSERT INTO wechat_send_counts AS known (host, result, count) VALUES (:host, 'sent', 1)
    ON CONFLICT (host, result) DO UPDATE SET count = known.count + 1
)
SELECT id FROM deliveries WHERE binding_id = :binding_id AND template_id = :template_id
    AND provider_id = :provider_id AND id <> :delivery_id LIMIT 1
""")
)


def book_and_take(
    quota: tuple[int, str, int],
    lease: tuple[str, datetime, date | None],
    *,
    kept_for: int,
    at: datetime,
) -> bool:
    """Book a one-time consent and write `sending`, if more than `kept_for` are left.

    The person and the delivery are locked, and nothing is booked for it yet. `quota`: the binding,
    the template, the delivery; `lease`: whose, until when, on what day it rings. `at` is real time.
    """
    values = {
        **dict(zip(("binding_id", "template_id", "delivery_id"), quota, strict=True)),
        "kept_for": kept_for,
        **dict(zip(("worker", "leased_until", "rung_on"), lease, strict=True)),
        "at": at,
    }
    return bool(_TAKE.execute(values))


def record_sent(
    binding_id: int,
    delivery_id: int,
    lease: tuple[str, datetime],
    provider_id: str,
    *,
    at: datetime,
) -> bool:
    """Let others send to the person, and write `sent` as long as the claim is open.

    False where the delivery is no longer the claim's, or was settled by an event. `at` is real
    time.
    """
    values = {
        "binding_id": binding_id,
        "delivery_id": delivery_id,
        "worker": lease[0],
        "leased_until": lease[1],
        "provider_id": provider_id,
        "at": at,
    }
    return bool(_SENT.execute(values))


def count_sent(
    host: str, binding_id: int, template_id: str, delivery_id: int, provider_id: str
) -> bool:
    """Count one more; whether an event was taken for another message of this provider's id."""
    values = {
        "host": host,
        "binding_id": binding_id,
        "template_id": template_id,
        "delivery_id": delivery_id,
        "provider_id": provider_id,
    }
    return bool(_COUNT.execute(values))
