"""Who may come in with which key, and what an ephemeral key opens: over real sockets, with the official client."""

from __future__ import annotations

import asyncio
import base64
import json
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from typing import Any

import httpx2
import pytest
from openai import APIStatusError, AsyncAzureOpenAI, AsyncOpenAI, AuthenticationError, BadRequestError
from openai.types.realtime import ClientSecretCreateResponse
from pydantic import TypeAdapter
from websockets.asyncio.client import connect
from websockets.exceptions import InvalidStatus

from tests.wire_validation import check_event
from vasi.accounts.ephemeral_keys import EphemeralKeys
from vasi.accounts.secrets import StaticKeys
from vasi.testing.engines import ScriptedStt, scripted_engines, silence, speech
from vasi.testing.ephemeral_keys import EphemeralKeysInMemory
from vasi.testing.llm import ScriptedLlm
from vasi.testing.server import RunningServer, serving
from vasi.testing.settings import conversation_settings, gateway_settings

KEY = "a-key-of-this-server"
SETTINGS = gateway_settings("The server's own prompt.")
UNPACED = conversation_settings(lead_ms=None)
EVERYWHERE = ["/v1/realtime", "/openai/v1/realtime", "/openai/realtime"]


class Clock:
    now = 1_000_000.0

    def __call__(self) -> float:
        return self.now


@asynccontextmanager
async def running(*keys: str, ephemeral: EphemeralKeys | None = None) -> AsyncIterator[RunningServer]:
    engines = scripted_engines(ScriptedLlm())
    async with serving(
        engines, settings=SETTINGS, conversation=UNPACED, keys=StaticKeys(keys), ephemeral=ephemeral
    ) as server:
        yield server


@asynccontextmanager
async def client(server: RunningServer, key: str = "anything") -> AsyncIterator[AsyncOpenAI]:
    async with AsyncOpenAI(api_key=key, base_url=f"{server.http}/v1", max_retries=0) as opened:
        yield opened


def at(server: RunningServer, path: str) -> str:
    return server.ws.replace("/v1/realtime", path)


def forms(key: str) -> Iterator[tuple[str, dict[str, Any]]]:
    """What to add to the address, and how to connect."""
    yield "", {"additional_headers": {"Authorization": f"Bearer {key}"}}
    yield "", {"additional_headers": {"Authorization": f"bearer  {key}"}}
    yield "", {"additional_headers": {"api-key": key}}
    yield f"?api-key={key}", {}
    yield "?model=m", {"subprotocols": ["realtime", f"openai-insecure-api-key.{key}", "openai-organization.x"]}


async def refused(address: str, **how: Any) -> tuple[int, dict[str, Any]]:
    """Status and error of a handshake that is answered in HTTP."""
    with pytest.raises(InvalidStatus) as answer:
        await connect(address, **how)
    response = answer.value.response
    assert response.body is not None
    return response.status_code, json.loads(response.body)["error"]


@pytest.mark.parametrize("path", EVERYWHERE)
async def test_the_servers_key_opens_in_every_form_and_another_in_none(path: str) -> None:
    async with running("another-key-of-it", KEY) as server:
        for query, how in forms(KEY):
            async with connect(at(server, path) + query, **how) as socket:
                assert json.loads(await socket.recv())["type"] == "session.created"
        for query, how in forms("sk-not-a-key-of-this-server"):
            status, error = await refused(at(server, path) + query, **how)
            assert (status, error["type"], error["code"]) == (401, "invalid_request_error", "invalid_api_key")
            assert "sk-not" not in error["message"]
        status, error = await refused(at(server, path))
        assert (status, error["code"]) == (401, "invalid_api_key")


async def test_rest_wants_the_key_too_and_probes_do_not() -> None:
    async with running(KEY) as server, httpx2.AsyncClient() as http:
        for path in ("/v1/realtime/client_secrets", "/v1/realtime/sessions", "/openai/realtimeapi/sessions"):
            assert (await http.post(server.http + path, json={})).status_code == 401
            assert (await http.post(server.http + path, json={}, headers={"api-key": KEY})).status_code == 200
        answer = await http.get(f"{server.http}/v1/models")
        assert answer.status_code == 401
        assert answer.headers["www-authenticate"] == "Bearer"
        assert answer.json()["error"].keys() == {"message", "type", "param", "code"}
        assert (await http.get(f"{server.http}/healthz")).status_code == 200
        async with client(server, "wrong") as stranger, client(server, KEY) as known:
            with pytest.raises(AuthenticationError):
                await stranger.models.list()
            assert [model.id for model in (await known.models.list()).data] == ["vasi"]


async def test_without_keys_any_or_none_is_taken() -> None:
    async with running() as server:
        for query, how in [("", {}), *forms("sk-anything")]:
            async with connect(server.ws + query, **how) as socket:
                assert json.loads(await socket.recv())["type"] == "session.created"


@pytest.mark.parametrize("keys", [(), (KEY,)])
async def test_an_ephemeral_key_must_be_real_everywhere(keys: tuple[str, ...]) -> None:
    async with running(*keys) as server, httpx2.AsyncClient() as http:
        for path in EVERYWHERE:
            for query, how in forms("ek_unknown"):
                status, error = await refused(at(server, path) + query, **how)
                assert (status, error["code"]) == (401, "invalid_api_key")
        bearer = {"Authorization": "Bearer ek_unknown"}
        assert (await http.get(f"{server.http}/v1/models", headers=bearer)).status_code == 401
        assert (await http.post(f"{server.http}/v1/realtime/client_secrets", headers=bearer)).status_code == 401


async def test_an_ephemeral_key_opens_the_session_it_was_made_for() -> None:
    async with running(KEY) as server:
        wanted = {
            "type": "realtime",
            "model": "my-model",
            "instructions": 'reply exactly: "As configured."',
            "output_modalities": ["text"],
            "audio": {"output": {"voice": "marin"}},
            "tools": [{"type": "function", "name": "ring_bell", "parameters": {"type": "object"}}],
            "tool_choice": "none",
        }
        async with client(server, KEY) as maker:
            made = await maker.realtime.client_secrets.create(
                expires_after={"anchor": "created_at", "seconds": 60},
                session=wanted,  # type: ignore[arg-type]
            )
        TypeAdapter(ClientSecretCreateResponse).validate_python(made.to_dict(), extra="forbid")
        shown = made.session.to_dict()
        assert (shown["object"], shown["expires_at"]) == ("realtime.session", 0)
        assert shown["instructions"] == wanted["instructions"], "the server's own prompt is not shown"
        for _ in range(2):
            async with client(server, made.value) as user, user.realtime.connect(model="other") as connection:
                created = (await connection.recv()).to_dict()
                check_event(created)
                session = created["session"]
                for name in ("model", "instructions", "output_modalities", "tools", "tool_choice"):
                    assert session[name] == wanted[name], name
                assert session["audio"]["output"]["voice"] == "marin"
                assert session["audio"]["input"]["turn_detection"]["type"] == "server_vad", "what it didn't name stays"
                await connection.response.create()
                async with asyncio.timeout(10):
                    while (event := await connection.recv()).type != "response.done":
                        check_event(event.to_dict())
                assert event.response.output[0].content[0].text == "As configured."
                await connection.session.update(session={"type": "realtime", "instructions": "Mine."})
                while (event := await connection.recv()).type != "session.updated":
                    pass
                assert event.session.instructions == "Mine."


async def test_a_key_expires_and_its_sessions_go_on() -> None:
    clock = Clock()
    async with running(ephemeral=EphemeralKeys(EphemeralKeysInMemory(), clock=clock)) as server:
        async with client(server) as maker:
            made = await maker.realtime.client_secrets.create()
        assert made.expires_at == clock.now + 600
        bearer = {"Authorization": f"Bearer {made.value}"}
        async with connect(server.ws, additional_headers=bearer) as socket:
            await socket.recv()
            clock.now += 601
            status, error = await refused(server.ws, additional_headers=bearer)
            assert (status, error["code"]) == (401, "invalid_api_key")
            await socket.send('{"type":"session.update","session":{"type":"realtime","instructions":"Still here."}}')
            assert "Still here." in str(await socket.recv())


async def test_an_ephemeral_key_makes_no_other() -> None:
    async with running() as server:
        async with client(server) as maker:
            made = await maker.realtime.client_secrets.create()
        async with client(server, made.value) as visitor:
            with pytest.raises(AuthenticationError, match="can't make another"):
                await visitor.realtime.client_secrets.create()


async def test_too_many_keys_are_a_matter_of_waiting() -> None:
    async with running(ephemeral=EphemeralKeys(EphemeralKeysInMemory(most=1))) as server, client(server) as maker:
        await maker.realtime.client_secrets.create()
        with pytest.raises(APIStatusError) as answer:
            await maker.realtime.client_secrets.create()
        assert (answer.value.status_code, answer.value.code) == (429, "rate_limit_exceeded")


DEEP: Any = {}
for _ in range(100):
    DEEP = {"properties": DEEP}


@pytest.mark.parametrize(
    ("body", "param"),
    [
        ({"expires_after": {"anchor": "created_at", "seconds": 9}}, "expires_after.seconds"),
        ({"expires_after": {"anchor": "created_at", "seconds": 7201}}, "expires_after.seconds"),
        ({"expires_after": {"anchor": "now"}}, "expires_after.anchor"),
        ({"session": {"audio": {"output": {"speed": 9}}}}, "session.audio.output.speed"),
        ({"session": {"type": "translation"}}, "session.type"),
        ({"session": {"type": "transcription", "instructions": "x"}}, "session.instructions"),
        ({"session": {"model": 7}}, "session.model"),
        ({"session": {"id": "sess_1"}}, "session.id"),
        ({"session": {"nonsense": 1}}, "session.nonsense"),
        (
            {"session": {"tools": [{"type": "function", "name": "x", "parameters": DEEP}]}},
            "session.tools[0].parameters",
        ),
        ({"session": 3}, "session"),
        ({"nonsense": 1}, "nonsense"),
    ],
)
async def test_a_wrong_configuration_is_refused_by_name(body: dict[str, Any], param: str) -> None:
    async with running() as server, httpx2.AsyncClient() as http:
        for prefix in ("/v1", "/openai/v1"):
            answer = await http.post(f"{server.http}{prefix}/realtime/client_secrets", json=body)
            assert answer.status_code == 400
            assert answer.json()["error"]["param"] == param


@pytest.mark.parametrize(
    ("body", "status"), [(b"{", 400), (b"[]", 400), (b"\xff", 400), (b"[" * 100_000, 400), (b" " * 1_100_000, 413)]
)
@pytest.mark.parametrize("route", ["client_secrets", "sessions"])
async def test_a_body_that_is_none_is_refused(route: str, body: bytes, status: int) -> None:
    async with running() as server, httpx2.AsyncClient() as http:
        answer = await http.post(f"{server.http}/v1/realtime/{route}", content=body)
        assert (answer.status_code, answer.json()["error"]["type"]) == (status, "invalid_request_error")


async def test_an_intent_that_is_not_served_is_refused_before_the_upgrade() -> None:
    async with running() as server:
        status, error = await refused(f"{server.ws}?intent=translation")
        assert (status, error["param"], "translation" in error["message"]) == (400, "session.type", True)
        status, error = await refused(f"{server.ws}?model={'m' * 300}")
        assert (status, error["param"]) == (400, "session.model")


@pytest.mark.parametrize("path", EVERYWHERE)
async def test_a_call_that_there_is_not_is_no_new_session(path: str) -> None:
    """Where a client attaches to a call of its user's, it must not talk to a session of its own."""
    async with running(KEY) as server:
        bearer = {"Authorization": f"Bearer {KEY}"}
        for query in ("?call_id=rtc_u1_9c6574da8b8a41a18da9308f4ad974ce", "?call_id=", "?model=m&call_id=rtc_1"):
            status, error = await refused(at(server, path) + query, additional_headers=bearer)
            assert (status, error["type"]) == (404, "invalid_request_error")
            assert (error["code"], error["param"]) == ("call_id_not_found", "call_id")
        status, error = await refused(f"{at(server, path)}?call_id=rtc_1")
        assert (status, error["code"]) == (401, "invalid_api_key"), "who isn't signed in learns nothing of calls"


async def test_a_socket_to_another_address_is_told_the_right_one() -> None:
    async with running() as server:
        for path in ("/v1/nope", "/v1/realtime/", "/api/events", "/"):
            status, error = await refused(at(server, path))
            assert (status, error["code"]) == (404, "not_found")
            assert "connect to /v1/realtime." in error["message"]


async def test_azures_routes_make_keys_that_open_azures_paths() -> None:
    async with running(KEY) as server:
        azure = AsyncAzureOpenAI(api_key=KEY, api_version="2025-04-01-preview", azure_endpoint=server.http)
        async with azure, httpx2.AsyncClient() as http:
            by_sdk = (await azure.realtime.client_secrets.create(session={"type": "realtime"})).value
            headers = {"api-key": KEY}
            new = await http.post(f"{server.http}/openai/v1/realtime/client_secrets", headers=headers, json={})
            address = f"{server.http}/openai/realtimeapi/sessions?api-version=2025-04-01-preview"
            old = await http.post(address, headers=headers, json={"model": "d", "voice": "verse"})
            assert old.json()["voice"] == "verse"
            for key in (by_sdk, new.json()["value"], old.json()["client_secret"]["value"]):
                for path in EVERYWHERE:
                    async with connect(f"{at(server, path)}?deployment=d&api-key={key}") as socket:
                        assert json.loads(await socket.recv())["session"]["model"] == "d"


async def test_what_is_not_there_is_said_as_openai_says_it() -> None:
    async with running() as server, httpx2.AsyncClient() as http:
        answer = await http.get(f"{server.http}/v1/nothing")
        assert (answer.status_code, answer.json()["error"]["type"]) == (404, "invalid_request_error")
        answer = await http.get(f"{server.http}/v1/realtime/sessions")
        assert (answer.status_code, answer.headers["allow"]) == (405, "POST")
        async with client(server) as maker:
            with pytest.raises(BadRequestError, match="'x'"):
                await maker.post("/realtime/client_secrets", body={"x": 1}, cast_to=object)


async def test_sessions_that_only_listen() -> None:
    audio = speech(600) + silence(900)
    config = {"type": "transcription", "audio": {"input": {"turn_detection": {"type": "server_vad"}}}}
    engines = scripted_engines(ScriptedLlm(), stt=ScriptedStt(["Good morning."] * 2))
    async with serving(engines, settings=SETTINGS, conversation=UNPACED) as server, httpx2.AsyncClient() as http:
        made = (await http.post(f"{server.http}/v1/realtime/client_secrets", json={"session": config})).json()
        assert (made["session"]["type"], "instructions" in made["session"]) == ("transcription", False)
        by_key = {"additional_headers": {"Authorization": f"Bearer {made['value']}"}}
        for query, given in (("", by_key), ("?intent=transcription", {})):
            async with connect(f"{server.ws}{query}", **given) as socket:
                await socket.send(json.dumps({"type": "response.create"}))
                for at in range(0, len(audio), 9600):
                    piece = base64.b64encode(audio[at : at + 9600]).decode()
                    await socket.send(json.dumps({"type": "input_audio_buffer.append", "audio": piece}))
                kinds = []
                while not kinds or not kinds[-1].endswith("transcription.completed"):
                    event = json.loads(await asyncio.wait_for(socket.recv(), 10))
                    check_event(event)
                    kinds.append(event["type"])
                assert event["transcript"] == "Good morning."
                assert kinds[0] == "session.created"
                assert not [kind for kind in kinds if kind.startswith("response.")]
                assert kinds.count("error") == 1
