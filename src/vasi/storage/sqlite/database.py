"""Connections and threads: one thread writes, a few read, and the event loop never waits for either."""

from __future__ import annotations

import asyncio
import contextlib
import itertools
import os
import queue
import sqlite3
import threading
import time
from collections.abc import AsyncGenerator, Awaitable, Callable, Generator, Iterable
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from typing import TypeVar

from vasi.errors import StoreError
from vasi.storage.sqlite import erasure
from vasi.storage.sqlite.tokens import unpacked

T = TypeVar("T")
U = TypeVar("U")

READERS = 3
_BUSY_MS = 10_000
_CACHE_KIB = 8_192
_WAL_LIMIT = 64 * 1024 * 1024
_STEPS = 5_000
"""Steps of SQLite's machine, some tens of microseconds, between two looks whether a write was cancelled."""
_QUIET_SECONDS = 1.0
"""Without another removal before the erasing begins: one erasing for all of a folder's files."""


class Database:
    """One SQLite file in WAL mode: readers never wait for the writer, and other processes may use it too."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._writer: ThreadPoolExecutor | None = None
        self._readers: ThreadPoolExecutor | None = None
        self._idle: queue.LifoQueue[sqlite3.Connection] = queue.LifoQueue()
        """The one that was used last comes first: its pages are in its cache."""
        self._write_db: sqlite3.Connection | None = None
        self._quiet: asyncio.TimerHandle | None = None
        self._ours = False

    async def open(self, prepare: Callable[[sqlite3.Connection], None]) -> None:
        """Open or create the file and let ``prepare`` bring it up to date, outside any transaction.

        Raises:
            StoreError: the file can't be opened or isn't a sound database, or ``prepare`` raised it.
        """
        if self._writer is not None:
            return
        self._writer = ThreadPoolExecutor(1, "vasi-store-write")
        self._readers = ThreadPoolExecutor(READERS, "vasi-store-read")
        try:
            await asyncio.get_running_loop().run_in_executor(self._writer, self._connect_all, prepare)
            if await self.read(erasure.marked):
                self.erase_soon()
        except BaseException:
            await self.close()
            raise

    def _connect_all(self, prepare: Callable[[sqlite3.Connection], None]) -> None:
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            os.close(os.open(self.path, os.O_RDWR | os.O_CREAT, 0o600))
        except OSError as error:
            raise StoreError(f"The database can't be opened: {error.strerror}.", place=self.path) from error
        with _plain_errors(self.path):
            self._write_db = _connect(self.path)
            prepare(self._write_db)
            self._ours = True
            for _ in range(READERS):
                reader = _connect(self.path)
                reader.execute("PRAGMA query_only = ON")
                self._idle.put(reader)

    async def close(self) -> None:
        """Finish what was begun, erase what was removed, and close; harmless when repeated."""
        if self._quiet is not None:
            self._quiet.cancel()
            self._quiet = None
        writer, readers = self._writer, self._readers
        self._writer = self._readers = None
        if writer is None or readers is None:
            return

        def shut() -> None:
            readers.shutdown()
            while not self._idle.empty():
                self._idle.get().close()
            with contextlib.suppress(sqlite3.Error):  # what couldn't be erased is when the file is opened again
                writer.submit(self._erase_all).result()
            writer.shutdown()
            if self._write_db is not None:
                self._write_db.close()
                self._write_db = None

        await asyncio.to_thread(shut)

    async def read(self, work: Callable[[sqlite3.Connection], T]) -> T:
        """Run ``work`` in a reader thread, in one consistent snapshot."""
        if self._readers is None:
            raise StoreError("The store isn't open.")

        def run() -> T:
            db = self._idle.get()
            try:
                with _plain_errors(self.path):
                    db.execute("BEGIN")
                    try:
                        return work(db)
                    finally:
                        db.execute("ROLLBACK")
            finally:
                self._idle.put(db)

        return await asyncio.get_running_loop().run_in_executor(self._readers, run)

    @asynccontextmanager
    async def snapshot(self) -> AsyncGenerator[Callable[[Callable[[sqlite3.Connection], T]], Awaitable[T]]]:
        """What runs things on the database as it is now, however long that lasts, while others write."""
        if self._readers is None:
            raise StoreError("The store isn't open.")
        thread = ThreadPoolExecutor(1, "vasi-store-snapshot")
        loop = asyncio.get_running_loop()

        def begin() -> sqlite3.Connection:
            with _plain_errors(self.path):
                db = _connect(self.path)
                db.execute("PRAGMA query_only = ON")
                db.execute("BEGIN")
                db.execute("SELECT count(*) FROM sqlite_schema").fetchone()  # it begins with the first reading
                return db

        def run(db: sqlite3.Connection, work: Callable[[sqlite3.Connection], T]) -> T:
            with _plain_errors(self.path):
                return work(db)

        try:
            db = await loop.run_in_executor(thread, begin)
            try:
                yield lambda work: loop.run_in_executor(thread, run, db, work)
            finally:
                await loop.run_in_executor(thread, db.close)
        finally:
            thread.shutdown(wait=False)

    async def aside(self, work: Callable[[U], T], things: Iterable[U]) -> list[T]:
        """``work``, which needs no connection, on each of ``things`` in a reader thread, not to hold up the writer."""
        if self._readers is None:
            raise StoreError("The store isn't open.")

        def run(cancelled: threading.Event) -> list[T]:
            return [work(thing) for thing in itertools.takewhile(lambda _: not cancelled.is_set(), things)]

        return await _stoppable(self._readers, run)

    async def write(self, work: Callable[[sqlite3.Connection], T]) -> T:
        """Run ``work`` in the writer thread, in one transaction that is durable when this returns.

        Cancelling ends it in the middle, unless it is being committed already: then nothing of it is kept.
        """
        if self._writer is None:
            raise StoreError("The store isn't open.")

        def run(cancelled: threading.Event) -> T:
            db = self._write_db
            if db is None:
                raise StoreError("The store isn't open.")
            db.set_progress_handler(cancelled.is_set, _STEPS)
            try:
                with _plain_errors(self.path):
                    return transaction(db, work)
            finally:
                db.set_progress_handler(None, 0)

        return await _stoppable(self._writer, run)

    def erase_soon(self) -> None:
        """Begin to erase what was removed when there were no removals for a moment."""
        if self._quiet is not None:
            self._quiet.cancel()
        self._quiet = asyncio.get_running_loop().call_later(_QUIET_SECONDS, self._erase_next)

    async def erase(self) -> None:
        """Erase what was removed so far; other writes go in between.

        Raises:
            StoreError: the file can't be written.
        """
        while self._writer is not None and await asyncio.get_running_loop().run_in_executor(
            self._writer, self._erase_piece_or_explain
        ):
            pass

    def _erase_next(self) -> None:
        self._quiet = None
        if self._writer is not None:
            self._writer.submit(self._erase_aside, self._writer)

    def _erase_aside(self, writer: ThreadPoolExecutor) -> None:
        # An error leaves the mark in the file; a writer that is shut down erases the rest itself.
        with contextlib.suppress(sqlite3.Error, RuntimeError):
            if self._erase_piece():
                writer.submit(self._erase_aside, writer)

    def _erase_all(self) -> None:
        while self._erase_piece():
            pass

    def _erase_piece_or_explain(self) -> bool:
        with _plain_errors(self.path):
            return self._erase_piece()

    def _erase_piece(self) -> bool:
        """In the writer thread. False when nothing is left, or what is left has to wait for other processes."""
        db = self._write_db
        if db is None or not self._ours or (removal := erasure.marked(db)) is None:
            return False
        if not erasure.step(db):
            erasure.finish(db, removal)
            return False
        return True


async def _stoppable(executor: ThreadPoolExecutor, run: Callable[[threading.Event], T]) -> T:
    """``run`` in a thread; the event that it gets is set when nobody waits for it any more."""
    cancelled = threading.Event()
    try:
        return await asyncio.get_running_loop().run_in_executor(executor, run, cancelled)
    except asyncio.CancelledError:
        cancelled.set()
        raise


def transaction(db: sqlite3.Connection, work: Callable[[sqlite3.Connection], T]) -> T:
    """``work`` in a write transaction: all of it is kept, or nothing."""
    db.execute("BEGIN IMMEDIATE")
    try:
        result = work(db)
        db.execute("COMMIT")
    except BaseException:
        if db.in_transaction:
            db.execute("ROLLBACK")
        raise
    return result


def _connect(path: Path) -> sqlite3.Connection:
    db = sqlite3.connect(path, timeout=_BUSY_MS / 1000, isolation_level=None, check_same_thread=False)
    try:
        _keep_a_log(db)
        db.execute("PRAGMA synchronous = FULL")
        db.execute("PRAGMA foreign_keys = ON")
        db.create_function("casefold", 1, _casefold, deterministic=True)
        db.create_function("unpacked", 2, unpacked, deterministic=True)
        db.execute("PRAGMA secure_delete = ON")
        db.execute(f"PRAGMA cache_size = -{_CACHE_KIB}")
        db.execute(f"PRAGMA journal_size_limit = {_WAL_LIMIT}")
    except BaseException:
        db.close()
        raise
    return db


def _keep_a_log(db: sqlite3.Connection) -> None:
    """Write ahead. While others make the same new database SQLite may refuse that at once, whatever its timeout."""
    until = time.monotonic() + _BUSY_MS / 1000
    while True:
        try:
            db.execute("PRAGMA journal_mode = WAL")
        except sqlite3.OperationalError as error:
            if not _is_busy(error) or time.monotonic() > until:
                raise
            time.sleep(0.01)
        else:
            return


def _is_busy(error: sqlite3.Error) -> bool:
    return getattr(error, "sqlite_errorname", "").startswith(("SQLITE_BUSY", "SQLITE_LOCKED"))


def _casefold(text: str | None) -> str | None:
    return None if text is None else text.casefold()


@contextmanager
def _plain_errors(path: Path) -> Generator[None]:
    """SQLite's errors as ``StoreError`` with a sentence that says what to do."""
    try:
        yield
    except UnicodeEncodeError as error:
        raise StoreError("A text holds characters that can't be stored: remove lone surrogates.") from error
    except sqlite3.Error as error:
        name = getattr(error, "sqlite_errorname", "")
        if name.startswith(("SQLITE_CORRUPT", "SQLITE_NOTADB")) or "malformed" in str(error):
            what = f"The database is damaged ({error}): restore a backup, or move the file away and add again."
        elif _is_busy(error):
            what = "The database is held by another process: try again, or stop the other one."
        elif name.startswith("SQLITE_FULL"):
            what = "The disk of the database is full: free some space and try again."
        elif name.startswith(("SQLITE_READONLY", "SQLITE_CANTOPEN", "SQLITE_PERM")):
            what = "The database can't be opened for writing: check who owns it and its folder."
        else:
            what = f"The database failed: {error}."
        raise StoreError(what, place=path) from error
