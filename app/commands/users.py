"""`flask users …`: accounts and roles from the console, for the first day of an installation."""

import click
from flask.cli import AppGroup

from app import clock
from app.commands.telling import told
from app.db import transaction
from app.domain.actor import Role, system
from services.accounts import grants, leaving, opening
from services.accounts.grants import Grant
from services.accounts.opening import NewAccount
from services.accounts.seats import Place, seat_of
from services.accounts.stored import account_of

users = AppGroup("users", help="账号与角色。")

CONSOLE = system("flask users")
REASON = "控制台"
ROLES = [role.value for role in Role if role is not Role.SYSTEM]
password_option = click.option(
    "--password", prompt="密码", hide_input=True, confirmation_prompt="再输入一次"
)


@users.command("add", help="开设账号。")
@click.argument("login")
@click.option("--name", required=True, help="姓名。")
@click.option("--phone", help="手机号：微信登录凭它找到这个账号。")
@password_option
def add(login: str, name: str, phone: str | None, password: str) -> None:
    """Open an account; `flask users grant` gives it something to do."""
    with told(), transaction():
        account_id = opening.open_account(CONSOLE, NewAccount(login, name, phone))
        opening.set_password(CONSOLE, account_id, password, is_one_time=False)
    click.echo(f"已开设账号 {login}。")


@users.command("grant", help="授予角色。")
@click.argument("login")
@click.argument("role", type=click.Choice(ROLES))
@click.option("--organisation", help="单位名称。")
@click.option("--area", help="12 位区划代码，决定能看到的范围。")
@click.option("--uscc", help="企业的统一社会信用代码（企业角色）。")
@click.option("--phone", help="管家名册中的手机号（管家角色）。")
def grant(login: str, role: str, **place: str | None) -> None:
    """Give an account a membership from now on."""
    with told(), transaction():
        given = Grant(Role(role), seat_of(Place(**place)), REASON)
        grants.grant(CONSOLE, account_of(login), given, at=clock.now())
    click.echo(f"已授予 {login} 角色 {role}。")


@users.command("password", help="重设密码，并结束其全部会话。")
@click.argument("login")
@password_option
def password(login: str, password: str) -> None:
    """Set a new password."""
    with told(), transaction():
        opening.set_password(CONSOLE, account_of(login), password, is_one_time=False)
    click.echo(f"已重设 {login} 的密码。")


@users.command("phone", help="登记或去掉（--remove）手机号；该账号绑定的微信须重新绑定。")
@click.argument("login")
@click.argument("number", required=False)
@click.option("--remove", is_flag=True, help="去掉手机号。")
def phone(login: str, number: str | None, *, remove: bool) -> None:
    """Set or remove the number by which WeChat finds the account."""
    if (number is None) is not remove:
        raise click.UsageError("请给出手机号，或用 --remove 去掉手机号。")
    with told(), transaction():
        opening.set_phone(CONSOLE, account_of(login), number)
    click.echo(f"已{'去掉' if remove else '登记'} {login} 的手机号。")


@users.command("disable", help="停用账号，并结束其全部会话。")
@click.argument("login")
def disable(login: str) -> None:
    """Nobody logs in with it any more."""
    with told(), transaction():
        leaving.disable(CONSOLE, account_of(login), REASON, None, at=clock.now())
    click.echo(f"已停用 {login}。")
