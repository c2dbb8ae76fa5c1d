"""Pages of other sites, and names that were made to point here, get nothing."""

from __future__ import annotations

import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import httpx2
import pytest
from starlette.datastructures import Headers
from websockets.asyncio.client import connect
from websockets.exceptions import InvalidStatus

from vasi.accounts.secrets import StaticKeys
from vasi.testing.engines import scripted_engines
from vasi.testing.llm import ScriptedLlm
from vasi.testing.server import RunningServer, serving
from vasi.testing.settings import web_settings
from vasi.web.origin_policy import OriginPolicy
from vasi.web.settings import WebSettings

KEY = "a-key-of-this-server"
LOCAL = "127.0.0.1:8787"
FOREIGN = [
    "http://localhost:8787",  # another name than the one that was asked for: another origin to a browser
    "http://127.0.0.1:3000",
    "http://127.0.0.1",
    "https://127.0.0.1:8787",
    "http://evil.localhost:8787",
    "https://[::1]:8787",
    "http://evil.example:8787",
    "http://evil.example\\@127.0.0.1:8787",
    "http://evil.example\\@127.0.0.1",
    "http://evil.example@127.0.0.1:8787",
    "http://127.0.0.1:8787.evil.example",
    "http://127.0.0.1:8787@evil.example",
    "http://127.0.0.1:8787/",
    "http://127.0.0.1:8787 http://evil.example",
    "http://127.0.0.1:887871",
    "file://127.0.0.1:8787",
    "null",
    "",
    "http://",
    "127.0.0.1:8787",
]


def refused(policy: OriginPolicy, scheme: str = "http", **headers: str) -> bool:
    given = Headers({name.replace("_", "-"): value for name, value in headers.items()})
    return policy.judge(given, scheme).refusal is not None


@pytest.mark.parametrize("scheme", ["http", "ws"])
def test_only_the_own_origin_may(scheme: str) -> None:
    policy = OriginPolicy("127.0.0.1")
    assert not refused(policy, scheme, host=LOCAL)
    assert not refused(policy, scheme, host=LOCAL, origin=f"http://{LOCAL}")
    assert not refused(policy, scheme, host="localhost:8787", origin="http://LOCALHOST:8787")
    for origin in FOREIGN:
        assert refused(policy, scheme, host=LOCAL, origin=origin), origin


def test_ports_that_go_without_saying_are_the_same() -> None:
    policy = OriginPolicy("0.0.0.0", hosts=["vasi.example.com"])
    assert not refused(policy, "https", host="vasi.example.com", origin="https://vasi.example.com:443")
    assert not refused(policy, "wss", host="vasi.example.com:443", origin="https://vasi.example.com")
    assert refused(policy, "https", host="vasi.example.com", origin="http://vasi.example.com")
    assert refused(policy, "http", host="vasi.example.com", origin="https://vasi.example.com")


def test_listed_origins_may_and_may_read() -> None:
    policy = OriginPolicy("127.0.0.1", origins=["https://app.example.com"])
    for origin in ("https://app.example.com", "https://app.example.com:443"):
        verdict = policy.judge(Headers({"host": LOCAL, "origin": origin, "sec-fetch-site": "cross-site"}), "http")
        assert (verdict.refusal, verdict.shared_with) == (None, origin)
    for origin in ("http://app.example.com", "https://app.example.com:8443", "https://x.app.example.com"):
        assert refused(policy, host=LOCAL, origin=origin), origin


def test_with_keys_pages_of_this_machine_may() -> None:
    """They don't know a key unless somebody gave it to them."""
    policy = OriginPolicy("127.0.0.1", keyed=True)
    assert not refused(policy, host=LOCAL, origin="http://localhost:3000")
    assert refused(policy, host=LOCAL, origin="http://evil.example")
    assert refused(OriginPolicy("0.0.0.0", keyed=True), host=LOCAL, origin="http://localhost:3000")


@pytest.mark.parametrize(
    ("bound_to", "host", "answered"),
    [
        ("127.0.0.1", "localhost", True),
        ("127.0.0.1", "127.0.0.1:8787", True),
        ("127.0.0.1", "[::1]:8787", True),
        ("127.0.0.1", "rebound.example:8787", False),
        ("127.0.0.1", "192.168.1.7:8787", False),
        ("127.0.0.1", "", False),
        ("127.0.0.1", "localhost:8787@evil.example", False),
        ("127.0.0.1", "evil.example\\localhost", False),
        ("0.0.0.0", "192.168.1.7:8787", True),
        ("0.0.0.0", "[fe80::1]:8787", True),
        ("0.0.0.0", "localhost:8787", True),
        ("0.0.0.0", socket.gethostname(), True),
        ("0.0.0.0", "vasi.example.com:8787", True),
        ("0.0.0.0", "VASI.example.com.", True),
        ("0.0.0.0", "rebound.example:8787", False),
        ("::", "rebound.example", False),
        ("vasi.lan", "vasi.lan:8787", True),
        ("vasi.lan", "rebound.example", False),
    ],
)
def test_the_server_answers_to_its_names(bound_to: str, host: str, answered: bool) -> None:
    policy = OriginPolicy(bound_to, hosts=["Vasi.Example.com"])
    verdict = policy.judge(Headers({"host": host}), "http")
    assert (verdict.refusal is None) == answered
    assert answered or "'hosts'" in str(verdict.refusal)


@asynccontextmanager
async def running(
    web: WebSettings | None = None, *keys: str
) -> AsyncIterator[tuple[RunningServer, httpx2.AsyncClient]]:
    async with (
        serving(scripted_engines(ScriptedLlm()), web=web, keys=StaticKeys(keys)) as server,
        httpx2.AsyncClient(base_url=server.http) as http,
    ):
        yield server, http


async def status_of_socket(server: RunningServer, **headers: str) -> int:
    try:
        async with connect(server.ws, additional_headers=headers, compression=None):
            return 101
    except InvalidStatus as error:
        return error.response.status_code


async def test_pages_of_other_ports_open_no_socket() -> None:
    async with running(web_settings(origins=("http://localhost:5173",))) as (server, _):
        assert await status_of_socket(server) == 101
        assert await status_of_socket(server, Origin=server.http) == 101
        assert await status_of_socket(server, Origin="http://localhost:5173") == 101
        for origin in (
            "http://localhost:20720",
            "http://evil.localhost",
            server.http.replace("http:", "https:"),
            "null",
        ):
            assert await status_of_socket(server, Origin=origin) == 403, origin
        assert await status_of_socket(server, **{"Sec-Fetch-Site": "cross-site"}) == 403


@pytest.mark.parametrize("path", ["/v1/models", "/openai/v1/models", "/api/none", "/v1/none"])
async def test_requests_of_other_sites_without_an_origin_are_refused(path: str) -> None:
    async with running() as (_, http):
        for site in ("cross-site", "same-site"):
            for mode in ("no-cors", "navigate"):
                headers = {"Sec-Fetch-Site": site, "Sec-Fetch-Mode": mode}
                assert (await http.get(path, headers=headers)).status_code == 403
        for headers in ({"Sec-Fetch-Site": "same-origin"}, {"Sec-Fetch-Site": "none"}, {}):
            assert (await http.get(path, headers=headers)).status_code in (200, 404)


async def test_other_sites_may_link_to_the_app_and_embed_nothing() -> None:
    async with running() as (_, http):
        linked = {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "navigate", "Accept": "text/html"}
        assert (await http.get("/", headers=linked)).status_code in (200, 503)
        embedded = {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "no-cors"}
        assert (await http.get("/icon.svg", headers=embedded)).status_code == 403
        for path in ("/", "/v1/models", "/healthz"):
            assert (await http.get(path)).headers["cross-origin-resource-policy"] == "same-origin"


async def test_probes_answer_under_every_name() -> None:
    async with running() as (_, http):
        assert (await http.get("/healthz", headers={"Host": "balancer.example"})).status_code == 200
        answer = await http.get("/v1/models", headers={"Host": "rebound.example"})
        assert answer.status_code == 403
        assert "'hosts'" in answer.json()["error"]["message"]


async def test_a_key_is_asked_for_before_a_path_is_looked_up() -> None:
    async with running(None, KEY) as (_, http):
        for method, path in [("POST", "/v1/none"), ("GET", "/v1/models"), ("PUT", "/api/none"), ("GET", "/openai/x")]:
            assert (await http.request(method, path)).status_code == 401
        assert (await http.get("/v1/models", headers={"api-key": KEY})).status_code == 200


async def test_browsers_come_back_by_https_alone_where_it_is_served() -> None:
    async with running(web_settings(hosts=("vasi.example.com",), secure=True)) as (_, http):
        named = await http.get("/v1/models", headers={"Host": "vasi.example.com"})
        assert named.headers["strict-transport-security"].startswith("max-age=")
        # For the whole machine it would be too much.
        assert "strict-transport-security" not in (await http.get("/v1/models")).headers
    async with running(web_settings(hosts=("vasi.example.com",))) as (_, http):
        named = await http.get("/v1/models", headers={"Host": "vasi.example.com"})
        assert "strict-transport-security" not in named.headers
