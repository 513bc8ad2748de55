"""``citygrid key``: API keys of other systems."""

from typing import TYPE_CHECKING, Annotated
from zoneinfo import ZoneInfo

import typer
from rich.console import Console
from rich.table import Table

from gis.i18n import _

if TYPE_CHECKING:
    from gis.people.api_keys_models import ApiKey


def commands() -> typer.Typer:
    """The group of commands; help is in the language that is set by now."""
    key = typer.Typer(help=_("API keys by which programs come in"), no_args_is_help=True)
    key.command("add", help=_("Make a key and print it, this once"))(add)
    key.command("list", help=_("Keys: whose, what for, last used"))(list_)
    key.command("revoke", help=_("End a key, named by its first characters"))(revoke)
    return key


def add(
    login: Annotated[str, typer.Argument(help="whose key: it may do what this account may / 所属账号")],
    name: Annotated[str, typer.Option(help="what it is for / 用途")],
    scope: Annotated[list[str], typer.Option(help="read, write, open311 / 权限范围")],
    days: Annotated[int | None, typer.Option(help="life in days / 有效天数")] = None,
    per_minute: Annotated[int | None, typer.Option(help="requests a minute / 每分钟请求上限")] = None,
    role: Annotated[
        str | None, typer.Option(help="make the account, without a password, in this role / 新建服务账号")
    ] = None,
    department: Annotated[str | None, typer.Option(help="its department, with --role / 部门代码")] = None,
    area: Annotated[str | None, typer.Option(help="its area, with --role / 区域代码")] = None,
) -> None:
    """The key alone goes to stdout, so that a script can take it."""
    from gis.database import transaction
    from gis.people.api_keys import add_key
    from gis.people.service import add_person

    with transaction() as session:
        if role is not None:
            add_person(session, login, name, None, role, department_code=department, area_code=area)
        _row, key = add_key(session, login, name, scope, days=days, per_minute=per_minute)
    Console(stderr=True, soft_wrap=True).print(_("Keep the key now; it is not shown again"), highlight=False)
    typer.echo(key)


def list_(
    login: Annotated[str | None, typer.Argument(help="of one account only / 仅该账号")] = None,
) -> None:
    from gis.database import transaction
    from gis.people.api_keys import keys
    from gis.settings import get_settings

    zone = get_settings().zone
    table = Table(_("Key"), _("Account"), _("What for"), _("Scopes"), _("Last used"), _("State"), box=None)
    with transaction() as session:
        for key, owner in keys(session, login):
            used = key.last_used_at.astimezone(zone).strftime("%Y-%m-%d %H:%M") if key.last_used_at else "–"
            state = state_of(key, zone)
            table.add_row(f"{key.prefix}…", owner, key.name, ", ".join(key.scopes), used, state)
    Console(soft_wrap=True).print(table)


def state_of(key: "ApiKey", zone: ZoneInfo) -> str:
    """Until when a key is good, or since when no more, in words."""
    ended = key.revoked_at or key.expires_at
    if ended is None:
        return _("good")
    words = _("revoked {day}") if key.revoked_at else _("until {day}")
    return words.format(day=ended.astimezone(zone).date())


def revoke(
    prefix: Annotated[str, typer.Argument(help="first characters of the key / 密钥前缀")],
) -> None:
    from gis.database import transaction
    from gis.people.api_keys import revoke_key

    with transaction() as session:
        key = revoke_key(session, prefix)
    Console(soft_wrap=True).print(
        _("{prefix} is revoked: {name}").format(prefix=key.prefix, name=key.name),
        highlight=False,
        markup=False,
    )
