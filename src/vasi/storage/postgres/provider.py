"""The PostgreSQL store among those that can be chosen; its driver is loaded when it is."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from vasi.config import Settings
from vasi.errors import ConfigError
from vasi.storage.choice import StoreProvider, StoreReport
from vasi.storage.terms import Analyser

if TYPE_CHECKING:
    from vasi.storage.postgres.store import PostgresStore


def _make(settings: Settings, analyser: Analyser, changed: Callable[[], None]) -> PostgresStore:
    _require_driver()
    from vasi.storage.postgres.address import parse_address
    from vasi.storage.postgres.store import PostgresStore

    return PostgresStore(parse_address(settings.store), analyser, changed=changed)


async def _examine(settings: Settings) -> StoreReport:
    _require_driver()
    from vasi.storage.postgres.address import parse_address
    from vasi.storage.postgres.report import examine

    return await examine(parse_address(settings.store))


def _require_driver() -> None:
    try:
        import asyncpg as _  # noqa: F401
    except ImportError:
        raise ConfigError("A PostgreSQL store needs a driver: pip install 'vasi[postgres]'.", param="store") from None


PROVIDER = StoreProvider("postgresql", _make, schemes=("postgresql", "postgres"), examine=_examine)
