"""`flask prepare`: migrate and load what a start needs, in one process. Safe to repeat."""

import json

import click
import sqlalchemy as sa
from flask import current_app
from flask_migrate import upgrade
from sqlalchemy.exc import OperationalError

from app.commands.seed_demo import seed_demo
from app.db import db, transaction
from app.models.account import Account
from app.seed import reference
from services.search.fill import FILLS


@click.command()
@click.option("--demo", "with_demo", is_flag=True, help="也载入演示城市")
@click.option("--json", "as_json", is_flag=True, help="最后一行以 JSON 输出演示账号")
@click.pass_context
def prepare(context: click.Context, *, with_demo: bool, as_json: bool) -> None:
    """迁移数据库，载入基础资料；--demo 时也载入演示城市。"""
    _report("检查并迁移数据库……")
    try:
        upgrade()
    except OperationalError as fault:
        raise click.ClickException(f"数据库连接不上或不可用：{fault.orig}") from fault
    if current_app.config["SETTINGS"].app_env == "production":
        _refuse_demo_accounts()
    _report("载入区划、工作日历、时限标准和诉求类别……")
    with transaction():
        reference.load()
    _report("补齐检索词……")
    _fill_search()
    if with_demo:
        _report("载入演示城市……")
        context.invoke(seed_demo, as_json=as_json)
    elif as_json:
        click.echo(json.dumps([]))


def _refuse_demo_accounts() -> None:
    """Nobody in particular answers for what is done with them."""
    count = db.session.scalar(sa.select(sa.func.count()).where(Account.is_demo))
    if count:
        raise click.ClickException(f"数据库里有 {count} 个演示账号，生产环境不能使用这个数据库。")


def _fill_search() -> None:
    """A transaction for each batch, so that who breaks off goes on there."""
    for fill in FILLS:
        last: int | None = 0
        while last is not None:
            with transaction():
                last = fill(last)


def _report(step: str) -> None:
    click.echo(step, err=True)
