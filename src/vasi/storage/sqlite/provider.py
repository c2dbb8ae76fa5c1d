"""The SQLite store among those that can be chosen."""

from __future__ import annotations

from collections.abc import Callable

from vasi.config import Settings
from vasi.storage.choice import StoreProvider
from vasi.storage.sqlite.store import SqliteStore
from vasi.storage.terms import Analyser


def _make(settings: Settings, analyser: Analyser, changed: Callable[[], None]) -> SqliteStore:
    return SqliteStore(settings.database, analyser, changed=changed)


PROVIDER = StoreProvider("sqlite", _make)
