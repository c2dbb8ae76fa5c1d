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
    """The user that ``reference`` means: an id, an address or a name. Raises ``NotFoundError`` for none and several."""
    users = await vasi.store.users()
    for fits in (
        [user for user in users if user.id == reference],
        [user for user in users if user.email and user.email.casefold() == reference.casefold()],
        [user for user in users if user.name.casefold() == reference.casefold()],
    ):
        if len(fits) == 1:
            return fits[0]
        if fits:
            ids = ", ".join(user.id for user in fits)
            raise NotFoundError(f'Several users fit "{reference}": {ids}; give one of these ids.')
    raise NotFoundError(f'There is no user "{reference}"; vasi users list shows them all.')


def in_days(days: int) -> datetime:
    """The moment that is so many days from now."""
    return datetime.now(UTC) + timedelta(days=days)
