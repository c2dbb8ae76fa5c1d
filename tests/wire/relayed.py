"""A server in front of a fake model service, for official clients."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from tests.backends.upstream.relays import service_at
from tests.fakes.realtime_service import RealtimeService
from tests.wire.scripted import FixedTool, Recorder
from vasi.backends.upstream.session import UpstreamBackend
from vasi.testing.engines import scripted_engines
from vasi.testing.llm import ScriptedLlm
from vasi.testing.server import Certificate, RunningServer, serving


@asynccontextmanager
async def relay(
    fake: RealtimeService, *, certificate: Certificate | None = None
) -> AsyncIterator[tuple[RunningServer, Recorder]]:
    """Serve with the model of ``fake`` and a tool of the server."""
    service = service_at(fake)
    recorder = Recorder()

    def backend(session: Any, *, seed: str, profile: str) -> UpstreamBackend:
        return UpstreamBackend(service, session, seed=seed)

    engines = scripted_engines(ScriptedLlm())
    tools = [FixedTool()]
    async with serving(engines, tools=tools, tap=recorder, backend=backend, certificate=certificate) as server:
        yield server, recorder
