"""The SQLite store among those that can be chosen."""

from __future__ import annotations

from vasi.storage.choice import StoreProvider
from vasi.storage.sqlite.store import SqliteStore

PROVIDER = StoreProvider("sqlite", lambda settings, changed: SqliteStore(settings.database, changed=changed))
