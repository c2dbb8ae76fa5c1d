"""A real PgBouncer, which pools by transaction, in front of a test's PostgreSQL server."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.postgres_server import PostgresServer, free_port, unprivileged

REMEDY = "apt-get install pgbouncer"
STARTS_WITHIN_S = 30


@contextmanager
def pooled(server: PostgresServer, url: str) -> Iterator[str]:
    """The URL of a test's database through PgBouncer, with three connections for all. Skips where there is none."""
    program = shutil.which("pgbouncer", path=f"{os.environ.get('PATH', '')}:/usr/sbin")
    if program is None:
        pytest.skip(f"There is no PgBouncer to test with: {REMEDY}")
    port = free_port()
    with tempfile.TemporaryDirectory(prefix="vasi-pgbouncer-") as name:
        folder = Path(name)
        user = unprivileged()
        (folder / "users").write_text('"vasi" ""\n')
        (folder / "pgbouncer.ini").write_text(
            f"[databases]\n* = host=127.0.0.1 port={server.port}\n[pgbouncer]\nlisten_addr = 127.0.0.1\n"
            f"listen_port = {port}\nauth_type = trust\nauth_file = {folder / 'users'}\npool_mode = transaction\n"
            "default_pool_size = 3\nmax_client_conn = 100\nunix_socket_dir =\n"
        )
        if user:
            for path in (folder, *folder.iterdir()):
                os.chown(path, user["user"], user["group"])
        process = subprocess.Popen(
            [program, "-q", str(folder / "pgbouncer.ini")], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, **user
        )
        try:
            end = time.monotonic() + STARTS_WITHIN_S
            while True:
                try:
                    socket.create_connection(("127.0.0.1", port), 1).close()
                    break
                except OSError:
                    if process.poll() is not None or time.monotonic() > end:
                        raise
                    time.sleep(0.02)
            yield server.url(url.rpartition("/")[2], port=port)
        finally:
            process.terminate()
            process.wait(STARTS_WITHIN_S)
