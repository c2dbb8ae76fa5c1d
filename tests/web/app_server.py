"""The whole server over a data folder of the test's, with scripted engines: what a client of the app talks to."""

from __future__ import annotations

import contextlib
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx2
from websockets.asyncio.client import ClientConnection, connect

from tests import basic_engines
from tests.people import People
from vasi.accounts.authenticators import Authenticator
from vasi.app import Vasi, composition
from vasi.config import Settings
from vasi.engines.ports import Llm
from vasi.observe.observer import Observer
from vasi.testing.client import Client
from vasi.testing.engines import ScriptedStt, scripted_engines
from vasi.testing.llm import ScriptedLlm
from vasi.testing.server import RunningServer, hosting


@dataclass
class App:
    """A running app, a client of its HTTP API, and the address of its socket."""

    vasi: Vasi
    server: RunningServer
    http: httpx2.AsyncClient

    @contextlib.asynccontextmanager
    async def talk(
        self, query: str = "", headers: Mapping[str, str] | None = None, **session: Any
    ) -> AsyncIterator[Client]:
        """A Realtime client; it writes instead of speaking unless told otherwise."""
        address = f"{self.server.ws}{query}"
        async with connect(address, compression=None, additional_headers=headers) as socket:
            client = Client(_Frames(socket))
            await client.until("session.created")
            await client.update(**{"output_modalities": ["text"], **session})
            yield client


class _Frames:
    def __init__(self, socket: ClientConnection) -> None:
        self._socket = socket

    async def send(self, frame: str) -> None:
        await self._socket.send(frame)

    async def receive(self) -> str | None:
        return str(await self._socket.recv())

    async def close(self) -> None:
        await self._socket.close()


@contextlib.asynccontextmanager
async def running(
    data: Path,
    monkeypatch: Any,
    llm: Llm | None = None,
    *,
    stt: ScriptedStt | None = None,
    observer: Observer | None = None,
    authenticator: Authenticator | None = None,
    **settings: Any,
) -> AsyncIterator[App]:
    """Serve ``data`` until the end of the block."""
    engines = scripted_engines(llm or ScriptedLlm(), stt=stt)
    monkeypatch.setattr(composition, "make_engines", lambda _settings: engines)
    settings = {"engines": basic_engines.ENGINES, **settings}
    async with Vasi.open(
        Settings(data=data, audio_lead_ms=None, **settings), observer=observer, authenticator=authenticator
    ) as vasi:
        if isinstance(authenticator, People):
            await authenticator.enrol(vasi.store)
        await vasi.ready()
        async with hosting(vasi.asgi()) as server, httpx2.AsyncClient(base_url=server.http, timeout=20) as http:
            yield App(vasi, server, http)
