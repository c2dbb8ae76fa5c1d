"""``vasi keys``: personal keys for programs."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, Annotated, TypeAlias

import typer

from vasi.cli.accounts import MOST_DAYS, in_days, the_user, with_accounts
from vasi.cli.command import Command
from vasi.cli.options import Config, Data, Json, Set

if TYPE_CHECKING:
    from vasi.accounts.principals import Principal
    from vasi.app import Vasi
    from vasi.storage.accounts import ApiKey

_User: TypeAlias = Annotated[
    str | None,
    typer.Option(
        metavar="USER",
        help="Whose: a user's id (vasi users list); needed where people sign in by name.",
    ),
]


class Scope(StrEnum):
    """What a key allows."""

    REALTIME = "realtime"
    READ = "read"
    WRITE = "write"
    ADMIN = "admin"


keys = typer.Typer(no_args_is_help=True)


@keys.callback()
def about() -> None:
    """Make, list and remove personal keys for programs.

    For example:

    [dim]vasi keys make phone --scope realtime --days 90[/dim]
    [dim]vasi keys list[/dim]
    """


@keys.command(cls=Command)
def make(
    name: Annotated[str, typer.Argument(metavar="NAME", help="What you call it, to recognise it by.")],
    scope: Annotated[
        list[Scope] | None,
        typer.Option(metavar="SCOPE", help="What it allows: realtime, read, write, admin; may be repeated."),
    ] = None,
    days: Annotated[
        int | None, typer.Option(metavar="DAYS", min=1, max=MOST_DAYS, help="Days until it ends; it lasts unless set.")
    ] = None,
    user: _User = None,
    data: Data = None,
    config: Config = None,
    assignments: Set = None,
) -> None:
    """Make a key; it's shown this once. It allows realtime, read and write unless told otherwise.

    For example:

    [dim]vasi keys make phone --scope realtime[/dim]
    """
    from vasi.cli.terminal import one_line, stderr

    scopes = [one.value for one in scope or (Scope.REALTIME, Scope.READ, Scope.WRITE)]
    expires_at = None if days is None else in_days(days)

    async def made(vasi: Vasi) -> tuple[str, ApiKey]:
        return await vasi.accounts.keys.make(await _holder(vasi, user), name, scopes, expires_at)

    value, key = with_accounts(made, data, config, assignments)
    print(value)
    stderr().print(one_line(f"Made the key {key.id} ({key.name}): {', '.join(key.scopes)}. It isn't shown again."))


@keys.command("list", cls=Command)
def show(
    user: _User = None, json: Json = False, data: Data = None, config: Config = None, assignments: Set = None
) -> None:
    """List the keys of a user, oldest first.

    For example:

    [dim]vasi keys list --user user_3f9c0a71[/dim]
    """
    from vasi.cli.terminal import print_json, print_table, stderr

    async def listed(vasi: Vasi) -> list[ApiKey]:
        return await vasi.store.keys((await _holder(vasi, user)).owner)

    found = with_accounts(listed, data, config, assignments)
    if json:
        import msgspec

        print_json(msgspec.to_builtins(found))
        return
    if not found:
        stderr().print("No keys yet; make one with: vasi keys make NAME")
        return
    rows = [
        (
            key.id,
            key.name,
            key.hint,
            " ".join(key.scopes),
            "never" if key.expires_at is None else f"{key.expires_at.astimezone():%Y-%m-%d %H:%M}",
            "never" if key.used_at is None else f"{key.used_at.astimezone():%Y-%m-%d %H:%M}",
        )
        for key in found
    ]
    print_table(("Id", "Name", "Key", "Allows", "Ends", "Last used"), rows)


@keys.command(cls=Command)
def remove(
    key: Annotated[str, typer.Argument(metavar="KEY", help="Its id, or its name if no other has it.")],
    user: _User = None,
    data: Data = None,
    config: Config = None,
    assignments: Set = None,
) -> None:
    """Remove a key. What it has open on running servers ends within seconds.

    For example:

    [dim]vasi keys remove phone[/dim]
    """
    from vasi.cli.terminal import one_line, stdout
    from vasi.errors import NotFoundError

    async def removed(vasi: Vasi) -> ApiKey:
        owner = (await _holder(vasi, user)).owner
        known = await vasi.store.keys(owner)
        fits = [one for one in known if one.id == key] or [one for one in known if one.name == key]
        if len(fits) != 1:
            many = f'Several keys are called "{key}": ' + ", ".join(one.id for one in fits)
            raise NotFoundError(many if fits else f'There is no key "{key}"; vasi keys list shows them all.')
        await vasi.accounts.keys.remove(owner, fits[0].id, actor="")
        return fits[0]

    gone = with_accounts(removed, data, config, assignments)
    stdout().print(one_line(f"Removed the key {gone.id} ({gone.name})."))


async def _holder(vasi: Vasi, reference: str | None) -> Principal:
    from vasi.accounts.browser_sessions import principal_of
    from vasi.accounts.principals import LOCAL
    from vasi.errors import ConfigError

    if reference is not None:
        return principal_of(await the_user(vasi, reference))
    if not vasi.accounts.has_local_user:
        raise ConfigError("Whose key? Name a user with --user; vasi users list shows them all.")
    return LOCAL
