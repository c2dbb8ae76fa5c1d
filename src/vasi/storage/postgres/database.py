"""Connections, and transactions that see the rows of some owners alone.

Nothing is kept in a session of the server: what a transaction needs is set with ``SET LOCAL``, prepared statements are
used only where no pooler is in between, and no lock outlives a transaction. So PgBouncer may pool by transaction.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import logging
import threading
from collections.abc import AsyncGenerator, Awaitable, Callable, Iterable, Sequence
from contextlib import asynccontextmanager
from typing import Any, Final, Literal, TypeAlias, TypeVar, cast

import asyncpg

from vasi.errors import StoreError
from vasi.storage.owners import Owners, each_of
from vasi.storage.postgres.address import Address
from vasi.storage.postgres.failures import FAILURES, connection_is_lost, explain
from vasi.storage.postgres.text import storable

T = TypeVar("T")
U = TypeVar("U")
Row: TypeAlias = Sequence[Any]

log = logging.getLogger(__name__)

EVERYBODY: Final = "*"
"""Rows of all owners: for upkeep alone."""
NOBODY: Final = "[]"

SCHEMA = "vasi"
_TRIES_S = (0.05, 0.1, 0.2, 0.4, 0.8, 1.5, 3.0)
"""Waits between the tries to reach a server that is being started again."""
_STATEMENTS = 200
_CLOSE_S = 10.0


class Transaction:
    """What runs in a transaction: statements with ``$1`` and so on for their arguments."""

    def __init__(self, connection: Any) -> None:
        self._connection = connection

    async def fetch(self, sql: str, *args: object) -> Sequence[Row]:
        """The rows of a query."""
        return cast("Sequence[Row]", await self._connection.fetch(sql, *map(_storable, args)))

    async def row(self, sql: str, *args: object) -> Row | None:
        """The first row of a query; None without any."""
        return cast("Row | None", await self._connection.fetchrow(sql, *map(_storable, args)))

    async def value(self, sql: str, *args: object) -> Any:
        """The first column of the first row; None without any."""
        return await self._connection.fetchval(sql, *map(_storable, args))

    async def execute(self, sql: str, *args: object) -> int:
        """Run a statement; returns how many rows it concerned."""
        done = cast("str", await self._connection.execute(sql, *map(_storable, args)))
        count = done.rpartition(" ")[2]
        return int(count) if count.isdigit() else 0


def _storable(value: object) -> object:
    if isinstance(value, str):
        return storable(value)
    if isinstance(value, list):
        return [storable(each) if isinstance(each, str) else each for each in cast("list[object]", value)]
    return value


class Database:
    """A pool of connections to one database."""

    def __init__(self, address: Address) -> None:
        self.address = address
        self._pool: Any = None
        self._search_path = SCHEMA
        self.pooled = False
        """Something pools connections between here and the server: a session isn't ours."""

    async def open(self, prepare: Callable[[Transaction], Awaitable[None]]) -> None:
        """Connect, and let ``prepare`` bring the database up to date, in one transaction.

        Raises:
            StoreError: the server can't be reached or won't let us in, or ``prepare`` raised it.
        """
        if self._pool is not None:
            return

        async def first() -> None:
            connection = await self.connect()
            try:
                self.pooled = connection.get_server_pid() != await connection.fetchval("SELECT pg_backend_pid()")
                async with _transaction(connection, "BEGIN") as transaction:
                    await prepare(transaction)
                # The extension's types may be in any schema.
                place = await connection.fetchval(
                    "SELECT quote_ident(nspname) FROM pg_extension e JOIN pg_namespace n ON n.oid = extnamespace"
                    " WHERE extname = 'vector'"
                )
                self._search_path = ", ".join(dict.fromkeys([SCHEMA, place or "public", "pg_temp"]))
            finally:
                await _close(connection)

        await self._tried(first)
        self._pool = await self._explained(
            lambda: asyncpg.create_pool(
                min_size=0,
                max_size=self.address.pool_size,
                reset=_nothing,
                statement_cache_size=0 if self.pooled else _STATEMENTS,
                **self.address.arguments,
            )
        )

    async def connect(self) -> Any:
        """A connection outside the pool, without prepared statements. Raises what the driver does."""
        return await asyncpg.connect(statement_cache_size=0, **self.address.arguments)

    async def close(self) -> None:
        """Let go of all connections; harmless when repeated."""
        pool, self._pool = self._pool, None
        if pool is not None:
            try:
                await asyncio.wait_for(pool.close(), _CLOSE_S)
            except (TimeoutError, asyncpg.PostgresError, OSError):
                pool.terminate()

    async def read(self, owners: Owners, work: Callable[[Transaction], Awaitable[T]]) -> T:
        """Run ``work``, which may be run again, in one consistent snapshot of the rows of ``owners``."""
        return await self._run(_visible(owners), "read", work)

    async def read_all(self, work: Callable[[Transaction], Awaitable[T]]) -> T:
        """The same, of the rows of all owners."""
        return await self._run(EVERYBODY, "read", work)

    async def write(self, owners: Owners, work: Callable[[Transaction], Awaitable[T]]) -> T:
        """Run ``work``, which may be run again, in one transaction that is durable when this returns.

        It sees, and may write, the rows of ``owners`` alone. Cancelling ends it in the middle, unless it is being
        committed already: then nothing of it is kept.
        """
        return await self._run(_visible(owners), "write", work)

    async def write_all(self, work: Callable[[Transaction], Awaitable[T]]) -> T:
        """The same, with the rows of all owners."""
        return await self._run(EVERYBODY, "write", work)

    @asynccontextmanager
    async def snapshot(self) -> AsyncGenerator[Callable[[Callable[[Transaction], Awaitable[T]]], Awaitable[T]]]:
        """What runs things on the rows of all owners as they are now, however long that lasts, while others write."""
        self._require_open()
        connection = await self._explained(self.connect)
        try:
            async with _transaction(connection, self._beginning(EVERYBODY, "read")) as transaction:
                yield lambda work: self._explained(lambda: work(transaction))
        finally:
            await _close(connection)

    async def outside(self, statement: str) -> None:
        """Run a statement that may not be in a transaction; it may last long."""

        async def once() -> None:
            connection = await self.connect()
            try:
                await connection.execute(statement)
            finally:
                await _close(connection)

        await self._explained(once)

    async def notify(self, channel: str, payload: str) -> None:
        """Send a notification of its own; both are words of ASCII."""

        async def once() -> None:
            async with self._require_open().acquire() as connection:
                # Nothing is lost with it, so that it needn't wait for the disk.
                await connection.execute(
                    f"BEGIN; SET LOCAL synchronous_commit = off; NOTIFY {channel}, {_quoted(payload)}; COMMIT"
                )

        await self._explained(once)

    async def aside(self, work: Callable[[U], T], things: Iterable[U]) -> list[T]:
        """``work``, which needs no connection, on each of ``things`` in a thread."""
        self._require_open()
        cancelled = threading.Event()

        def run() -> list[T]:
            return [work(thing) for thing in things if not cancelled.is_set()]

        try:
            return await asyncio.to_thread(run)
        except asyncio.CancelledError:
            cancelled.set()
            raise

    def _require_open(self) -> Any:
        if self._pool is None:
            raise StoreError("The store isn't open.")
        return self._pool

    async def _run(
        self, visible: str, mode: Literal["read", "write"], work: Callable[[Transaction], Awaitable[T]]
    ) -> T:
        begin = self._beginning(visible, mode)

        async def once() -> T:
            async with self._require_open().acquire() as connection, _transaction(connection, begin) as transaction:
                return await work(transaction)

        return await self._tried(once)

    def _beginning(self, visible: str, mode: Literal["read", "write"]) -> str:
        return (
            f"{_BEGIN[mode]}; SET LOCAL search_path = {self._search_path}; SET LOCAL vasi.owners = {_quoted(visible)}"
        )

    async def _tried(self, once: Callable[[], Awaitable[T]]) -> T:
        """``once``, and again while the server can't be reached, as long as nothing can have been committed."""
        for wait in (*_TRIES_S, None):
            try:
                return await self._explained(once)
            except _UnknownOutcomeError as error:
                raise StoreError(
                    "The connection to the database was lost in the middle of a change; look whether it was kept, and"
                    " try again.",
                    place=self.address.shown,
                ) from error
            except StoreError as error:
                if wait is None or not connection_is_lost(error.__cause__):
                    raise
                log.info("The database can't be reached; trying again in %.1f s.", wait)
                await asyncio.sleep(wait)
        raise AssertionError("The last try returns or raises.")

    async def _explained(self, work: Callable[[], Awaitable[T]]) -> T:
        try:
            return await work()
        except (*FAILURES, UnicodeEncodeError) as error:
            raise StoreError(explain(error), place=self.address.shown) from error


_BEGIN = {
    "read": "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY; SET LOCAL plan_cache_mode = force_custom_plan",
    "write": "BEGIN",
}


class _UnknownOutcomeError(Exception):
    """The connection was lost while the transaction was being committed."""


@asynccontextmanager
async def _transaction(connection: Any, begin: str) -> AsyncGenerator[Transaction]:
    """All that is done in it is kept, or nothing."""
    try:
        await connection.execute(begin)
        yield Transaction(connection)
    except BaseException:
        # What can't be taken back any more ends with the connection.
        try:
            await asyncio.shield(connection.execute("ROLLBACK", timeout=_CLOSE_S))
        except BaseException as error:
            connection.terminate()
            if not isinstance(error, Exception):
                raise
        raise
    try:
        await connection.execute("COMMIT")
    except (asyncpg.ConnectionDoesNotExistError, asyncpg.InterfaceError, asyncpg.InternalClientError, OSError) as error:
        if begin.startswith(_BEGIN["read"]):
            raise
        raise _UnknownOutcomeError from error


async def _close(connection: Any) -> None:
    with contextlib.suppress(*FAILURES):
        await connection.close(timeout=_CLOSE_S)


async def _nothing(_connection: Any) -> None:
    """A connection that goes back to the pool: nothing was changed in its session."""


def _visible(owners: Owners) -> str:
    return json.dumps([storable(owner) for owner in each_of(owners)])


def _quoted(text: str) -> str:
    """As a literal; ``text`` is ASCII."""
    return "'" + text.replace("'", "''") + "'"
