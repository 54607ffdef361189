"""A second mini-program beside the first: that of the officials."""

from dataclasses import dataclass

from config.programs import Program
from services.gateways.wechat import MiniProgram, WeChat
from services.gateways.wechat_programs import Programs
from services.wechat_credentials import StoredCredentials
from tests.wechat import APPID, SECRET
from tests.wechat_pushes import Sender

OTHER = Program(
    appid="wxfedcba9876543210",
    secret="fedcba9876543210fedcba9876543210",
    callback_token="othertoken",
    callback_key="o" * 42 + "A",
    state="trial",
    audience="officials",
)
FROM_OTHER = Sender(OTHER.callback_token, OTHER.callback_key, OTHER.appid)


@dataclass(frozen=True)
class Place:
    """Where the platform is."""

    base: str

    def programs(self) -> Programs:
        """The first, for enterprises, and the other one, for officials."""
        first = {"appid": APPID, "secret": SECRET, "audience": "enterprises"}
        other = {"appid": OTHER.appid, "secret": OTHER.secret, "audience": OTHER.audience}
        return Programs(self.program(**first), self.program(**other))

    def program(self, **known: str) -> WeChat:
        program = MiniProgram(**known, api_base=self.base, state="trial")
        return WeChat(program, StoredCredentials(program.appid))
