"""Every table goes after a term, or there is a reason to keep it."""

from app.db import Model
from services.expired_tickets import hanging_tables
from services.expiry.table import RETENTION

WHILE_NEEDED = {
    "the register, and who may do what": """accounts area_changes areas categories enterprises
        housekeepers memberships organisations recusals old_passwords recovery_codes second_factors
        wechat_bindings wecom_bindings""",
    "rules and settings": """business_clock dispatch_templates flow_rules pairing_limits
        rung_recipients sla_policies wechat_circuits wechat_programs wechat_secrets wechat_templates
        work_calendars""",
    "counts and states that tell of nobody": """closure_count closure_figures counted_tickets
        text_counts wechat_quota_entries wechat_quotas wechat_send_counts wechat_tokens
        wecom_send_counts""",
    "swept with its file": "program_codes",
    "the audit and its keepers": "audit_archives audit_chain audit_entries legal_holds",
    "goes with its batch": "import_parts",
}


def test_every_table_has_a_term_or_a_reason_to_be_kept():
    swept = {str(kept.model.__table__) for kept in RETENTION}
    swept |= {table.name for table, _ in hanging_tables()}
    needed = {name for names in WHILE_NEEDED.values() for name in names.split()}
    assert needed | swept == set(Model.metadata.tables)
    assert not needed & swept
