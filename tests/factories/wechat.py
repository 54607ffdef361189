"""What WeChat adds to a person and to the installation: bindings, templates, consents."""

from itertools import count

from app import clock, sealing
from app.db import db
from app.domain.phone_forms import FIELDS, Template
from app.models.subscription import WechatQuota, WechatQuotaEntry, WechatTemplate
from app.models.wechat import WechatBinding
from tests.factories.people import Person

APPID = "wx0123456789abcdef"

_numbers = count(1)


def make_binding(
    person: Person, appid: str = APPID, openid: str | None = None, phone: str | None = None
) -> WechatBinding:
    """A standing binding of the person's account; openid and phone are fake unless given."""
    number = next(_numbers)
    openid = openid or f"oFake{number:023d}"
    binding = WechatBinding(
        account_id=person.account.id,
        appid=appid,
        openid=sealing.seal(openid, "wechat_bindings.openid"),
        openid_hash=sealing.fingerprint(openid),
        phone_hash=sealing.fingerprint(phone or f"137{number:08d}"),
        bound_at=clock.real(),
    )
    db.session.add(binding)
    db.session.flush()
    return binding


def make_template(
    template: Template | str,
    template_id: str | None = None,
    *,
    is_long_term: bool = False,
    appid: str = APPID,
) -> WechatTemplate:
    """A usable template of a mini-program's account, with a key for each of its fields."""
    template = Template(template)
    fields = enumerate(FIELDS[template], start=1)
    row = WechatTemplate(
        appid=appid,
        template=template.value,
        template_id=template_id or f"template-{template.name.lower()}",
        is_long_term=is_long_term,
        field_keys={field.label: f"{field.type}{number}" for number, field in fields},
        state="usable",
        synced_at=clock.real(),
    )
    db.session.add(row)
    db.session.flush()
    return row


def make_quota(binding: WechatBinding, template: WechatTemplate, remaining: int = 1) -> WechatQuota:
    """Consents to `remaining` messages, with their entry in the ledger.

    For a long-term template the consent stands and nothing is counted.
    """
    if template.template_id is None:
        raise ValueError("nobody can consent to a template without an id")
    counted = 0 if template.is_long_term else remaining
    quota = WechatQuota(
        binding_id=binding.id,
        template_id=template.template_id,
        remaining=counted,
        is_standing=template.is_long_term,
        answer="accept",
        answered_at=clock.real(),
    )
    db.session.add(quota)
    if counted:
        entry = WechatQuotaEntry(
            binding_id=binding.id,
            template_id=template.template_id,
            change=counted,
            reason="accepted",
            told_by="client",
            at=clock.real(),
        )
        db.session.add(entry)
    db.session.flush()
    return quota
