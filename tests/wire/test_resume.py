"""A client whose connection drops comes back and finds its conversation: the official one, and in both dialects."""

from __future__ import annotations

import asyncio
import contextlib
import json
from collections.abc import AsyncIterator
from typing import Any

import pytest
from openai import AsyncOpenAI
from websockets.asyncio.client import ClientConnection, connect

from tests.backends.upstream.relays import service_at
from tests.beta_validation import check_beta_event
from tests.fakes.realtime_service import realtime_service
from tests.wire_validation import check_event
from vasi.accounts.ephemeral_keys import EphemeralKeys
from vasi.accounts.principals import Principal
from vasi.backends.local import LocalBackend
from vasi.backends.ports import Deliver
from vasi.backends.upstream.session import UpstreamBackend
from vasi.protocol.session import AnySession
from vasi.testing.client import Client
from vasi.testing.engines import scripted_engines
from vasi.testing.ephemeral_keys import EphemeralKeysInMemory
from vasi.testing.llm import Pause, Reply, ScriptedLlm
from vasi.testing.server import RunningServer, serving
from vasi.testing.settings import conversation_settings, gateway_settings
from vasi.web.realtime import RESUME_HEADER

SETTINGS = gateway_settings("You are the assistant of a test.")
TEXT = {"output_modalities": ["text"]}
BETA = {"OpenAI-Beta": "realtime=v1"}


class Frames:
    """A client's socket."""

    def __init__(self, socket: ClientConnection) -> None:
        self.socket = socket

    async def send(self, frame: str) -> None:
        await self.socket.send(frame)

    async def receive(self) -> str | None:
        return str(await self.socket.recv())

    async def close(self) -> None:
        await self.socket.close()


class Caller(Client):
    """A client whose connection may drop."""

    def __init__(self, socket: ClientConnection, *, beta: bool, extension: bool) -> None:
        super().__init__(
            Frames(socket), check_beta_event if beta else lambda event: check_event(event, extension=extension)
        )
        self.socket = socket

    @property
    def token(self) -> str:
        """What the answer to the handshake offered."""
        assert self.socket.response is not None
        return self.socket.response.headers[RESUME_HEADER]

    async def drops(self) -> None:
        """Without a word of farewell."""
        self.socket.transport.abort()
        await self.socket.wait_closed()


@contextlib.asynccontextmanager
async def calling(
    server: RunningServer, query: str = "", *, beta: bool = False, extension: bool = False, **headers: str
) -> AsyncIterator[Caller]:
    async with connect(
        f"{server.ws}{query}", compression=None, additional_headers={**(BETA if beta else {}), **headers}
    ) as socket:
        caller = Caller(socket, beta=beta, extension=extension)
        await caller.until("session.created")
        yield caller


def words(llm: ScriptedLlm) -> list[str]:
    return [str(getattr(message, "text", "")) for message in llm.requests[-1].messages]


@contextlib.asynccontextmanager
async def scripted(*script: Any, **given: Any) -> AsyncIterator[tuple[RunningServer, ScriptedLlm]]:
    llm = ScriptedLlm(*script)
    async with serving(scripted_engines(llm), settings=given.pop("settings", SETTINGS), **given) as server:
        yield server, llm


async def until(connection: Any, kind: str) -> Any:
    async with asyncio.timeout(10):
        while (event := await connection.recv()).type != kind:
            check_event(event.to_dict())
            assert event.type != "error", event
        return event


async def ask(connection: Any, text: str) -> None:
    await connection.conversation.item.create(item=written(text))
    await connection.response.create(response=TEXT)
    assert (await until(connection, "response.done")).response.status == "completed"


async def test_the_official_client_finds_its_conversation_again() -> None:
    async with (
        scripted("It is 83 metres deep.", "I said 83 metres.") as (server, llm),
        AsyncOpenAI(api_key="x", base_url=f"{server.http}/v1") as openai,
    ):
        async with openai.realtime.connect(model="gpt-realtime") as connection:
            session = (await until(connection, "session.created")).session
            await ask(connection, "How deep is the lake?")
            token = connection._connection.response.headers[RESUME_HEADER]
            connection._connection.transport.abort()
        async with openai.realtime.connect(model="other", extra_query={"resume": token}) as connection:
            again = (await until(connection, "session.created")).session
            assert (again.to_dict(), again.model) == (session.to_dict(), "gpt-realtime")
            await ask(connection, "What did you say?")
    assert {"How deep is the lake?", "It is 83 metres deep.", "What did you say?"} <= set(words(llm))


@pytest.mark.parametrize(("first", "second"), [(True, True), (False, True), (True, False)])
async def test_in_any_dialect(first: bool, second: bool) -> None:
    async with scripted("It is deep.", "Very deep.") as (server, llm):
        async with calling(server, beta=first) as caller:
            await caller.send("conversation.item.create", item=written("How deep?"))
            await caller.send("response.create", response={"modalities" if first else "output_modalities": ["text"]})
            await caller.until("response.done")
            token, session = caller.token, caller.of("session.created")[0]["session"]["id"]
            await caller.drops()
        async with calling(server, beta=second, **{RESUME_HEADER: token}) as caller:
            assert caller.of("session.created")[0]["session"]["id"] == session
            await caller.send("conversation.item.create", item=written("How much?"))
            await caller.send("response.create", response={"modalities" if second else "output_modalities": ["text"]})
            assert (await caller.until("response.done"))["response"]["status"] == "completed"
    assert {"How deep?", "It is deep.", "How much?"} <= set(words(llm))


def written(text: str) -> dict[str, Any]:
    return {"type": "message", "role": "user", "content": [{"type": "input_text", "text": text}]}


async def test_what_was_missed_is_told_and_nothing_twice() -> None:
    go_on = asyncio.Event()
    pause = Pause(go_on)
    async with scripted(Reply("It is ", pause, "83 metres deep.")) as (server, _):
        async with calling(server) as caller:
            await caller.write("How deep?")
            await caller.send("response.create", response=TEXT)
            last = await caller.until("response.output_text.delta")
            await pause.reached.wait()
            token = caller.token
            await caller.drops()
        go_on.set()
        async with calling(server, f"?resume={token}&after={last['event_id']}") as again:
            done = (await again.until("response.done"))["response"]
            assert done["output"][0]["content"][0]["text"] == "It is 83 metres deep."
            ids = [event["event_id"] for event in (*caller.events, *again.events)]
            assert len(set(ids)) == len(ids)
            told = "".join(event["delta"] for one in (caller, again) for event in one.of("response.output_text.delta"))
            assert told == "It is 83 metres deep."
            types = [event["type"] for one in (caller, again) for event in one.events]
            assert types.count("response.created") == types.count("response.done") == 1


async def test_what_was_being_spoken_ends_and_counts_as_far_as_it_was_played() -> None:
    endless = "One two three four five six seven eight nine ten. " * 20
    async with scripted(endless, "Sorry.") as (server, llm):
        async with calling(server) as caller:
            await caller.write("Count.")
            await caller.send("response.create")
            await caller.until("response.output_audio.delta")
            token = caller.token
            await caller.drops()
        async with calling(server, f"?resume={token}") as caller:
            done = (await caller.until("response.done"))["response"]
            assert (done["status"], done["status_details"]["reason"]) == ("cancelled", "client_cancelled")
            cut = await caller.until("conversation.item.truncated")
            assert cut["audio_end_ms"] < 10_000
            assert not caller.of("response.output_audio.delta")
            assert (await caller.say("Go on.", **TEXT))["status"] == "completed"
            assert not caller.of("error")
        assert all(len(text) < len(endless) // 2 for text in words(llm)), "the model believes that all was heard"


async def test_in_front_of_a_model_service() -> None:
    async with realtime_service() as fake:
        service = service_at(fake)

        def backend(session: AnySession, *, seed: str, profile: str) -> UpstreamBackend:
            return UpstreamBackend(service, session, seed=seed)

        async with scripted(backend=backend) as (server, _):
            async with calling(server) as caller:
                assert (await caller.say("How deep is the lake?", **TEXT))["status"] == "completed"
                token = caller.token
                await caller.drops()
            async with calling(server, f"?resume={token}") as caller:
                assert (await caller.say("And how cold?", **TEXT))["status"] == "completed"
        assert len(fake.connections) == 1, "the conversation goes on where it was"
        await service.close()


async def test_a_browser_is_told_its_token_in_an_event() -> None:
    async with scripted("Yes.", resume_s=7) as (server, _):
        async with calling(server, extension=True) as caller:
            await caller.update(include=["vasi.activity"])
            told = await caller.until("vasi.session")
            assert (told["grace_s"], told["resumed"], told["complete"]) == (7, False, True)
            assert told["resume_token"] == caller.token
            await caller.update(instructions="Be brief.")
            await caller.drops()
        async with calling(server, f"?resume={told['resume_token']}", extension=True) as caller:
            event = await caller.next()
            assert (event["type"], event["resumed"], event["complete"]) == ("vasi.session", True, True)
            assert event["resume_token"] == caller.token != told["resume_token"]
            assert caller.of("session.created")[0]["session"]["instructions"] == "Be brief."
            assert (await caller.say("Are you there?", **TEXT))["status"] == "completed"
            assert len(caller.of("vasi.session")) == 1


async def test_who_notices_first_that_the_connection_is_dead_need_not_wait_for_the_server() -> None:
    async with (
        scripted("Yes.") as (server, _),
        calling(server) as dead,
        calling(server, f"?resume={dead.token}") as caller,
    ):
        assert caller.of("session.created")[0]["session"] == dead.of("session.created")[0]["session"]
        await asyncio.wait_for(dead.socket.wait_closed(), 10)
        assert dead.socket.close_code == 4009
        assert (await caller.say("Are you there?", **TEXT))["status"] == "completed"


async def refused(caller: Caller, former: str) -> None:
    error = (await caller.until("error"))["error"]
    assert (error["type"], error["code"]) == ("invalid_request_error", "session_not_resumed")
    assert caller.of("session.created")[0]["session"]["id"] != former
    assert (await caller.say("Hello.", **TEXT))["status"] == "completed"


async def test_a_token_is_good_once() -> None:
    async with scripted("Hello.") as (server, _), calling(server) as first:
        token, former = first.token, first.of("session.created")[0]["session"]["id"]
        await first.drops()
        async with calling(server, f"?resume={token}"), calling(server, f"?resume={token}") as third:
            await refused(third, former)


async def test_who_hangs_up_is_not_waited_for() -> None:
    async with scripted("Hello.") as (server, _):
        async with calling(server) as first:
            token, former = first.token, first.of("session.created")[0]["session"]["id"]
        async with calling(server, f"?resume={token}") as caller:
            await refused(caller, former)


async def test_who_comes_too_late_begins_anew() -> None:
    over = asyncio.Event()
    engines = scripted_engines(ScriptedLlm("Hello."))

    class Ending(LocalBackend):
        async def run(self, deliver: Deliver) -> None:
            try:
                await super().run(deliver)
            finally:
                over.set()

    def backend(session: AnySession, *, seed: str, profile: str) -> Ending:
        return Ending(engines, session, conversation_settings(), seed=seed, profile=profile)

    async with serving(engines, settings=SETTINGS, resume_s=0.05, backend=backend) as server:
        async with calling(server) as first:
            token, former = first.token, first.of("session.created")[0]["session"]["id"]
            await first.drops()
        await asyncio.wait_for(over.wait(), 10)
        async with calling(server, f"?resume={token}") as caller:
            await refused(caller, former)


async def test_nobody_resumes_the_session_of_somebody_else() -> None:
    keys = EphemeralKeys(EphemeralKeysInMemory())
    async with scripted("Hello.", ephemeral=keys) as (server, _):
        anna, ben = [(await keys.mint(Principal(name), b"{}", 60))[0] for name in ("anna", "ben")]
        async with calling(server, Authorization=f"Bearer {anna}") as first:
            token, former = first.token, first.of("session.created")[0]["session"]["id"]
            await first.drops()
        async with calling(server, f"?resume={token}", Authorization=f"Bearer {ben}") as caller:
            await refused(caller, former)
        async with calling(server, f"?resume={token}", Authorization=f"Bearer {anna}") as caller:
            assert caller.of("session.created")[0]["session"]["id"] == former, "the attempt of another spends nothing"


async def test_where_it_is_turned_off_nothing_is_offered() -> None:
    async with scripted(resume_s=0) as (server, _), calling(server, extension=True) as caller:
        assert caller.socket.response is not None
        assert RESUME_HEADER not in caller.socket.response.headers
        await caller.update(include=["vasi.activity"])
        assert json.dumps(caller.events).count("resume") == 0
