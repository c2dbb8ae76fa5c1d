"""The code that makes the first administrator: printed when a server starts that has none."""

from __future__ import annotations

import re
import urllib.request
from pathlib import Path

from tests.server_process import ServerProcess, serving

ENVIRONMENT = {
    "VASI_AUTH__MODE": "proxy",
    "VASI_AUTH__PROXY__ADDRESSES": "127.0.0.1",
    "VASI_AUTH__PROXY__USER_HEADER": "X-User",
}
CODE = re.compile(r"enter the code ((?:[A-Z0-9]{5}-){4}[A-Z0-9]{5})")


def printed(server: ServerProcess) -> str:
    """What the server says until it's ready."""
    assert server.process.stdout is not None
    lines: list[str] = []
    for line in server.process.stdout:
        lines.append(line)
        if line.startswith("Ready"):
            break
    return "".join(lines)


def test_the_server_prints_a_code_until_there_is_an_administrator(tmp_path: Path) -> None:
    data = tmp_path / "data"
    with serving(data, environment=ENVIRONMENT) as server:
        found = CODE.search(printed(server))
        assert found is not None
        headers = {"X-User": "ann-1", "Content-Type": "application/json"}
        body = f'{{"code": "{found[1]}"}}'.encode()
        request = urllib.request.Request(f"{server.http}/auth/claim", body, headers, method="POST")
        with urllib.request.urlopen(request, timeout=20) as answer:
            assert answer.read() == b'{"role":"administrator"}'
    with serving(data, environment=ENVIRONMENT) as server:
        assert CODE.search(printed(server)) is None
