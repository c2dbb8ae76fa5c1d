"""What the commands about users and keys share: the opened accounts, and whom a reference means."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from vasi.cli.options import load_settings
from vasi.cli.running import run
from vasi.errors import NotFoundError

if TYPE_CHECKING:
    from vasi.app import Vasi
    from vasi.storage.accounts import User

Result = TypeVar("Result")


def with_accounts(
    work: Callable[[Vasi], Awaitable[Result]], data: Path | None, config: Path | None, assignments: list[str] | None
) -> Result:
    """``work`` on an opened vasi without engines. Raises ``VasiError``."""
    settings = load_settings(data, config, assignments)

    async def opened() -> Result:
        from vasi.app import Vasi

        async with Vasi.open(settings, engines=False) as vasi:
            return await work(vasi)

    return run(opened())


async def the_user(vasi: Vasi, reference: str) -> User:
    """The user whose id is ``reference``. Names and addresses are what people say of themselves, and mean nobody.

    Raises:
        NotFoundError: there is none; it says the ids of those who call themselves so.
    """
    users = await vasi.store.users()
    for user in users:
        if user.id == reference:
            return user
    wanted = reference.casefold()
    alike = [user for user in users if wanted in (user.email.casefold(), user.name.casefold())]
    if alike:
        shown = "; ".join(f"{user.id} ({user.name}, {user.email or 'no address'})" for user in alike[:10])
        raise NotFoundError(f'"{reference}" is what people say of themselves; give the id of whom you mean: {shown}.')
    raise NotFoundError(f'There is no user "{reference}"; vasi users list shows them all.')


MOST_DAYS = 36_500
"""A hundred years."""


def in_days(days: int) -> datetime:
    """The moment that is so many days from now."""
    return datetime.now(UTC) + timedelta(days=days)
