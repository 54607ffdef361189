"""The emulated platform as a process of its own, and the people of the city with phones on it."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace

import sqlalchemy as sa

from app import clock, sealing
from app.db import db, transaction
from app.models.account import Account
from app.models.subscription import WechatQuota, WechatQuotaEntry
from app.models.wechat import WechatBinding
from bench.places import STOP_SECONDS
from config.settings import Settings
from tools.children import start, stop
from tools.wechat import StandIn, program, stand_in_of, wait_for

PHONE = 13_900_000_000


@dataclass(frozen=True, slots=True)
class Platform:
    """The emulator: its administration, and its process."""

    stand_in: StandIn
    process: int


@dataclass(frozen=True, slots=True)
class Phone:
    """A person's phone: who they are to the platform and to the product, and their number."""

    openid: str
    binding_id: int
    account_id: int
    number: str


@contextmanager
def platform(environ: Mapping[str, str]) -> Iterator[Platform]:
    """Run the emulator that `environ` names. The one it is for may be in production, it is not."""
    stand_in = stand_in_of(environ)
    if stand_in is None:
        raise ValueError("no emulator in the environment")
    begun = program(Settings.from_environment(environ), environ)
    begun = replace(begun, environ={**begun.environ, "APP_ENV": "development"})
    with ExitStack() as closing:
        child = start(begun)
        closing.callback(stop, [child], patience=STOP_SECONDS)
        wait_for(stand_in, child)
        yield Platform(stand_in, child.process.pid)


def bind(stand_in: StandIn, appid: str, accounts: Sequence[int]) -> list[Phone]:
    """A phone for each account, known to the platform and to the product."""
    phones = []
    with transaction():
        for place, account_id in enumerate(accounts):
            number = str(PHONE + place)
            openid = stand_in.post("users", {"phone": number})["openid"]
            binding = _binding(account_id, appid, openid, number)
            db.session.add(binding)
            db.session.flush()
            mine = sa.update(Account).where(Account.id == account_id)
            db.session.execute(mine.values(phone=sealing.seal(number, "accounts.phone")))
            phones.append(Phone(openid, binding.id, account_id, number))
    return phones


def _binding(account_id: int, appid: str, openid: str, number: str) -> WechatBinding:
    return WechatBinding(
        account_id=account_id,
        appid=appid,
        openid=sealing.seal(openid, "wechat_bindings.openid"),
        openid_hash=sealing.fingerprint(openid),
        phone_hash=sealing.fingerprint(number),
        bound_at=clock.real(),
    )


def consent(stand_in: StandIn, phones: Sequence[Phone], template_id: str, times: int) -> None:
    """Everybody agrees to so many messages of a template, on the platform and in the ledger."""
    with transaction():
        for phone in phones:
            asked = {"openid": phone.openid, "template_ids": [template_id], "times": times}
            stand_in.post("subscribe", asked)
            own = {"binding_id": phone.binding_id, "template_id": template_id}
            now = clock.real()
            db.session.add(WechatQuota(**own, remaining=times, answer="accept", answered_at=now))
            db.session.add(
                WechatQuotaEntry(**own, change=times, reason="accepted", told_by="client", at=now)
            )
