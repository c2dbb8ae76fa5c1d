"""Which web pages may use the API, and what a browser is told before it tries."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import httpx2
import pytest

from vasi.testing.engines import scripted_engines
from vasi.testing.llm import ScriptedLlm
from vasi.testing.server import RunningServer, serving
from vasi.testing.settings import web_settings

PAGE = "http://localhost:5173"
ROUTES = [
    "/v1/realtime/client_secrets",
    "/v1/models",
    "/openai/v1/realtime/client_secrets",
    "/openai/realtimeapi/sessions",
]


@asynccontextmanager
async def running() -> AsyncIterator[tuple[RunningServer, httpx2.AsyncClient]]:
    listed = web_settings(origins=(PAGE,))
    async with (
        serving(scripted_engines(ScriptedLlm()), web=listed) as server,
        httpx2.AsyncClient(base_url=server.http) as http,
    ):
        yield server, http


@pytest.mark.parametrize("route", ROUTES)
async def test_a_page_of_a_listed_origin_may_ask_and_read(route: str) -> None:
    async with running() as (_, http):
        asked = "authorization, content-type, x-openai-agents-sdk, openai-beta, x-stainless-lang, x-evil"
        preflight = {"Access-Control-Request-Method": "POST", "Access-Control-Request-Headers": asked}
        answer = await http.options(route, headers={"Origin": PAGE, **preflight})
        assert answer.status_code == 204
        assert answer.headers["access-control-allow-origin"] == PAGE
        assert "POST" in answer.headers["access-control-allow-methods"]
        allowed = {name.strip().lower() for name in answer.headers["access-control-allow-headers"].split(",")}
        assert set(asked.split(", ")) - allowed == {"x-evil"}
        answer = await http.post("/v1/realtime/client_secrets", json={}, headers={"Origin": PAGE})
        assert answer.status_code == 200
        assert answer.headers["access-control-allow-origin"] == PAGE
        assert answer.headers["access-control-expose-headers"] == "Location"
        assert "Origin" in answer.headers["vary"]


async def test_listed_pages_can_read_refusals_too() -> None:
    async with running() as (_, http):
        answer = await http.get("/v1/models", headers={"Origin": PAGE, "Authorization": "Bearer ek_none"})
        assert (answer.status_code, answer.headers["access-control-allow-origin"]) == (401, PAGE)


@pytest.mark.parametrize(
    "origin",
    [
        "https://evil.example",
        "http://localhost.evil.example",
        "null",
        "http://[::1",
        "http://[bad]",
        "http://localhost:9",
        "https://localhost:5173",
    ],
)
async def test_other_pages_get_nothing(origin: str) -> None:
    async with running() as (_, http):
        preflight = {"Origin": origin, "Access-Control-Request-Method": "POST"}
        for answer in [
            await http.options("/v1/realtime/client_secrets", headers=preflight),
            await http.post("/v1/realtime/client_secrets", json={}, headers={"Origin": origin}),
        ]:
            assert (answer.status_code, answer.json()["error"]["code"]) == (403, "forbidden")
            assert "access-control-allow-origin" not in answer.headers
            assert "ek_" not in answer.text


async def test_a_hostile_name_for_this_machine_gets_nothing() -> None:
    async with running() as (_, http):
        answer = await http.post("/v1/realtime/client_secrets", json={}, headers={"Host": "rebound.example"})
        assert answer.status_code == 403


async def test_programs_send_no_origin_and_get_no_cors() -> None:
    async with running() as (_, http):
        answer = await http.get("/v1/models")
        assert answer.status_code == 200
        assert not [name for name in answer.headers if name.startswith("access-control")]
