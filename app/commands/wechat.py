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
from services.gateways.wechat_programs import Programs
from services.notifications import circuits, templates

CONSOLE = system("flask wechat")

OF_WHICH = "哪个小程序；不填则为第一个。"

wechat = AppGroup("wechat", help="微信消息的发送。")


@wechat.command("status", help="按小程序列出消息模板的状态和正在熔断的调用。")
def status() -> None:
    """Each mini-program with a line for each template, and one for each open circuit."""
    appids = [one.appid for one in _programs() or ()]
    with transaction():
        known = templates.list_templates(appids)
        resting = circuits.list_open(at=clock.real())
    for appid in dict.fromkeys([*appids, *(circuit.appid for circuit in resting)]):
        click.echo(f"小程序 {appid}")
        for template in (one for one in known if one.appid == appid):
            click.echo(f"{template.title}：{template.state}{_because(template.reason)}")
        for circuit in (one for one in resting if one.appid == appid):
            until = f"{circuit.until:%m-%d %H:%M}"
            click.echo(f"熔断 {circuit.name}，至 {until}{_because(circuit.reason)}")


@wechat.command("resume", help="原因消除后立即恢复：消息模板（给出名称），或全部熔断的调用。")
@click.argument("template", type=click.Choice([each.value for each in Template]), required=False)
@click.option("--appid", help=OF_WHICH)
def resume(template: str | None, appid: str | None) -> None:
    """Let a stopped template be used again, or close every circuit."""
    with told(), transaction():
        if template:
            templates.resume(_chosen(appid).appid, Template(template))
        else:
            circuits.close_all(_chosen(appid).appid if appid else None, at=clock.real())
    click.echo(f"已恢复{template or '全部熔断的调用'}。")


@wechat.command("secret", help="更换小程序的 AppSecret：先向微信核对，再让所有进程改用，不停机。")
@click.option("--secret", prompt="新的 AppSecret", hide_input=True, help="不填则提示输入，不回显。")
@click.option("--appid", help=OF_WHICH)
def secret(secret: str, appid: str | None) -> None:
    """The platform must know it; what waited for it is tried again at once."""
    known = _chosen(appid)
    with told():
        known.check_secret(secret)
        with transaction():
            wechat_credentials.set_secret(CONSOLE, known.appid, secret)
            circuits.close_all(known.appid, at=clock.real())
    click.echo(
        f"微信认可小程序 {known.appid} 的新 AppSecret，所有进程从现在起可用；"
        "请同时更新配置（第一个小程序为 WECHAT_SECRET，其余在 WECHAT_PROGRAMS 的文件中）。"
    )


def _programs() -> Programs | None:
    known: Programs | None = current_app.config["WECHAT"]
    return known


def _chosen(appid: str | None) -> WeChat:
    """The mini-program that is asked for, else the first. Raises `ClickException`."""
    known = _programs()
    if known is None:
        raise click.ClickException("没有配置小程序。")
    chosen = known.of(appid) if appid else known.first
    if chosen is None:
        listed = "、".join(one.appid for one in known)
        raise click.ClickException(f"没有配置这个小程序，已配置的是 {listed}。")
    return chosen


def _because(reason: str | None) -> str:
    return f"（{reason}）" if reason else ""
