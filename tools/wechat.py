"""微信替身: where no mini-program is configured, `make run` starts a stand-in for the platform.

The product only sees another base address. Credentials and people stay the same from one start to
the next, so that whoever was bound stays bound.
"""

import base64
import hmac
import http.client
import json
import secrets
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlencode, urlsplit

from config.settings import Settings
from tools.children import Child, Program
from tools.environment import write_private
from tools.faults import Fault
from tools.ports import HOST, free_port
from tools.programs import ROOT
from tools.watch import wait_until
from tools.wechat_emulator import texting, wecom

PORT = 8000
"""Where the product is found unless PORT says otherwise."""

READY_SECONDS = 20
ASK_SECONDS = 5
OPENID_LETTERS = 27
CALLBACK_KEY_BYTES = 32
KEY = "WECHAT_EMULATOR_KEY"


@dataclass(frozen=True, slots=True)
class StandIn:
    """A platform of our own: its root address and the key of its administration."""

    base: str
    key: str

    @property
    def admin(self) -> str:
        """Where users, codes, messages and faults are administered; a page for people as well."""
        return f"{self.base}__emu/"

    def told(self) -> dict[str, str]:
        """What run.json says of it."""
        return {"base": self.base, "admin": self.admin, "key": self.key}

    def post(self, path: str, body: Mapping[str, Any]) -> Any:
        """The answer of the administration. Raises Fault when it is not a good one."""
        answer = self._ask("POST", path, json.dumps(body))
        if answer is None:
            raise Fault(f"微信替身没有接受 {path}。")
        return json.loads(answer)

    def get(self, path: str, /, **query: Any) -> Any:
        """The same, for what is only looked at."""
        answer = self._ask("GET", f"{path}?{urlencode(query)}")
        if answer is None:
            raise Fault(f"微信替身没有回答 {path}。")
        return json.loads(answer)

    def delete(self, path: str) -> None:
        """Take away what the administration keeps there. Raises Fault as the others do."""
        if self._ask("DELETE", path) is None:
            raise Fault(f"微信替身没有接受 {path}。")

    def is_ready(self) -> bool:
        """Whether it answers."""
        return self._ask("GET", "health") is not None

    def _ask(self, method: str, path: str, body: str | None = None) -> bytes | None:
        """The body of a good answer, or None."""
        connection = http.client.HTTPConnection(urlsplit(self.base).netloc, timeout=ASK_SECONDS)
        headers = {"X-Emu-Key": self.key, "Content-Type": "application/json"}
        try:
            connection.request(method, f"/__emu/{path}", body, headers)
            response = connection.getresponse()
            content = response.read()
        except (OSError, http.client.HTTPException):
            return None
        finally:
            connection.close()
        return content if response.status < http.client.MULTIPLE_CHOICES else None


def with_wechat(environ: Mapping[str, str], home: Path) -> dict[str, str]:
    """The environment with a stand-in in it, unless a mini-program is configured."""
    if environ.get("WECHAT_APPID"):
        return dict(environ)
    base, known = f"http://{HOST}:{free_port()}/", _credentials(home)
    own = f"http://{HOST}:{environ.get('PORT') or PORT}/"
    reached = {"PUBLIC_ADDRESS": environ.get("PUBLIC_ADDRESS") or own}
    beside = _texts(environ, known, base) | _wecom(environ, known, base)
    return {**environ, **known, **reached, "WECHAT_API_BASE": base, **beside}


def _texts(environ: Mapping[str, str], known: Mapping[str, str], base: str) -> dict[str, str]:
    """The stand-in for the provider of short messages, unless a real one is configured."""
    if environ.get("SMS_SECRET_ID"):
        return {}
    return {
        "SMS_API_BASE": f"{base}sms/",
        "SMS_SECRET_ID": known["WECHAT_APPID"],
        "SMS_SECRET_KEY": known["WECHAT_SECRET"],
        "SMS_APP_ID": texting.APP_ID,
        "SMS_SIGN_NAME": texting.SIGN_NAME,
        **{f"SMS_TEMPLATE_{form.upper()}": id_ for form, id_ in texting.TEMPLATES.items()},
    }


def _wecom(environ: Mapping[str, str], known: Mapping[str, str], base: str) -> dict[str, str]:
    """The stand-in for WeCom, unless a real application is configured."""
    if environ.get("WECOM_CORP_ID"):
        return {}
    return {
        "WECOM_API_BASE": f"{base}{wecom.PATH.strip('/')}/",
        "WECOM_CORP_ID": wecom.CORP_ID,
        "WECOM_AGENT_ID": str(wecom.AGENT_ID),
        "WECOM_SECRET": known["WECHAT_SECRET"],
    }


def stand_in_of(environ: Mapping[str, str]) -> StandIn | None:
    """The stand-in that this environment speaks of, if it does."""
    key = environ.get(KEY)
    return StandIn(environ["WECHAT_API_BASE"], key) if key else None


def program(settings: Settings, environ: Mapping[str, str]) -> Program:
    """The stand-in as a child of the launcher; it pushes its events to the product's callback."""
    port = urlsplit(settings.wechat_api_base).port
    callback = f"http://{HOST}:{settings.port}/api/v1/wechat/callback"
    own = {"WECHAT_EMULATOR_PORT": str(port), "WECHAT_EMULATOR_TARGET": callback}
    argv = [sys.executable, "-m", "tools.wechat_emulator"]
    log = settings.home / "logs" / "wechat.log"
    return Program("微信替身（emulator）", argv, ROOT, {**environ, **own}, log)


def wait_for(stand_in: StandIn, child: Child) -> None:
    """Wait until it answers. Raises Fault when it ends or takes too long."""

    def is_there() -> bool:
        child.require_running()
        return stand_in.is_ready()

    if not wait_until(is_there, READY_SECONDS):
        raise Fault(child.obituary("没有回答"))


def introduce(
    stand_in: StandIn, accounts: Sequence[Mapping[str, Any]], secret: str
) -> list[dict[str, Any]]:
    """Make every account a WeChat user with its phone number, and a member in WeCom by its log-in.

    Answers the accounts with their openids.
    """
    known = []
    for account in accounts:
        openid = _openid(str(account["login"]), secret)
        known_as = {"phone": account["phone"], "name": account["name"]}
        stand_in.post("users", {"openid": openid, **known_as})
        stand_in.post("members", {"userid": account["login"], "name": account["name"]})
        known.append({**account, "openid": openid})
    return known


def _openid(login: str, secret: str) -> str:
    """Looks like one of the platform's, and is the same at every start of this installation."""
    digest = hmac.digest(secret.encode(), login.encode(), "sha256")
    return "o" + base64.urlsafe_b64encode(digest).decode()[:OPENID_LETTERS]


def _credentials(home: Path) -> dict[str, str]:
    """Appid, secrets and keys of the stand-in; made at the first start on this data folder."""
    kept_in = home / "wechat" / "account.json"
    if not kept_in.exists():
        kept_in.parent.mkdir(mode=0o700, exist_ok=True)
        write_private(kept_in, _new_credentials())
    credentials: dict[str, str] = json.loads(kept_in.read_text(encoding="utf-8"))
    return credentials


def _new_credentials() -> dict[str, str]:
    letters = base64.b64encode(secrets.token_bytes(CALLBACK_KEY_BYTES)).decode()
    return {
        "WECHAT_APPID": f"wx{secrets.token_hex(8)}",
        "WECHAT_SECRET": secrets.token_hex(16),
        "WECHAT_CALLBACK_TOKEN": secrets.token_hex(8),
        "WECHAT_CALLBACK_KEY": letters.replace("+", "A").replace("/", "B").rstrip("="),
        KEY: secrets.token_hex(16),
    }
