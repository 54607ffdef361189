"""收件人: whoever the recipient of a message is on WeChat and in WeCom by now."""

import sqlalchemy as sa

from app.domain.programs import ProgramAudience
from app.models.account import Membership
from app.models.delivery import Delivery
from app.models.notification import Notification
from app.models.wechat import WechatBinding, WechatProgram
from app.models.wecom import WecomBinding


def present_binding() -> sa.ScalarSelect[int]:
    """The standing binding through which a delivery's recipient is told now, if there is one.

    Of several that to a mini-program which is meant for the reader's audience, then the newest.
    """
    then, now = sa.orm.aliased(WechatBinding), sa.orm.aliased(WechatBinding)
    return (
        sa.select(now.id)
        .join(then, then.account_id == now.account_id)
        .outerjoin(WechatProgram, WechatProgram.appid == now.appid)
        .where(then.id == Delivery.binding_id, now.ended_at.is_(None))
        .order_by(_is_meant().desc().nulls_last(), now.id.desc())
        .limit(1)
        .correlate(Delivery)
        .scalar_subquery()
    )


def present_phone() -> sa.ScalarSelect[int]:
    """The standing binding of a delivery's recipient to a mini-program, by the same order."""
    return (
        sa.select(WechatBinding.id)
        .join(Notification, Notification.account_id == WechatBinding.account_id)
        .outerjoin(WechatProgram, WechatProgram.appid == WechatBinding.appid)
        .where(Notification.id == Delivery.notification_id, WechatBinding.ended_at.is_(None))
        .order_by(_is_meant().desc().nulls_last(), WechatBinding.id.desc())
        .limit(1)
        .correlate(Delivery)
        .scalar_subquery()
    )


def present_member() -> sa.ScalarSelect[int]:
    """Who the recipient of a delivery is in WeCom; nobody, where an enterprise is told."""
    is_of_enterprise = sa.exists().where(
        Membership.id == Notification.membership_id, Membership.enterprise_id.is_not(None)
    )
    return (
        sa.select(WecomBinding.id)
        .join(Notification, Notification.account_id == WecomBinding.account_id)
        .where(
            Notification.id == Delivery.notification_id,
            WecomBinding.ended_at.is_(None),
            ~is_of_enterprise,
        )
        .correlate(Delivery)
        .scalar_subquery()
    )


def _is_meant() -> sa.ColumnElement[bool]:
    """Whether the mini-program is meant for the reader; NULL where it is not configured."""
    is_enterprise = (
        sa.select(Membership.enterprise_id.is_not(None))
        .join(Notification, Notification.membership_id == Membership.id)
        .where(Notification.id == Delivery.notification_id)
        .correlate(Delivery)
        .scalar_subquery()
    )
    own = sa.case(
        (is_enterprise, ProgramAudience.ENTERPRISES.value), else_=ProgramAudience.OFFICIALS.value
    )
    return WechatProgram.audience.in_((ProgramAudience.BOTH.value, own))


RECIPIENTS = """
SELECT DISTINCT ON (m.account_id)
    m.account_id, m.id AS membership_id, m.enterprise_id IS NOT NULL AS is_enterprise,
    n.kind, n.title, n.body, n.template, n.fields, n.rank, n.send_at, n.expires_at,
    n.rings_always, n.patient_until, n.is_urgent
FROM ROWS FROM (jsonb_to_recordset(CAST(:notices AS jsonb)) AS (
    kind text, title text, body text, roles text[], enterprise_id bigint, housekeeper_id bigint,
    organisation_id bigint, area_code text, template text, fields jsonb, rank smallint,
    send_at timestamptz, expires_at timestamptz, rings_always boolean,
    patient_until timestamptz, is_urgent boolean
)) WITH ORDINALITY AS n, LATERAL (
    SELECT e.* FROM memberships e WHERE e.enterprise_id = n.enterprise_id
    UNION ALL SELECT h.* FROM memberships h WHERE h.housekeeper_id = n.housekeeper_id
    UNION ALL SELECT u.* FROM memberships u
        WHERE u.organisation_id = n.organisation_id AND u.role = ANY (n.roles)
    UNION ALL SELECT a.* FROM memberships a
        WHERE n.area_code IS NOT NULL AND a.area_prefix IS NOT NULL
        AND a.role = ANY (n.roles) AND starts_with(n.area_code, a.area_prefix)
) m
WHERE (m.role = ANY (n.roles) OR m.delegator_id IS NOT NULL AND EXISTS (
        SELECT FROM memberships o WHERE o.id = m.delegator_id AND o.role = ANY (n.roles)
        AND o.valid_from <= CAST(:at AS timestamptz)
        AND (o.valid_until IS NULL OR o.valid_until > CAST(:at AS timestamptz))
    ))
    AND (m.account_id IS DISTINCT FROM CAST(:account_id AS bigint)
        OR n.kind = 'evaluation_invited')
    AND (m.enterprise_id IS NOT NULL OR NOT EXISTS (
        SELECT FROM memberships c WHERE c.account_id = m.account_id
        AND (c.housekeeper_id = CAST(:past_housekeeper AS bigint)
            OR c.organisation_id = ANY (CAST(:past_units AS bigint[])))
    ))
    AND m.valid_from <= CAST(:at AS timestamptz)
    AND (m.valid_until IS NULL OR m.valid_until > CAST(:at AS timestamptz))
ORDER BY m.account_id, n.ordinality, m.id
"""
"""Who holds which seat where the notices go; never those of a complaint, in no seat.

Nobody is told of the own act; but who reads an answer that is spared a revisit is asked to rate it.
"""

WAYS = """
SELECT told.id, CASE WHEN c.id IS NULL THEN b.id END, c.id, r.template, r.rank, r.send_at,
    r.expires_at, r.rings_always, CASE WHEN r.send_at > CAST(:at AS timestamptz) THEN 'held' END
FROM told JOIN recipients r USING (account_id)
LEFT JOIN LATERAL (
    SELECT w.id FROM wecom_bindings w
    WHERE w.account_id = told.account_id AND w.ended_at IS NULL AND NOT r.is_enterprise
) c ON true
LEFT JOIN LATERAL (
    SELECT w.id FROM wechat_bindings w LEFT JOIN wechat_programs p USING (appid)
    WHERE w.account_id = told.account_id AND w.ended_at IS NULL
    ORDER BY p.audience IN (
        'both', CASE WHEN r.is_enterprise THEN 'enterprises' ELSE 'officials' END
    ) DESC NULLS LAST, w.id DESC LIMIT 1
) b ON c.id IS NULL
WHERE r.template IS NOT NULL AND coalesce(c.id, b.id) IS NOT NULL
"""
"""One way for each message made: to the member in WeCom, but for enterprises, else to the phone."""

INSIST = """
INSERT INTO fallbacks
    (notification_id, ticket_id, is_urgent, rings_always, look_at, patient_until, expires_at)
SELECT told.id, changed.id, r.is_urgent, r.rings_always, r.send_at, r.patient_until, r.expires_at
FROM changed, told JOIN recipients r USING (account_id)
WHERE r.patient_until IS NOT NULL
"""
"""What nobody may miss goes on where WeChat does not bring it: `told` are the messages made."""
