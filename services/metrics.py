"""What there is to measure, as a table; all of it is read in one statement.

Nothing can be counted in the memory of a process, for there are several: what counts is in the
database. No measure scans a history, and none says anything about a person.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeAlias

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ARRAY

from app.db import db
from services.health import prepared
from services.tickets.due import first_warning


@dataclass(frozen=True, slots=True)
class Measure:
    """One thing that is measured: a gauge, or a counter that never falls.

    `query` answers a row (labels text[], value) for each combination of `labels`. It may ask for
    :at (real time), :now (business time) and :accounts.
    """

    name: str
    meaning: str
    query: str | sa.Select[*tuple[Any, ...]]
    labels: tuple[str, ...] = ()
    is_counter: bool = False


Reading: TypeAlias = tuple[list[str], float]
"""The labels, in the order of the measure's, and the value."""


def _warnings_age() -> sa.ColumnElement[Any]:
    now = sa.bindparam("now", type_=sa.TIMESTAMP(timezone=True))
    return sa.func.coalesce(sa.extract("epoch", now - first_warning(at=now)), 0)


MEASURES: tuple[Measure, ...] = (
    Measure(
        "guanjia_deliveries_oldest_due_seconds",
        "到点而未发出、模板可用的手机消息中，最早的一条已等待多久（业务时间）",
        "SELECT CAST('{}' AS text[]) AS labels,"
        " coalesce(greatest(extract(epoch FROM :now - min(send_at)), 0), 0) AS value"
        " FROM deliveries LEFT JOIN wechat_bindings b ON b.id = binding_id"
        " LEFT JOIN wechat_templates USING (appid, template)"
        " WHERE deliveries.state = 'pending'"
        " AND (wecom_binding_id IS NOT NULL OR wechat_templates.state = 'usable')",
    ),
    Measure(
        "guanjia_deliveries_without_template",
        "到点而因模板不可用未发出的手机消息数",
        "SELECT ARRAY[deliveries.template, b.appid] AS labels, count(*) AS value"
        " FROM deliveries JOIN wechat_bindings b ON b.id = binding_id"
        " LEFT JOIN wechat_templates t ON t.appid = b.appid AND t.template = deliveries.template"
        " WHERE deliveries.state = 'pending' AND send_at <= :now"
        " AND t.state IS DISTINCT FROM 'usable' GROUP BY deliveries.template, b.appid",
        ("template", "appid"),
    ),
    Measure(
        "guanjia_deliveries",
        "尚未了结的手机消息数",
        # The states are constants of the statement, for only then do the partial indexes answer.
        "SELECT ARRAY['pending'] AS labels, count(*) AS value"
        " FROM deliveries WHERE state = 'pending'"
        " UNION ALL SELECT ARRAY['sending'], count(*) FROM deliveries WHERE state = 'sending'"
        " UNION ALL SELECT ARRAY['unknown'], count(*) FROM deliveries WHERE state = 'unknown'",
        ("state",),
    ),
    Measure(
        "guanjia_wechat_sends",
        "向微信发送的次数，按结果",
        "SELECT ARRAY[result] AS labels, sum(count) AS value FROM wechat_send_counts"
        " GROUP BY result",
        ("result",),
        is_counter=True,
    ),
    Measure(
        "guanjia_wecom_sends",
        "向企业微信发送的次数，按结果",
        "SELECT ARRAY[result] AS labels, sum(count) AS value FROM wecom_send_counts"
        " GROUP BY result",
        ("result",),
        is_counter=True,
    ),
    Measure(
        "guanjia_texts",
        "短信发送的次数，按结果",
        "SELECT ARRAY[result] AS labels, sum(count) AS value FROM text_counts GROUP BY result",
        ("result",),
        is_counter=True,
    ),
    Measure(
        "guanjia_text_parts",
        "短信服务商计费的条数",
        "SELECT CAST('{}' AS text[]) AS labels, coalesce(sum(parts), 0) AS value FROM text_counts",
        is_counter=True,
    ),
    Measure(
        "guanjia_phone_tasks_open",
        "待拨打的电话任务数，按是否紧急",
        "SELECT ARRAY[CAST(is_urgent AS text)] AS labels, count(*) AS value FROM phone_tasks"
        " WHERE state = 'open' GROUP BY is_urgent",
        ("urgent",),
    ),
    Measure(
        "guanjia_content_checks",
        "尚无结论的内容审核数，按状态：waiting 待送审，asking 送审中，asked 等待结果，"
        "referred 待人工审核",
        "SELECT ARRAY[state] AS labels, count(*) AS value FROM content_checks"
        " WHERE state IN ('asked', 'asking', 'referred', 'waiting') GROUP BY state",
        ("state",),
    ),
    Measure(
        "guanjia_content_checks_oldest_undecided_seconds",
        "尚无结论的内容审核中，最早的一项已等待多久（业务时间）；没有则为 0",
        "SELECT CAST('{}' AS text[]) AS labels, coalesce(greatest(extract(epoch FROM :now"
        " - min(created_at)), 0), 0) AS value FROM content_checks"
        " WHERE state IN ('asked', 'asking', 'referred', 'waiting')",
    ),
    Measure(
        "guanjia_worker_heartbeat_age_seconds",
        "后台进程最近一次报到距今多久",
        "SELECT ARRAY[name, kind] AS labels, extract(epoch FROM :at - seen_at) AS value"
        " FROM workers",
        ("worker", "kind"),
    ),
    Measure(
        "guanjia_warnings_oldest_due_seconds",
        "到点而未发出的提醒和牌中，最早的一项已等待多久（业务时间）；没有则为 0",
        sa.select(sa.cast([], ARRAY(sa.Text)).label("labels"), _warnings_age().label("value")),
    ),
    Measure(
        "guanjia_job_paused_remaining_seconds",
        "被人暂停的定时任务还有多久自行恢复；没有暂停则没有此项",
        "SELECT ARRAY[job] AS labels, extract(epoch FROM paused_until - :at) AS value"
        " FROM job_pauses WHERE ended_at IS NULL AND paused_until > :at",
        ("job",),
    ),
    Measure(
        "guanjia_job_runs_lost",
        "保存着的运行记录中，后台进程失去联系而没有做完的次数",
        "SELECT ARRAY[job] AS labels, count(*) AS value FROM job_runs WHERE state = 'lost'"
        " GROUP BY job",
        ("job",),
    ),
    Measure(
        "guanjia_job_last_run_age_seconds",
        "定时任务最近一次开始距今多久",
        # From job to job along the index, as the runs of a week are many.
        "WITH RECURSIVE known(job) AS ((SELECT job FROM job_runs ORDER BY job LIMIT 1) UNION ALL"
        " SELECT (SELECT job FROM job_runs WHERE job > known.job ORDER BY job LIMIT 1)"
        " FROM known WHERE job IS NOT NULL)"
        " SELECT ARRAY[known.job] AS labels, extract(epoch FROM :at - started_at) AS value"
        " FROM known CROSS JOIN LATERAL (SELECT started_at FROM job_runs"
        " WHERE job_runs.job = known.job ORDER BY slot DESC, id DESC LIMIT 1) AS newest",
        ("job",),
    ),
    Measure(
        "guanjia_audit_oldest_unsealed_seconds",
        "尚未封存的审计记录中，最早的一条已等待多久；没有则为 0",
        "SELECT CAST('{}' AS text[]) AS labels, coalesce(extract(epoch FROM :at - (SELECT at"
        " FROM audit_entries WHERE seal_seq IS NULL ORDER BY id LIMIT 1)), 0) AS value",
    ),
    Measure(
        "guanjia_audit_chain_broken",
        "最近一次核对时审计链是否有不符",
        "SELECT CAST('{}' AS text[]) AS labels, CAST(broken_seq IS NOT NULL AS int) AS value"
        " FROM audit_chain",
    ),
    Measure(
        "guanjia_deadlines_drifted",
        "最近一次夜间核对时，时限与办理记录不符的诉求数；尚未核对则没有此项",
        "SELECT CAST('{}' AS text[]) AS labels, failures AS value FROM job_runs"
        " WHERE job = 'audit_deadlines' AND finished_at IS NOT NULL"
        " ORDER BY slot DESC, id DESC LIMIT 1",
    ),
    Measure(
        "guanjia_calendar_year_missing",
        "十二月起，下一年的放假安排是否仍未发布",
        "SELECT CAST('{}' AS text[]) AS labels,"
        " CAST(extract(month FROM today) = 12 AND document -> 'years'"
        " -> CAST(extract(year FROM today) + 1 AS text) ->> 'status'"
        " IS DISTINCT FROM 'official' AS int) AS value"
        " FROM work_calendars, timezone('Asia/Shanghai', CAST(:now AS timestamptz)) AS today"
        " ORDER BY version DESC LIMIT 1",
    ),
    Measure(
        "guanjia_wechat_token_age_seconds",
        "微信和企业微信接口凭据已用多久；没有凭据则没有此项",
        "SELECT ARRAY[appid] AS labels, extract(epoch FROM :at - fetched_at) AS value"
        " FROM wechat_tokens WHERE appid = ANY (:accounts)",
        ("appid",),
    ),
    Measure(
        "guanjia_wechat_token_remaining_seconds",
        "微信和企业微信接口凭据还有多久到期；负数为已过期，没有凭据则没有此项",
        "SELECT ARRAY[appid] AS labels, extract(epoch FROM expires_at - :at) AS value"
        " FROM wechat_tokens WHERE appid = ANY (:accounts)",
        ("appid",),
    ),
    Measure(
        "guanjia_wechat_circuit_open",
        "微信和企业微信接口的熔断是否打开",
        "SELECT ARRAY[name, appid] AS labels, CAST(open_until > :at AS int) AS value"
        " FROM wechat_circuits WHERE appid = ANY (:accounts)",
        ("name", "appid"),
    ),
    Measure(
        "guanjia_wechat_pushes_oldest_waiting_seconds",
        "收到而未办完的微信推送中，最早的一条已等待多久；没有则为 0",
        "SELECT CAST('{}' AS text[]) AS labels, coalesce(extract(epoch FROM :at - (SELECT"
        " received_at FROM wechat_pushes WHERE state = 'waiting' ORDER BY id LIMIT 1)), 0)"
        " AS value",
    ),
    Measure(
        "guanjia_wechat_pushes_failed",
        "已放弃、等人查看的微信推送数",
        "SELECT CAST('{}' AS text[]) AS labels, count(*) AS value"
        " FROM wechat_pushes WHERE state = 'failed'",
    ),
    Measure(
        "guanjia_wechat_template_usable",
        "消息模板是否可用",
        "SELECT ARRAY[template, appid] AS labels, CAST(state = 'usable' AS int) AS value"
        " FROM wechat_templates WHERE appid = ANY (:accounts)",
        ("template", "appid"),
    ),
)


def _rows(place: int, measure: Measure) -> sa.Select[Any]:
    query = measure.query
    if isinstance(query, str):
        found = sa.text(query).columns(labels=ARRAY(sa.Text), value=sa.Float).subquery()
    else:
        found = query.subquery()
    value = sa.cast(found.c.value, sa.Double).label("value")
    return sa.select(sa.literal_column(str(place)).label("place"), found.c.labels, value)


_STATEMENT = sa.union_all(*(_rows(place, measure) for place, measure in enumerate(MEASURES)))


def read(accounts: Collection[str], *, now: datetime, at: datetime) -> dict[Measure, list[Reading]]:
    """Every measure with what it reads, `now` in business time, `at` in real time.

    `accounts` are the configured mini-programs, and what WeCom is known by. Raises `Unprepared`.
    """
    readings: dict[Measure, list[Reading]] = {measure: [] for measure in MEASURES}
    with prepared():
        rows = db.session.execute(_STATEMENT, {"accounts": list(accounts), "now": now, "at": at})
    for row in rows:
        readings[MEASURES[row.place]].append((row.labels, row.value))
    return readings
