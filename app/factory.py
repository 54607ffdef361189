"""create_app: the one file that knows all parts."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from flask import Flask, g, request
from flask.typing import ResponseReturnValue
from flask_migrate import Migrate
from werkzeug.middleware.proxy_fix import ProxyFix

from app import sealing, statements
from app.api import documentation, gate, problems, request_log, requests
from app.api.openapi import OPENAPI, DocumentedApi
from app.api.routes import RESOURCES, TESTING_RESOURCES
from app.commands import COMMANDS
from app.db import db, engine_options, transaction
from app.domain.fallbacks import TextForm
from app.domain.retention import Term, Terms
from app.sealing import Ring, Sealer
from config.programs import Program
from config.settings import Settings
from services.accounts.terms import Lifetimes
from services.gateways.sms import TextAccount, Texts
from services.gateways.wechat import MiniProgram, WeChat
from services.gateways.wechat_programs import Programs
from services.gateways.wecom import WeCom, WeComApp
from services.wechat_credentials import StoredCredentials


class Guanjia(Flask):
    """企业管家. Each request is one transaction, committed here once, or not at all."""

    def dispatch_request(self) -> ResponseReturnValue:
        with transaction():
            return super().dispatch_request()

    def ensure_sync(self, func: Callable[..., Any]) -> Callable[..., Any]:
        """Nothing here is asynchronous, which Flask would look into a dozen times a request."""
        return func

    def log_exception(self, exc_info: Any) -> None:
        """A fault of ours: which request, which route; an address may hold what is private."""
        place = {"request_id": g.get("request_id"), "route": str(request.url_rule)}
        self.logger.error("unexpected error", exc_info=exc_info, extra=place)


def create_app(settings: Settings) -> Flask:
    """The application, wired from its settings."""
    app = Guanjia("app", static_folder=None)
    app.config.from_mapping(_configuration(settings))
    if settings.trusted_proxies:
        behind = ProxyFix(app.wsgi_app, x_for=settings.trusted_proxies, x_proto=0, x_host=0)
        app.wsgi_app = behind  # type: ignore[method-assign]  # the way Flask documents
    sealing.configure(Sealer(_ring(settings)))
    db.init_app(app)
    Migrate(app, db, directory="migrations")
    _watch(app, settings.slow_query_ms)
    problems.register(app)
    requests.register(app)
    gate.register(app)
    api = DocumentedApi(app)
    for blueprint in RESOURCES:
        api.register_blueprint(blueprint)
    if settings.is_demo:
        for blueprint in TESTING_RESOURCES:
            api.register_blueprint(blueprint)
    app.register_blueprint(documentation.blueprint)
    for command in COMMANDS:
        app.cli.add_command(command)
    return app


def _ring(settings: Settings) -> Ring:
    return Ring(
        settings.data_key, settings.lookup_key, settings.data_keys_old, method=settings.sealing
    )


def _watch(app: Flask, slow_ms: int) -> None:
    request_log.register(app, slow_ms)
    with app.app_context():
        statements.watch(db.engines.values(), slow_ms)


def _configuration(settings: Settings) -> dict[str, Any]:
    return {
        **OPENAPI,
        **engine_options(settings.database_url),
        "SETTINGS": settings,
        "WECHAT": _wechat(settings),
        "WECOM": _wecom(settings),
        "TEXTS": _texts(settings),
        "MAX_CONTENT_LENGTH": settings.max_upload_bytes,
        "RETENTION": _terms(settings),
        "BUSINESS_CLOCK_MOVES": settings.app_env != "production",
        "LIFETIMES": Lifetimes(
            staff_idle=timedelta(minutes=settings.staff_idle_minutes),
            staff_absolute=timedelta(hours=settings.staff_absolute_hours),
            phone_idle=timedelta(days=settings.phone_idle_days),
            phone_absolute=timedelta(days=settings.phone_absolute_days),
        ),
    }


def _terms(settings: Settings) -> Terms:
    days = {
        Term.TICKETS: settings.ticket_keep_days,
        Term.RECORDS: settings.record_keep_days,
        Term.IMPORTS: settings.import_keep_days,
        Term.SESSIONS: settings.session_keep_days,
    }
    return {term: timedelta(days=count) for term, count in days.items()}


def _wechat(settings: Settings) -> Programs | None:
    """The way to the platform of each mini-program; None where none is configured."""
    if not settings.programs:
        return None
    return Programs(*(_program(settings.wechat_api_base, one) for one in settings.programs))


def _program(api_base: str, configured: Program) -> WeChat:
    program = MiniProgram(
        appid=configured.appid,
        secret=configured.secret,
        api_base=api_base,
        state=configured.state,
        audience=configured.audience,
    )
    return WeChat(program, StoredCredentials(configured.appid))


def _wecom(settings: Settings) -> WeCom | None:
    """The way to WeCom; None where no application is configured."""
    if not settings.wecom_corp_id:
        return None
    application = WeComApp(
        corp_id=settings.wecom_corp_id,
        agent_id=settings.wecom_agent_id,
        secret=settings.wecom_secret,
        api_base=settings.wecom_api_base,
        link=settings.wecom_link,
    )
    return WeCom(application, StoredCredentials(application.name))


def _text_template(settings: Settings, form: TextForm) -> str:
    registered: str = getattr(settings, f"sms_template_{form}")
    return registered


def _texts(settings: Settings) -> Texts | None:
    """The way to the provider of short messages; None where none is configured."""
    if not settings.sms_secret_id:
        return None
    account = TextAccount(
        api_base=settings.sms_api_base,
        region=settings.sms_region,
        secret_id=settings.sms_secret_id,
        secret_key=settings.sms_secret_key,
        app_id=settings.sms_app_id,
        sign_name=settings.sms_sign_name,
        templates={form: known for form in TextForm if (known := _text_template(settings, form))},
    )
    return Texts(account)
