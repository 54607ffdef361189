"""Anybody may read who keeps what for how long, and what the product says it does."""

from services.expiry.table import RETENTION
from tests.callers import API


def test_it_is_there_for_anybody_and_tells_the_terms_in_force(app, client):
    told = client.get(f"{API}/privacy-notice").json
    settings = app.config["SETTINGS"]
    assert told["controller"] == settings.operator_name
    terms = {term["what"]: term["days"] for term in told["retention"]}
    in_force = app.config["RETENTION"]
    kept = {kept.what: kept.kept_for(in_force).days for kept in RETENTION if kept.what}
    assert kept
    assert kept.items() <= terms.items()
    assert terms["审计日志（在线）"] == settings.audit_keep_days
    assert all(told[part] for part in ("basis", "purposes", "kinds", "rights"))
    assert all(word in told["secrets"] for word in ("请勿", "国家秘密", "商业秘密"))
    assert "注销" in "".join(told["rights"])
