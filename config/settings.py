"""The product's settings, read from the environment once; every fault is named at once."""

from collections.abc import Mapping
from dataclasses import MISSING, Field, dataclass, field, fields
from pathlib import Path
from typing import Annotated, Any, get_type_hints

from config import programs
from config.parsing import (
    base_url,
    folder,
    matching,
    one_of,
    postgres_url,
    secret_key,
    secret_keys,
    switch,
    whole,
)
from config.programs import Program

MEBIBYTE = 1024 * 1024
DEFAULT_HOME = Path("var")
KEYS = ("data_key", "lookup_key", "link_key", "case_file_key")
TOGETHER = (
    ("wechat_appid", "wechat_secret"),
    ("wechat_callback_token", "wechat_callback_key"),
    ("wecom_corp_id", "wecom_agent_id", "wecom_secret"),
    (
        *("sms_secret_id", "sms_secret_key", "sms_app_id", "sms_sign_name"),
        *("sms_template_supplement", "sms_template_result"),
        *("sms_template_overdue", "sms_template_todo"),
    ),
)
_LINK = r"https?://[!-~]{1,400}\{number\}[!-~]{0,400}"
_TEMPLATE = matching("[0-9]{1,12}", "短信服务商的模板编号")


class SettingsError(Exception):
    """配置有误：列出每一个缺少或不合要求的变量。"""

    def __init__(self, faults: Mapping[str, str]) -> None:
        self.faults = dict(faults)
        lines = [f"  {name}：{reason}" for name, reason in self.faults.items()]
        super().__init__(
            "\n".join(["配置有误，请改正下列环境变量（说明见 .env.example）：", *lines])
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """What can be set from outside: a field per variable, with its parser."""

    app_env: Annotated[str, one_of("development", "testing", "production")] = "development"
    database_url: Annotated[str, postgres_url] = field(repr=False)
    data_key: Annotated[bytes, secret_key] = field(repr=False)
    lookup_key: Annotated[bytes, secret_key] = field(repr=False)
    link_key: Annotated[bytes, secret_key] = field(repr=False)
    case_file_key: Annotated[bytes, secret_key] = field(repr=False)
    data_keys_old: Annotated[tuple[bytes, ...], secret_keys] = field(default=(), repr=False)
    sealing: Annotated[str, one_of("aes-256-gcm", "sm4-gcm")] = "aes-256-gcm"
    home: Annotated[Path, folder]
    file_store: Annotated[Path, folder]
    port: Annotated[int, whole(1, 65535)] = 8000
    ticket_prefix: Annotated[str, matching("[A-Z]{2,4}", "2–4 个大写字母")] = "AS"
    staff_idle_minutes: Annotated[int, whole(1, 24 * 60)] = 30
    staff_absolute_hours: Annotated[int, whole(1, 7 * 24)] = 12
    phone_idle_days: Annotated[int, whole(1, 90)] = 7
    phone_absolute_days: Annotated[int, whole(1, 365)] = 30
    operator_name: Annotated[str, matching(".{2,60}", "2–60 个字")] = "营商环境建设主管部门"
    audit_keep_days: Annotated[int, whole(184, 36_500)] = 400
    ticket_keep_days: Annotated[int, whole(365, 36_500)] = 3_650
    record_keep_days: Annotated[int, whole(1_095, 36_500)] = 1_095
    import_keep_days: Annotated[int, whole(30, 36_500)] = 30
    session_keep_days: Annotated[int, whole(1, 36_500)] = 30
    log_level: Annotated[str, one_of("DEBUG", "INFO", "WARNING", "ERROR")] = "INFO"
    slow_query_ms: Annotated[int, whole(0, 3_600_000)] = 500
    max_upload_bytes: Annotated[int, whole(MEBIBYTE, 1024 * MEBIBYTE)] = 32 * MEBIBYTE
    login_attempts_per_15_minutes: Annotated[int, whole(1, 10_000)] = 10
    login_failures_before_delay: Annotated[int, whole(1, 100)] = 5
    sessions_per_account: Annotated[int, whole(1, 1_000)] = 20
    staff_second_factor: Annotated[str, one_of("off", "optional", "required")] = "optional"
    reveals_per_day: Annotated[int, whole(0, 100_000)] = 200
    export_days: Annotated[int, whole(1, 365)] = 7
    uploads_per_hour: Annotated[int, whole(1, 100_000)] = 100
    invitation_days: Annotated[int, whole(1, 90)] = 7
    account_requests_per_minute: Annotated[int, whole(0, 10_000_000)] = 1_200
    address_requests_per_minute: Annotated[int, whole(0, 10_000_000)] = 6_000
    web_workers: Annotated[int, whole(1, 64)] = 2
    web_stop_seconds: Annotated[int, whole(1, 600)] = 3
    trusted_proxies: Annotated[int, whole(0, 9)] = 0
    demo: Annotated[bool, switch] = False
    wechat_appid: Annotated[str, programs.APPID] = ""
    wechat_secret: Annotated[str, programs.SECRET] = field(default="", repr=False)
    wechat_api_base: Annotated[str, base_url] = "https://api.weixin.qq.com/"
    public_address: Annotated[str, base_url] = ""
    wechat_program_state: Annotated[str, programs.STATE] = "formal"
    wechat_program_audience: Annotated[str, programs.AUDIENCE] = "both"
    wechat_callback_token: Annotated[str, programs.CALLBACK_TOKEN] = field(default="", repr=False)
    wechat_callback_key: Annotated[str, programs.CALLBACK_KEY] = field(default="", repr=False)
    wechat_programs: Annotated[tuple[Program, ...], programs.programs_file] = ()
    wecom_corp_id: Annotated[str, matching(r"w[wx][0-9a-f]{16}", "ww 加 16 位十六进制数")] = ""
    wecom_agent_id: Annotated[int, whole(1, 10**9)] = 0
    wecom_secret: Annotated[str, matching(r"[!-~]{16,64}", "企业微信应用的 Secret")] = field(
        default="", repr=False
    )
    wecom_api_base: Annotated[str, base_url] = "https://qyapi.weixin.qq.com/"
    wecom_link: Annotated[str, matching(_LINK, "https:// 开头、带 {number} 的地址")] = ""
    sms_api_base: Annotated[str, base_url] = "https://sms.tencentcloudapi.com/"
    sms_region: Annotated[str, matching("[a-z]{2}-[a-z]{3,20}", "地域，如 ap-guangzhou")] = (
        "ap-guangzhou"
    )
    sms_secret_id: Annotated[str, matching(r"[!-~]{16,64}", "服务商的 SecretId")] = field(
        default="", repr=False
    )
    sms_secret_key: Annotated[str, matching(r"[!-~]{16,64}", "服务商的 SecretKey")] = field(
        default="", repr=False
    )
    sms_app_id: Annotated[str, matching("[0-9]{5,16}", "短信应用的 SdkAppId")] = ""
    sms_sign_name: Annotated[str, matching(".{2,20}", "2–20 个字的短信签名")] = ""
    sms_template_supplement: Annotated[str, _TEMPLATE] = ""
    sms_template_result: Annotated[str, _TEMPLATE] = ""
    sms_template_overdue: Annotated[str, _TEMPLATE] = ""
    sms_template_todo: Annotated[str, _TEMPLATE] = ""
    sms_template_rating: Annotated[str, _TEMPLATE] = ""

    @property
    def is_demo(self) -> bool:
        """Whether the demo accounts and the testing routes exist."""
        return self.demo

    @property
    def programs(self) -> tuple[Program, ...]:
        """Every mini-program, the first one first; none where WeChat is off."""
        if not self.wechat_appid:
            return ()
        first = Program(
            appid=self.wechat_appid,
            secret=self.wechat_secret,
            callback_token=self.wechat_callback_token,
            callback_key=self.wechat_callback_key,
            state=self.wechat_program_state,
            audience=self.wechat_program_audience,
        )
        return first, *self.wechat_programs

    @classmethod
    def from_environment(cls, environ: Mapping[str, str]) -> "Settings":
        """Read every variable; raises SettingsError naming all that is missing or bad.

        An empty variable counts as not set.
        """
        values: dict[str, Any] = {}
        faults: dict[str, str] = {}
        hints = get_type_hints(cls, include_extras=True)
        for known in fields(cls):
            try:
                values[known.name] = _read(environ, known, hints[known.name].__metadata__[0])
            except ValueError as fault:
                faults[variable(known.name)] = str(fault)
        faults |= _contradictions(values)
        if faults:
            raise SettingsError(faults)
        return cls(**values)


def variable(name: str) -> str:
    """The environment variable behind a field."""
    return "GUANJIA_HOME" if name == "home" else name.upper()


def _read(environ: Mapping[str, str], known: Field[Any], parse: Any) -> Any:
    text = environ.get(variable(known.name), "").strip()
    if text:
        return parse(text)
    if known.name == "home":
        return DEFAULT_HOME.resolve()
    if known.name == "file_store":
        home = environ.get("GUANJIA_HOME", "").strip()
        return Path(home or DEFAULT_HOME).expanduser().resolve() / "files"
    if known.default is MISSING:
        raise ValueError("没有设置")
    return known.default


def _contradictions(values: Mapping[str, Any]) -> dict[str, str]:
    """What no variable does wrong alone."""
    faults = {}
    if values.get("app_env") == "production" and values.get("demo"):
        faults["DEMO"] = "生产环境（APP_ENV=production）不能启用演示账号和测试接口"
    for together in TOGETHER:
        given = [name for name in together if values.get(name)]
        if 0 < len(given) < len(together):
            faults[", ".join(map(variable, together))] = "须一起设置，或都不设置"
    if others := values.get("wechat_programs"):
        faults |= _beside_the_first(values.get("wechat_appid"), others)
    keys = [values[name] for name in KEYS if name in values]
    if len(set(keys)) < len(keys):
        faults[", ".join(map(variable, KEYS))] = "四把密钥必须各不相同"
    older = values.get("data_keys_old", ())
    if {*keys} & {*older} or len({*older}) < len(older):
        faults["DATA_KEYS_OLD"] = "只列从前的数据密钥，各不相同，不含现用的密钥"
    return faults


def _beside_the_first(appid: str | None, others: tuple[Program, ...]) -> dict[str, str]:
    if appid == "":
        return {"WECHAT_PROGRAMS": "须先设置第一个小程序（WECHAT_APPID）"}
    if appid in {one.appid for one in others}:
        return {"WECHAT_PROGRAMS": "第一个小程序（WECHAT_APPID）不必再写入文件"}
    return {}
