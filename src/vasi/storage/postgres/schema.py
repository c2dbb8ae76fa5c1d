"""The tables, as numbered migrations, each run under one lock for all who open the database.

A migration that was released is never changed: a new one follows it.

What is written in one go, a document or a note, is one *segment* of the index: its passages, numbered from 0, and for
each of its terms one row of ``postings`` that says in which of these it stands and how often. Segments are never
changed, only added and removed, so that nobody waits for others to write into the same list. A passage's id is made of
the numbers of segment and passage.

Every table with rows of owners has a policy: a transaction sees the rows of those owners alone that ``vasi.owners``
names (JSON, or ``*`` for upkeep), whatever its statements ask for. That holds for the tables' owner too.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from vasi.errors import StoreError
from vasi.storage.postgres.account_tables import ACCOUNTS
from vasi.storage.postgres.database import SCHEMA, Transaction
from vasi.storage.postgres.tables import CONTENT

if TYPE_CHECKING:
    from vasi.storage.postgres.address import Address

OLDEST_SERVER = 160_000
"""PostgreSQL 16."""
OLDEST_VECTOR = (0, 8)
"""pgvector whose indexes go on until enough was found."""
_LOCK = 0x76617369
"""Of the advisory lock under which migrations run."""

MIGRATIONS: tuple[tuple[str, ...], ...] = ((*CONTENT, *ACCOUNTS),)
VERSION = len(MIGRATIONS)


async def migrate(db: Transaction, address: Address, to: int = VERSION) -> None:
    """Bring the database to version ``to``, in the transaction of the caller.

    Raises:
        StoreError: the server or its pgvector is too old, the schema is somebody else's, or of a newer vasi.
    """
    await lock(db)
    before = await version(db, address)
    if before >= to:
        return
    await _require_server(db, address)
    await db.execute(f"CREATE SCHEMA IF NOT EXISTS {SCHEMA}")
    place = await _vector_schema(db, address)
    await db.execute(f"SET LOCAL search_path = {SCHEMA}, {place}, pg_temp")
    for statements in MIGRATIONS[before:to]:
        for statement in statements:
            await db.execute(statement)
    await db.execute("INSERT INTO settings VALUES ('version', $1) ON CONFLICT (name) DO UPDATE SET value = $1", str(to))


async def lock(db: Transaction) -> None:
    """Wait until nobody else changes tables or all terms; until the end of the transaction."""
    await db.fetch(f"SELECT pg_advisory_xact_lock({_LOCK})")


async def version(db: Transaction, address: Address) -> int:
    """The number of the last migration of this database; 0 if there was none.

    Raises:
        StoreError: the schema is somebody else's, or of a newer vasi.
    """
    if await db.value("SELECT to_regnamespace($1)", SCHEMA) is None:
        return 0
    if await db.value("SELECT to_regclass($1)", f"{SCHEMA}.settings") is None:
        if await db.value("SELECT EXISTS (SELECT FROM pg_class WHERE relnamespace = to_regnamespace($1))", SCHEMA):
            raise StoreError(
                f"The database has a schema {SCHEMA} of another program: choose another database.", place=address.shown
            )
        return 0
    found = int(await db.value(f"SELECT value FROM {SCHEMA}.settings WHERE name = 'version'") or 0)  # noqa: S608
    if found > VERSION:
        raise StoreError(
            f"The database was written by a newer vasi (format {found}, this one knows {VERSION}): "
            "update vasi, or choose another database.",
            place=address.shown,
        )
    return found


async def lacking(db: Transaction, address: Address) -> list[str]:
    """What a database without tables lacks to get them, each with the remedy."""
    found: list[str] = []
    for require in (_require_server, _require_vector):
        try:
            await require(db, address)
        except StoreError as error:
            found.append(error.message)
    return found


async def _require_server(db: Transaction, address: Address) -> None:
    number = int(await db.value("SELECT current_setting('server_version_num')"))
    if number < OLDEST_SERVER:
        raise StoreError(
            f"The server is PostgreSQL {number // 10_000}; vasi needs {OLDEST_SERVER // 10_000} or newer.",
            place=address.shown,
        )
    if await db.value("SELECT pg_encoding_to_char(encoding) FROM pg_database WHERE datname = current_database()") != (
        "UTF8"
    ):
        raise StoreError("The database isn't in UTF8: make one with that encoding.", place=address.shown)


_VECTOR = (
    "SELECT extversion, quote_ident(nspname) FROM pg_extension JOIN pg_namespace n ON n.oid = extnamespace"
    " WHERE extname = 'vector'"
)


async def _require_vector(db: Transaction, address: Address) -> None:
    """That pgvector is there and new enough, or can be made."""
    found = await db.row(_VECTOR)
    if found is not None:
        if tuple(int(part) for part in found[0].split(".")[:2]) < OLDEST_VECTOR:
            raise StoreError(
                f"The database has pgvector {found[0]}; vasi needs {'.'.join(map(str, OLDEST_VECTOR))} or newer: "
                "update it, then run ALTER EXTENSION vector UPDATE.",
                place=address.shown,
            )
        return
    if not await db.value("SELECT EXISTS (SELECT FROM pg_available_extensions WHERE name = 'vector')"):
        raise StoreError(
            "The server lacks pgvector: install it there (Debian has postgresql-17-pgvector and the like).",
            place=address.shown,
        )
    if not await db.value(
        "SELECT rolsuper OR (SELECT trusted FROM pg_available_extension_versions WHERE name = 'vector' LIMIT 1)"
        " FROM pg_roles WHERE rolname = current_user"
    ):
        raise StoreError(
            "pgvector isn't in this database yet: let an administrator run CREATE EXTENSION vector in it.",
            place=address.shown,
        )


async def _vector_schema(db: Transaction, address: Address) -> str:
    """Where pgvector is; made if need be."""
    await _require_vector(db, address)
    await db.execute("CREATE EXTENSION IF NOT EXISTS vector SCHEMA public")
    found = await db.row(_VECTOR)
    if found is None:
        raise AssertionError("An extension that was made is there.")
    return found[1]
