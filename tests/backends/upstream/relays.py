"""Whole sessions through the gateway in front of a fake service, over real sockets upstream."""

from __future__ import annotations

import contextlib
import random
from collections.abc import AsyncIterator, Sequence
from dataclasses import replace
from typing import Any

from tests.fakes.realtime_service import KEY, MODEL, PREVIEW, RealtimeService
from tests.gateway.sessions import Table, session
from vasi.backends.ports import Backend
from vasi.backends.upstream.address import address
from vasi.backends.upstream.credentials import Credential, Key
from vasi.backends.upstream.service import Service, ServiceSettings
from vasi.backends.upstream.session import UpstreamBackend
from vasi.testing.llm import ScriptedLlm
from vasi.tools.ports import Tool


def service_at(fake: RealtimeService, credential: Credential | None = None, **settings: Any) -> Service:
    """What stands in front of ``fake``."""
    there = address(fake.base_url, MODEL, kind=fake.kind, api_version=PREVIEW if fake.kind == "azure-preview" else None)
    return Service(
        there,
        credential or Key(KEY, there),
        replace(ServiceSettings(None, asks_again=False, connect_timeout_s=2.0, reconnect_s=10.0), **settings),
        rng=random.Random(1),
    )


@contextlib.asynccontextmanager
async def relayed(
    fake: RealtimeService,
    tools: Sequence[Tool] = (),
    *,
    service: Service | None = None,
    upstream: dict[str, Any] | None = None,
    **given: Any,
) -> AsyncIterator[Table]:
    """A client's session in front of ``fake``; every event is judged."""
    shared = service or service_at(fake, **(upstream or {}))

    def backend(view: Any, *, seed: str, profile: str) -> Backend:
        return UpstreamBackend(shared, view, seed=seed)

    async with session(ScriptedLlm(), tools, backend=backend, **given) as table:
        yield table
