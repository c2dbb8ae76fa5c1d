"""No more of a request's body is kept than its limit, whatever its type, and none of one that isn't authorised."""

from __future__ import annotations

import json
import socket
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from tests.server_process import ServerProcess, serving
from vasi.web.middleware import UPLOADS

KEY = "a-key-of-this-server"
SENT = 40_000_000
KEPT = 15_000_000
"""So much the server may grow, of which nothing is the body."""
TYPES = ["application/json", "multipart/form-data; boundary=b", "Multipart/x; boundary=b", "text/plain", ""]


@pytest.fixture(scope="module")
def keyed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ServerProcess]:
    with serving(tmp_path_factory.mktemp("keyed") / "data", "--set", f"api_keys={KEY}") as server:
        yield server


@pytest.fixture(scope="module")
def unkeyed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ServerProcess]:
    with serving(tmp_path_factory.mktemp("open") / "data") as server:
        yield server


def routes(server: ServerProcess) -> list[tuple[str, str]]:
    """All that take a body, and some that aren't there."""
    with urllib.request.urlopen(f"{server.http}/api/openapi.json", timeout=10) as reply:
        paths = json.load(reply)["paths"]
    found = [
        (method.upper(), f"/api{path}".replace("{", "x").replace("}", ""))
        for path, methods in paths.items()
        for method in methods
        if method not in ("get", "head")
    ]
    assert len(found) > 8
    return [
        *found,
        ("POST", "/api/none"),
        ("POST", "/v1/realtime/client_secrets"),
        ("POST", "/openai/realtime/sessions"),
    ]


def answer(server: ServerProcess, method: str, path: str, kind: str, *, announced: bool) -> int:
    """Send a huge body until the server has had enough; its answer's status."""
    head = f"{method} {path} HTTP/1.1\r\nHost: 127.0.0.1\r\n" + (f"Content-Type: {kind}\r\n" if kind else "")
    head += f"Content-Length: {SENT}\r\n\r\n" if announced else "Transfer-Encoding: chunked\r\n\r\n"
    piece = bytes(65536) if announced else b"10000\r\n" + bytes(65536) + b"\r\n"
    with socket.create_connection(("127.0.0.1", server.port), timeout=20) as client:
        try:
            client.sendall(head.encode())
            for _ in range(SENT // 65536):
                client.sendall(piece)
                client.setblocking(False)
                try:
                    if client.recv(1, socket.MSG_PEEK):
                        break
                except BlockingIOError:
                    pass
                finally:
                    client.settimeout(20)
        except OSError:
            pass  # the server takes no more
        status = client.recv(65536).split(b" ", 2)[1]
    return int(status)


@pytest.mark.parametrize("announced", [True, False])
def test_nothing_is_read_of_a_request_without_a_key(keyed: ServerProcess, announced: bool) -> None:
    process = psutil.Process(keyed.process.pid)
    before = process.memory_info().rss
    for method, path in routes(keyed):
        for kind in TYPES[:2]:
            assert answer(keyed, method, path, kind, announced=announced) == 401, (method, path, kind)
    assert process.memory_info().rss - before < KEPT


@pytest.mark.parametrize("announced", [True, False])
def test_large_bodies_are_refused_whatever_their_type(unkeyed: ServerProcess, announced: bool) -> None:
    process = psutil.Process(unkeyed.process.pid)
    before = process.memory_info().rss
    for method, path in routes(unkeyed):
        if not path.startswith("/api/") or (method, path) in UPLOADS:
            continue
        for kind in TYPES:
            expected = 415 if kind.lower().startswith("multipart") else 413
            assert answer(unkeyed, method, path, kind, announced=announced) == expected, (method, path, kind)
    assert process.memory_info().rss - before < KEPT


def test_a_body_that_never_ends_is_not_kept(unkeyed: ServerProcess) -> None:
    """One byte short of what was announced: it may wait, but with no more than the limit."""
    process = psutil.Process(unkeyed.process.pid)
    before = process.memory_info().rss
    clients = [socket.create_connection(("127.0.0.1", unkeyed.port), timeout=5) for _ in range(5)]
    for client in clients:
        client.setblocking(False)
        head = "POST /api/notes HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: multipart/x; boundary=a\r\n"
        for piece in [f"{head}Content-Length: {SENT}\r\n\r\n".encode(), *[bytes(65536)] * 200]:
            try:
                client.send(piece)
            except OSError:
                break
    assert process.memory_info().rss - before < KEPT
    for client in clients:
        client.close()


def test_files_that_are_refused_leave_nothing(tmp_path: Path) -> None:
    """More files than may wait: requests are taken whole and read, or refused whole and gone."""
    data = tmp_path / "data"
    with serving(data) as server:
        parts = "".join(
            f'--b\r\nContent-Disposition: form-data; name="files"; filename="{number}.txt"\r\n\r\nText {number}.\r\n'
            for number in range(50)
        )
        refused = list[int]()
        for _ in range(8):
            request = urllib.request.Request(
                f"{server.http}/api/documents",
                data=f"{parts}--b--\r\n".encode(),
                headers={"Content-Type": "multipart/form-data; boundary=b"},
            )
            try:
                with urllib.request.urlopen(request, timeout=60):
                    pass
            except urllib.error.HTTPError as error:
                refused.append(error.code)
                error.close()
        assert set(refused) <= {413, 429}
        with urllib.request.urlopen(f"{server.http}/api/jobs", timeout=20) as reply:
            waiting = [job for job in json.load(reply)["jobs"] if job["stage"] in ("received", "reading", "indexing")]
        assert len(list((data / "blobs" / "uploads").iterdir())) <= len(waiting) + 2
