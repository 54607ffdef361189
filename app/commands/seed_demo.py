"""`flask seed-demo`: the demo city with accounts of every role. Safe to repeat."""

import json
from dataclasses import asdict

import click
from flask import current_app

from app.db import transaction
from app.seed import demo_accounts, demo_city


@click.command("seed-demo")
@click.option("--json", "as_json", is_flag=True, help="最后一行以 JSON 输出演示账号")
def seed_demo(*, as_json: bool) -> None:
    """载入演示城市鞍山：单位、登记表、各角色的账号。不能用于生产环境。"""
    if current_app.config["SETTINGS"].app_env == "production":
        raise click.ClickException("生产环境不能有演示账号。")
    with transaction():
        demo_city.load()
        accounts = [asdict(account) for account in demo_accounts.load()]
    if as_json:
        click.echo(json.dumps(accounts, ensure_ascii=False))
        return
    click.echo(f"演示账号 {len(accounts)} 个，口令都是 {demo_accounts.demo_password()}")
    for account in accounts:
        click.echo(f"  {account['login']}\t{account['role']}\t{account['name']}")
