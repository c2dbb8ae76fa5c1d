"""``vasi users``: accounts, for whoever runs the server."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, Annotated, Literal, TypeAlias

import typer

from vasi.cli.accounts import MOST_DAYS, in_days, the_user, with_accounts
from vasi.cli.command import Command
from vasi.cli.options import Config, Data, Json, Set

if TYPE_CHECKING:
    from pathlib import Path

    from vasi.accounts.administration import Administrator
    from vasi.app import Vasi
    from vasi.storage.accounts import Invitation, User, UserChanges
    from vasi.storage.spending import Spent

_User: TypeAlias = Annotated[str, typer.Argument(metavar="USER", help="Its id, as vasi users list shows it.")]


class Role(StrEnum):
    """What a user may do."""

    USER = "user"
    ADMINISTRATOR = "administrator"


users = typer.Typer(no_args_is_help=True)


@users.callback()
def about() -> None:
    """List, invite, limit, disable and remove users; give one of them what was kept before people signed in.

    For example:

    [dim]vasi users list[/dim]
    [dim]vasi users adopt user_3f9c0a71[/dim]
    """


@users.command("list", cls=Command)
def show(json: Json = False, data: Data = None, config: Config = None, assignments: Set = None) -> None:
    """List users with what they have used today.

    For example:

    [dim]vasi users list[/dim]
    """
    from datetime import UTC, datetime

    from vasi.cli.terminal import print_json, print_table, stderr

    async def listed(vasi: Vasi) -> list[tuple[User, Spent]]:
        today = datetime.now(UTC).date()
        return [(user, await vasi.store.spent(user.id, today)) for user in await vasi.store.users()]

    found = with_accounts(listed, data, config, assignments)
    if json:
        import msgspec

        print_json([{**msgspec.to_builtins(user), "spent_today": msgspec.to_builtins(spent)} for user, spent in found])
        return
    if not found:
        stderr().print("No users yet: an account is made when somebody signs in for the first time.")
        return
    rows = [
        (
            user.id,
            user.name,
            user.email,
            "disabled" if user.disabled else user.role,
            " ".join(user.groups),
            "never" if user.seen_at is None else f"{user.seen_at.astimezone():%Y-%m-%d %H:%M}",
            f"{spent.tokens} tokens, {spent.seconds / 60:.0f} min",
        )
        for user, spent in found
    ]
    print_table(("Id", "Name", "E-mail", "Role", "Groups", "Signed in", "Today"), rows)


@users.command(cls=Command)
def invite(
    email: Annotated[
        str,
        typer.Argument(metavar="[EMAIL]", help="Only who has this verified address; else any one person."),
    ] = "",
    role: Annotated[Role, typer.Option(metavar="ROLE", help="user or administrator.")] = Role.USER,
    group: Annotated[
        list[str] | None, typer.Option(metavar="GROUP", help="A group that they are in; may be repeated.")
    ] = None,
    days: Annotated[int, typer.Option(metavar="DAYS", min=1, max=MOST_DAYS, help="Days until the link ends.")] = 7,
    data: Data = None,
    config: Config = None,
    assignments: Set = None,
) -> None:
    """Make a link that lets one person in, whoever else may sign in.

    For example:

    [dim]vasi users invite ann@example.com --group staff[/dim]
    """
    from vasi.cli.terminal import stderr
    from vasi.errors import ConfigError

    async def invited(vasi: Vasi) -> tuple[str, Invitation]:
        if vasi.accounts.mode != "oidc":
            raise ConfigError("People are invited where they sign in with a provider; see the setting 'auth.mode'.")
        secret, invitation = await vasi.accounts.administration.invite(
            email, _role(role), group or (), in_days(days), _nobody()
        )
        return f"{_address(vasi)}/sign-in?invitation={secret}", invitation

    url, invitation = with_accounts(invited, data, config, assignments)
    print(url)
    stderr().print(f"Invitation {invitation.id}; the link isn't shown again.")


@users.command(cls=Command)
def disable(user: _User, data: Data = None, config: Config = None, assignments: Set = None) -> None:
    """Lock a user out; what they have open on running servers ends within seconds.

    For example:

    [dim]vasi users disable user_3f9c0a71[/dim]
    """
    from vasi.storage.accounts import UserChanges

    _change(user, UserChanges(disabled=True), "{} is disabled.", data, config, assignments)


@users.command(cls=Command)
def enable(user: _User, data: Data = None, config: Config = None, assignments: Set = None) -> None:
    """Let a disabled user in again.

    For example:

    [dim]vasi users enable user_3f9c0a71[/dim]
    """
    from vasi.storage.accounts import UserChanges

    _change(user, UserChanges(disabled=False), "{} may sign in again.", data, config, assignments)


@users.command(cls=Command)
def role(
    user: _User,
    new_role: Annotated[Role, typer.Argument(metavar="ROLE", help="user or administrator.")],
    data: Data = None,
    config: Config = None,
    assignments: Set = None,
) -> None:
    """Say whether a user administers the server.

    For example:

    [dim]vasi users role user_3f9c0a71 administrator[/dim]
    """
    from vasi.storage.accounts import UserChanges

    done = f"{{}} has the role {new_role.value}."
    _change(user, UserChanges(role=_role(new_role)), done, data, config, assignments)


@users.command(cls=Command)
def limits(
    user: _User,
    tokens: Annotated[
        int | None,
        typer.Option(metavar="TOKENS", min=0, max=10**12, help="Tokens a day; else as the settings say."),
    ] = None,
    minutes: Annotated[
        int | None,
        typer.Option(metavar="MINUTES", min=0, max=100_000, help="Minutes a day; else as the settings say."),
    ] = None,
    data: Data = None,
    config: Config = None,
    assignments: Set = None,
) -> None:
    """Set what a user may use a day; without options, what the settings allow everybody.

    For example:

    [dim]vasi users limits user_3f9c0a71 --minutes 30[/dim]
    """
    from vasi.storage.accounts import UserChanges, UserLimits

    changes = UserChanges(limits=UserLimits(tokens, minutes))
    _change(user, changes, "{} has these limits from now on.", data, config, assignments)


@users.command(cls=Command)
def remove(
    user: _User,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Don't ask.")] = False,
    data: Data = None,
    config: Config = None,
    assignments: Set = None,
) -> None:
    """Remove an account with all documents, notes and conversations of it. Nothing of it comes back.

    For example:

    [dim]vasi users remove user_3f9c0a71[/dim]
    """
    from vasi.cli.terminal import one_line, stdout

    found = with_accounts(lambda vasi: the_user(vasi, user), data, config, assignments)
    name = found.name or found.id
    if not yes:
        typer.confirm(one_line(f"Remove {name} ({found.id}) with everything?"), abort=True, err=True)

    async def removed(vasi: Vasi) -> None:
        await vasi.accounts.administration.remove(found.id, _nobody(), vasi.removal.remove)

    with_accounts(removed, data, config, assignments)
    stdout().print(one_line(f"Removed {name} with everything."))


@users.command(cls=Command)
def adopt(user: _User, data: Data = None, config: Config = None, assignments: Set = None) -> None:
    """Give a user the documents, notes and conversations that were kept before people signed in.

    Stop the server first: what it has in memory belongs to the former owner.

    For example:

    [dim]vasi users adopt user_3f9c0a71[/dim]
    """
    from vasi.cli.terminal import one_line, stdout

    async def adopted(vasi: Vasi) -> User:
        found = await the_user(vasi, user)
        await vasi.adopt(found.id)
        return found

    found = with_accounts(adopted, data, config, assignments)
    stdout().print(one_line(f"Everything belongs to {found.name or found.id} now."))


def _change(
    reference: str,
    changes: UserChanges,
    done: str,
    data: Path | None,
    config: Path | None,
    assignments: list[str] | None,
) -> None:
    from vasi.cli.terminal import one_line, stdout

    async def changed(vasi: Vasi) -> User:
        user = await the_user(vasi, reference)
        return await vasi.accounts.administration.change(user.id, changes, _nobody())

    user = with_accounts(changed, data, config, assignments)
    stdout().print(one_line(done.format(user.name or user.id)))


def _nobody() -> Administrator:
    """Whoever has the command line is no user."""
    from vasi.accounts.administration import Administrator

    return Administrator()


def _role(role: Role) -> Literal["user", "administrator"]:
    return "administrator" if role is Role.ADMINISTRATOR else "user"


def _address(vasi: Vasi) -> str:
    """Under which browsers reach the server, as far as the settings say."""
    settings = vasi.settings
    if settings.auth.public_url is not None:
        return settings.auth.public_url
    name = settings.hosts[0] if settings.hosts else settings.host
    shown = f"[{name}]" if ":" in name else name
    secure = settings.tls or settings.tls_cert is not None
    return f"http{'s' if secure else ''}://{shown}:{settings.port}"
