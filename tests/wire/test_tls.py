"""``vasi serve --tls`` in a process of its own: clients that trust its certificate get in, and no key gets logged."""

from __future__ import annotations

import ssl
import stat
import subprocess
import sys
from pathlib import Path

import pytest
from openai import AsyncOpenAI, AuthenticationError, DefaultAsyncHttpxClient
from websockets.asyncio.client import connect

from tests.server_process import serving

KEY = "canary-key-of-the-server"


async def test_the_official_client_over_tls(tmp_path: Path) -> None:
    data = tmp_path / "tls-data"
    arguments = ("--tls", "--set", f"api_keys={KEY}", "--set", "log_level=debug")
    with serving(data, *arguments, ready=False) as server:
        assert (server.http[:5], server.ws[:3]) == ("https", "wss")
        assert stat.S_IMODE(server.certificate.stat().st_mode) == 0o600
        trust = server.trust()
        assert trust is not None
        http = DefaultAsyncHttpxClient(verify=trust)
        client = AsyncOpenAI(api_key=KEY, base_url=f"{server.http}/v1", http_client=http)
        async with client:
            secret = (
                await client.realtime.client_secrets.create(session={"type": "realtime", "instructions": "Hi."})
            ).value
            visitor = client.with_options(api_key=secret)
            async with visitor.realtime.connect(model="m", websocket_connection_options={"ssl": trust}) as connection:
                created = await connection.recv()
                assert created.type == "session.created"
                assert created.session.instructions == "Hi."
            with pytest.raises(AuthenticationError):
                await client.with_options(api_key="canary-of-a-thief").models.list()
        offered = ["realtime", f"openai-insecure-api-key.{secret}"]
        async with connect(f"{server.ws}?model=m", ssl=trust, subprotocols=offered) as socket:  # type: ignore[arg-type]
            await socket.recv()
        async with connect(f"{server.ws}?api-key={KEY}", ssl=trust) as socket:
            await socket.recv()
        with pytest.raises(ssl.SSLCertVerificationError):
            await connect(server.ws)
        log = server.log.read_text()
    assert "WebSocket /v1/realtime?model=m" in log, "the debug log has the requests"
    for canary in (KEY, secret.removeprefix("ek_"), "canary"):
        assert canary not in log


def refused_to_serve(data: Path, *arguments: str) -> tuple[int, str]:
    vasi = Path(sys.executable).with_name("vasi")
    run = subprocess.run(
        [vasi, "serve", "--port", "0", "--data", data, *arguments],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    return run.returncode, run.stderr


def test_a_file_of_the_users_that_will_not_do_is_one_sentence(tmp_path: Path) -> None:
    wrong = tmp_path / "wrong.pem"
    wrong.write_text("nothing")
    status, told = refused_to_serve(tmp_path / "data", "--tls-cert", str(wrong), "--tls-key", str(wrong))
    assert (status, told.count("\n")) == (1, 1)
    assert "can't be used for TLS" in told
    status, told = refused_to_serve(tmp_path / "data", "--tls-cert", str(wrong))
    assert (status, "go together" in told) == (1, True)
