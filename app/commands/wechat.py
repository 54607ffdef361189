"""`flask wechat …`: what keeps messages from the phones, trying again, and a new AppSecret."""

import click
from flask import current_app
from flask.cli import AppGroup

from app import clock
from app.commands.telling import told
from app.db import transaction
from app.domain.actor import system
from app.domain.phone_forms import Template
from services import wechat_credentials
from services.gateways.wechat import WeChat
from services.notifications import circuits, templates

CONSOLE = system("flask wechat")

wechat = AppGroup("wechat", help="微信消息的发送。")


@wechat.command("status", help="列出消息模板的状态和正在熔断的调用。")
def status() -> None:
    """One line for each template, and one for each open circuit."""
    with transaction():
        known = templates.list_templates()
        resting = circuits.list_open(at=clock.real())
    for template in known:
        click.echo(f"{template.title}：{template.state}{_because(template.reason)}")
    for circuit in resting:
        click.echo(f"熔断 {circuit.name}，至 {circuit.until:%m-%d %H:%M}{_because(circuit.reason)}")


@wechat.command("resume", help="原因消除后立即恢复：消息模板（给出名称），或全部熔断的调用。")
@click.argument("template", type=click.Choice([each.value for each in Template]), required=False)
def resume(template: str | None) -> None:
    """Let a stopped template be used again, or close every circuit."""
    with told(), transaction():
        if template:
            templates.resume(Template(template))
        else:
            circuits.close_all(at=clock.real())
    click.echo(f"已恢复{template or '全部熔断的调用'}。")


@wechat.command("secret", help="更换小程序的 AppSecret：先向微信核对，再让所有进程改用，不停机。")
@click.option("--secret", prompt="新的 AppSecret", hide_input=True, help="不填则提示输入，不回显。")
def secret(secret: str) -> None:
    """The platform must know it; what waited for it is tried again at once."""
    known: WeChat | None = current_app.config["WECHAT"]
    if known is None:
        raise click.ClickException("没有配置小程序。")
    with told():
        known.check_secret(secret)
        with transaction():
            wechat_credentials.set_secret(CONSOLE, known.appid, secret)
            circuits.close_all(at=clock.real())
    click.echo("微信认可新的 AppSecret，所有进程从现在起可用；请同时更新配置中的 WECHAT_SECRET。")


def _because(reason: str | None) -> str:
    return f"（{reason}）" if reason else ""
