"""Two servers on one data folder: what a user has open on one ends when they are locked out elsewhere."""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import httpx2
import pytest
from websockets.asyncio.client import connect

from tests.server_process import ServerProcess, serving
from vasi.accounts.browser_sessions import Browser
from vasi.accounts.sign_ins import Person
from vasi.app import Vasi
from vasi.config import Settings
from vasi.storage.accounts import Identity

ENVIRONMENT = {
    "VASI_AUTH__MODE": "oidc",
    "VASI_AUTH__PROVIDERS__EXAMPLE__ISSUER": "https://login.example.com",
    "VASI_AUTH__PROVIDERS__EXAMPLE__CLIENT_ID": "vasi",
}
WITHIN_S = 5.0


async def people(data: Path) -> dict[str, tuple[str, dict[str, str]]]:
    """Users by name, each with an id and the headers of a page that they are signed in on."""
    settings: dict[str, Any] = {
        "auth": {"mode": "oidc", "providers": {"example": {"issuer": "https://login.example.com", "client_id": "vasi"}}}
    }
    made: dict[str, tuple[str, dict[str, str]]] = {}
    async with Vasi.open(Settings(data=data, **settings), engines=False) as vasi:
        for name in ("ann", "ben"):
            person = Person(name, administrator=name == "ben")
            identity = Identity("https://login.example.com", name)
            secret, _, user = await vasi.accounts.sign_ins.complete(identity, person, Browser("10.0.0.1"))
            made[name] = user.id, {"Cookie": f"vasi-session={secret}"}
    return made


@pytest.mark.parametrize("by", ["the other server", "the command line"])
async def test_a_disabled_user_is_closed_out_on_every_process(tmp_path: Path, by: str) -> None:
    data = tmp_path / "data"
    users = await people(data)
    with (
        serving(data, ready=False, environment=ENVIRONMENT) as first,
        serving(data, ready=False, environment=ENVIRONMENT) as second,
    ):
        await asyncio.gather(*(asyncio.to_thread(server.wait_ready) for server in (first, second)))
        (ann, anns), (_, bens) = users["ann"], users["ben"]
        secret = await _ephemeral(first, anns)
        async with (
            connect(second.ws, additional_headers={**anns, "Origin": second.http}) as by_cookie,
            connect(second.ws, additional_headers={"Authorization": f"Bearer {secret}"}) as by_secret,
            connect(second.ws, additional_headers={**bens, "Origin": second.http}) as of_ben,
            httpx2.AsyncClient(base_url=second.http, timeout=20) as http,
            http.stream("GET", "/api/events", headers=anns) as events,
        ):
            for socket in (by_cookie, by_secret, of_ben):
                assert json.loads(await socket.recv())["type"] == "session.created"
            lines = events.aiter_lines()
            await anext(lines)
            if by == "the other server":
                async with httpx2.AsyncClient(base_url=first.http, timeout=20) as other:
                    headers = {**bens, "Sec-Fetch-Site": "same-origin"}
                    answer = await other.patch(f"/api/users/{ann}", json={"disabled": True}, headers=headers)
                    assert answer.status_code == 200, answer.text
            else:
                command = [sys.executable, "-c", "from vasi.cli import main; main()", "users", "disable", ann]
                run = subprocess.run([*command, "--data", str(data)], check=True, capture_output=True, timeout=60)
                assert b"is disabled" in run.stdout
            began = time.monotonic()
            for socket in (by_cookie, by_secret):
                error = json.loads(await asyncio.wait_for(socket.recv(), WITHIN_S))["error"]
                assert error["code"] == "session_revoked"
            async with asyncio.timeout(WITHIN_S):
                assert [line async for line in lines if line.startswith("event:")] == []
            assert time.monotonic() - began < WITHIN_S
            assert (await http.get("/api/notes", headers=anns)).status_code == 401
            assert (await http.get("/api/notes", headers=bens)).status_code == 200
            await of_ben.send('{"type": "session.update", "session": {"type": "realtime"}}')
            assert json.loads(await of_ben.recv())["type"] == "session.updated"


async def _ephemeral(server: ServerProcess, headers: dict[str, str]) -> str:
    """A short-lived key that one server made."""
    async with httpx2.AsyncClient(base_url=server.http, timeout=20) as http:
        own = {**headers, "Sec-Fetch-Site": "same-origin"}
        answer = await http.post("/v1/realtime/client_secrets", json={}, headers=own)
        assert answer.status_code == 200, answer.text
        return answer.json()["value"]
