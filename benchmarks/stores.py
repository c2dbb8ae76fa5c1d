"""The stores that can be measured: the built-in one, and one on a PostgreSQL server that is started for it."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Literal, TypeAlias

from tests.postgres_server import database_of, shared_server
from vasi.storage.postgres.address import parse_address
from vasi.storage.postgres.store import PostgresStore
from vasi.storage.sqlite import SqliteStore
from vasi.storage.terms import Analyser

Kind: TypeAlias = Literal["sqlite", "postgresql"]
KINDS: tuple[Kind, ...] = ("sqlite", "postgresql")


def make(kind: Kind, path: Path, analyser: Analyser) -> SqliteStore | PostgresStore:
    """The store that belongs to ``path``, not open yet: the same path gives the same rows again."""
    if kind == "sqlite":
        return SqliteStore(path, analyser)
    return PostgresStore(parse_address(shared_server().database(database_of(path))), analyser)


def megabytes(kind: Kind, path: Path) -> float:
    """What the store of ``path`` needs on disk."""
    if kind == "sqlite":
        return path.stat().st_size / 1e6
    name = database_of(path)
    return int(shared_server().sql(f"SELECT pg_database_size('{name}')")) / 1e6


def add_option(parser: ArgumentParser) -> None:
    parser.add_argument("--store", choices=KINDS, default="sqlite", help="which store to measure")
