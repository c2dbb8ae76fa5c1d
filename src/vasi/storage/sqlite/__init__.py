"""One SQLite file: WAL, FTS5 for words and sounds, numpy for vectors; nothing beyond the standard library's sqlite3."""

from vasi.storage.sqlite.store import SqliteStore

__all__ = ["SqliteStore"]
