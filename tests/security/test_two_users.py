"""Another user's ids open nothing: every route, every event of a session and every tool is tried with all of them."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, get_args

import pytest
from starlette.routing import Mount, Route
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, InvalidStatus

from tests.security.others_ids import CANARY, FREE, NAMES, SECRET, Attempt, attempts, fields, read
from tests.web.app_server import App, running
from vasi.accounts.browser_sessions import Browser, principal_of
from vasi.accounts.principals import Principal
from vasi.engines.llm.extractive import ExtractiveLlm
from vasi.errors import VasiError
from vasi.protocol import client_events
from vasi.storage.accounts import Identity, Invitation, User
from vasi.tools.ports import ToolContext

NOW = datetime.now(UTC)
REFUSED = (401, 403, 404, 405)
WEBRTC = "rtc_of_another_server"


@dataclass
class Person:
    """A user with a personal key, and a cookie."""

    principal: Principal
    key: str
    cookie: str

    @property
    def headers(self) -> dict[str, str]:
        return {"authorization": f"Bearer {self.key}"}

    @property
    def browser(self) -> dict[str, str]:
        return {"cookie": f"vasi-session={self.cookie}", "sec-fetch-site": "same-origin"}


@dataclass
class World:
    """A server with two users, and the ids of what Anna has."""

    app: App
    anna: Person
    ben: Person
    ids: dict[str, list[str]] = field(default_factory=dict[str, list[str]])

    def leaks(self, text: bytes, sent: frozenset[str]) -> list[str]:
        """What of Anna's ``text`` says, but for the ids that Ben has sent himself."""
        lowered = text.lower()
        theirs = {one for found in self.ids.values() for one in found} - {WEBRTC}
        theirs = {one for one in theirs if not any(one in known for known in sent)}
        return [one for one in (SECRET, *theirs) if len(one) > 4 and one.lower().encode() in lowered]


async def person(app: App, name: str, *groups: str) -> Person:
    user = User(f"user_{name}", name.title(), f"{name}@example.com", "user", groups, False, NOW)
    await app.vasi.store.find_or_add_user(Identity("https://id.example", name), user)
    principal = principal_of(user)
    key, _ = await app.vasi.accounts.keys.make(
        principal, f"key of {name}", ("realtime", "read", "write", "admin"), None
    )
    cookie, _ = await app.vasi.accounts.sessions.begin(user.id, Browser("127.0.0.1", "Firefox"))
    return Person(principal, key, cookie)


@pytest.fixture
async def world(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[World]:
    async with running(tmp_path, monkeypatch, ExtractiveLlm(), api_keys=["the-key-of-the-server"]) as app:
        world = World(app, await person(app, "anna", "board"), await person(app, "ben", "crew"))
        await live(world)
        yield world


async def live(world: World) -> None:
    """Anna leaves something of every kind, all with the canary."""
    app, headers, ids = world.app, world.anna.headers, world.ids
    http, store = app.http, app.vasi.store
    board = await app.vasi.knowledge.collections.add(f"Board {SECRET}", everyone=False, groups=["board"])
    text = f"# About {SECRET}\n\nThe {CANARY} swims at dawn near the {SECRET}.\n".encode()
    (
        await http.post("/api/documents", files=[("files", (f"{CANARY} {SECRET}.md", text))], headers=headers)
    ).raise_for_status()
    administrator = {"authorization": "Bearer the-key-of-the-server"}
    shared = [("files", (f"shared {SECRET}.md", text + b"And at dusk."))]
    params = {"collection": board.id}
    (await http.post("/api/documents", files=shared, params=params, headers=administrator)).raise_for_status()
    await app.vasi._uploads.idle()
    notes: list[str] = []
    for said in ("Feed", "Sell", "Wash"):
        note = await http.post(
            "/api/notes", json={"text": f"{said} the {CANARY} {SECRET}.", "tags": [SECRET]}, headers=headers
        )
        notes.append(note.json()["id"])
    await http.delete(f"/api/notes/{notes[1]}", headers=headers)
    await http.patch(f"/api/notes/{notes[2]}", json={"text": f"Dry the {CANARY} {SECRET}."}, headers=headers)
    await http.put("/api/account/preferences", json={"pet": SECRET}, headers=headers)
    async with app.talk(headers=headers, include=["vasi.activity"]) as client:
        said = await client.say(f"When does the {CANARY} of {SECRET} swim?")
        assert SECRET in said["output"][-1]["content"][0]["text"]
        ids["response"] = [said["id"]]
        ids["passage"] = [one["id"] for event in client.of("vasi.passages") for one in event["passages"]]
    ids["conversation"] = [one.id for one in await store.conversations(world.anna.principal.owner)]
    items = await store.conversation_items(world.anna.principal.owner, ids["conversation"][0])
    while len(items) < 2:  # it's written down behind the talk
        items = await store.conversation_items(world.anna.principal.owner, ids["conversation"][0])
    ids["item"] = [str(one.item.id) for one in items]
    ids["note"] = notes
    readable = await app.vasi.knowledge.collections.readable(world.anna.principal.owner, ("board",))
    found = await store.documents(readable)
    ids["document"] = [one.id for one in found]
    ids["original"] = [one.original for one in found if one.original]
    ids["job"] = [job.id for job in app.vasi._uploads.uploads(world.anna.principal.owner)]
    ids["collection"] = [board.id]
    ids["user"] = [world.anna.principal.owner]
    ids["key"] = [one.id for one in await store.keys(world.anna.principal.owner)]
    ids["browser_session"] = [one.id for one in await store.sessions(world.anna.principal.owner)]
    invitation = Invitation("inv_annas", f"{SECRET}@example.com", "user", (), "user_anna", NOW, NOW + timedelta(days=1))
    await store.add_invitation(b"digest", invitation)
    ids["invitation"] = [invitation.id]
    ids["call"] = [WEBRTC]
    ids["provider"] = ["nobody"]
    async with connect(app.server.ws, additional_headers=headers, compression=None) as socket:
        assert socket.response is not None
        ids["resumption"] = [socket.response.headers["x-vasi-resume-token"]]
        await socket.recv()
        socket.transport.abort()  # it waits for its client
    assert all(found for found in ids.values()), ids


async def of_anna(world: World) -> list[Any]:
    """All that Anna has, to see that nothing became of it."""
    store, owner = world.app.vasi.store, world.anna.principal.owner
    readable = await world.app.vasi.knowledge.collections.readable(owner, ("board",))
    conversations = await store.conversations(owner)
    return [
        await store.documents(readable),
        await store.notes(owner),
        [(one, await store.conversation_items(owner, one.id)) for one in conversations],
        await store.preferences(owner),
        await store.collections(),
        [(key.id, key.scopes) for key in await store.keys(owner)],
        [one.id for one in await store.sessions(owner)],
        await store.user(owner),
        await store.invitations(),
    ]


async def tried(world: World, attempt: Attempt, headers: dict[str, str]) -> tuple[int, bytes]:
    """The status, headers and body that came; of a stream what comes at once."""
    http = world.app.http
    request = http.build_request(
        attempt.method,
        attempt.path,
        params=attempt.params,
        headers={**attempt.headers, **headers},
        json=attempt.json,
        files=attempt.files,
        data=attempt.data or None,
    )
    answer = await http.send(request, stream=True)
    try:
        if answer.headers.get("content-type", "").startswith("text/event-stream"):
            content = b""
            with_pieces = answer.aiter_raw()
            async with asyncio.timeout(20):
                while b"\n\n" not in content:
                    content += await anext(with_pieces)
                # Whatever was missed comes before the first wait.
                if attempt.headers.get("last-event-id"):
                    content += await _at_once(with_pieces)
        else:
            content = read(await answer.aread())
    finally:
        await answer.aclose()
    head = "\n".join(f"{name}: {value}" for name, value in answer.headers.items())
    return answer.status_code, head.encode() + b"\n\n" + content


async def _at_once(pieces: AsyncIterator[bytes]) -> bytes:
    try:
        async with asyncio.timeout(0.3):
            return await anext(pieces)
    except TimeoutError:
        return b""


def outside_of_the_api(world: World) -> list[Attempt]:
    """The routes that no OpenAPI description has, each with every id that its path takes, or in a body."""
    asgi: Any = world.app.vasi.asgi()
    found: list[Attempt] = []
    for route in asgi.routes:
        if isinstance(route, Mount):
            assert route.path == "/api", "described elsewhere"
            continue
        assert isinstance(route, Route)
        paths = [route.path]
        for name in route.param_convertors:
            paths = [path.replace(f"{{{name}}}", value) for path in paths for value in world.ids[NAMES[name]]]
        for path in paths:
            sent = frozenset(value for values in world.ids.values() for value in values if value in path)
            for method in (route.methods or set()) - {"HEAD"}:
                body = {"session": {"type": "realtime"}} if method == "POST" else None
                found.append(Attempt(method, path, json=body, ids=sent))
                if method == "POST":
                    for prompt in world.ids["item"]:
                        body = {"session": {"type": "realtime", "prompt": {"id": prompt}}}
                        found.append(Attempt(method, path, json=body, ids=sent | {prompt}))
    return found


async def test_no_route_gives_or_takes_anything_of_another_user(world: World) -> None:
    before = await of_anna(world)
    described = world.app.vasi.asgi().routes[-1].app.openapi()  # type: ignore[attr-defined]
    everything = [*attempts(described, world.ids), *outside_of_the_api(world)]
    count = 0
    for headers in (world.ben.headers, world.ben.browser):
        # What ends his own account comes last.
        for attempt in sorted(
            everything, key=lambda one: one.path.startswith("/api/account") and one.method == "DELETE"
        ):
            if attempt.path.startswith("/api/account") and attempt.method == "DELETE" and not attempt.aims:
                continue
            status, said = await tried(world, attempt, headers)
            count += 1
            assert world.leaks(said, attempt.ids) == [], (attempt, status, said[:2000])
            assert status < 500 or attempt.path == "/readyz" or status in (501, 503), (attempt, said)
            if attempt.aims:
                assert status in (*REFUSED, 400, 415, 422, 501, 503), (attempt, status, said)
            assert "secret" not in attempt.params
    assert await of_anna(world) == before
    paths = {attempt.path for attempt in everything}
    assert any(path.startswith("/api/documents/") for path in paths)
    assert any(path.startswith("/v1/realtime/calls/") for path in paths)
    assert count > 200
    print(f"{count} requests with another user's ids")


# --- sessions ---------------------------------------------------------------------------------------------------------
EVENTS = {struct.__struct_config__.tag: struct for struct in get_args(client_events.ClientEvent)}
PLAUSIBLE: dict[str, Any] = {
    "event_id": "e1",
    "content_index": 0,
    "audio_end_ms": 0,
    "audio": "AAAA",
    "played_ms": 0,
    "audio_played_ms": 0,
    "final": True,
}
"""Values of the fields of events that name nothing."""


def events(world: World) -> list[tuple[dict[str, Any], frozenset[str]]]:
    """Every client event with every id that each of its fields may hold, at any depth."""
    ids, made = world.ids, list[tuple[dict[str, Any], frozenset[str]]]()
    unknown = fields(list(EVENTS.values())) - set(NAMES) - set(PLAUSIBLE) - {"session", "response", "item"}
    assert not unknown, f"say in NAMES or PLAUSIBLE what these fields of events name: {unknown}"
    anything = [
        one for kind in ("item", "conversation", "response", "note", "document", "passage") for one in ids[kind]
    ]
    for tag, struct in EVENTS.items():
        names = [name for name in struct.__struct_fields__ if name in NAMES]
        plain = {name: PLAUSIBLE[name] for name in struct.__struct_fields__ if name in PLAUSIBLE}
        for name in names:
            for value in anything:
                others = {other: value for other in names}
                made.append(({"type": tag, **plain, **others, name: value}, frozenset((value,))))
        if not names:
            made.append(({"type": tag, **plain}, frozenset()))
    for value in anything:
        sent = frozenset((value,))
        message = {"type": "message", "role": "user", "content": [{"type": "input_text", "text": "And that?"}]}
        made += [
            ({"type": "session.update", "session": {"type": "realtime", "prompt": {"id": value}}}, sent),
            ({"type": "conversation.item.create", "item": {**message, "id": f"x{value}"[:32]}}, sent),
            ({"type": "conversation.item.create", "previous_item_id": value, "item": message}, sent),
            ({"type": "conversation.item.create", "item": {"type": "item_reference", "id": value}}, sent),
            (
                {
                    "type": "conversation.item.create",
                    "item": {"type": "mcp_approval_response", "approval_request_id": value, "approve": True},
                },
                sent,
            ),
            (
                {
                    "type": "response.create",
                    "response": {"input": [{"type": "item_reference", "id": value}, message]},
                },
                sent,
            ),
        ]
    labels = [{"type": "mcp", "server_label": "vasi", "require_approval": "never"}]
    made.append(({"type": "session.update", "session": {"type": "realtime", "tools": labels}}, frozenset()))
    for question in (
        f"When does the {CANARY} swim?",
        f"What do my notes say about the {CANARY}?",
        "Read all my notes.",
    ):
        item = {"type": "message", "role": "user", "content": [{"type": "input_text", "text": question}]}
        made.append(({"type": "conversation.item.create", "item": item}, frozenset((CANARY,))))
        made.append(({"type": "response.create", "response": {"output_modalities": ["text"]}}, frozenset((CANARY,))))
    return made


async def frames(socket: ClientConnection, until: str) -> list[str]:
    """What comes until an event of this type."""
    seen: list[str] = []
    async with asyncio.timeout(60):
        while not seen or json.loads(seen[-1])["type"] != until:
            seen.append(str(await socket.recv()))
    return seen


async def test_no_event_of_a_session_reaches_anything_of_another_user(world: World) -> None:
    before = await of_anna(world)
    made = events(world)
    assert {event["type"] for event, _ in made} >= set(EVENTS), "every event is tried"
    async with connect(world.app.server.ws, additional_headers=world.ben.headers, compression=None) as socket:
        await frames(socket, "session.created")
        session: dict[str, Any] = {"type": "realtime", "output_modalities": ["text"], "include": ["vasi.activity"]}
        await socket.send(json.dumps({"type": "session.update", "session": session}))
        said: set[str] = set()
        for event, sent in made:
            said |= sent  # an answer may come late
            await socket.send(json.dumps(event))
            # An error for what nobody knows tells that everything before was worked through.
            await socket.send(json.dumps({"type": "nonsense", "event_id": "mark"}))
            seen: list[str] = []
            async with asyncio.timeout(60):
                while not seen or '"mark"' not in seen[-1]:
                    seen.append(str(await socket.recv()))
            if event["type"] == "response.create":
                seen += [] if any('"response.done"' in one for one in seen) else await _response(socket, seen)
            text = "\n".join(seen).encode()
            assert world.leaks(text, frozenset(said)) == [], (event, seen)
    assert await of_anna(world) == before
    print(f"{len(made)} events with another user's ids")


async def _response(socket: ClientConnection, seen: list[str]) -> list[str]:
    """The rest of a response, if one was begun."""
    if not any('"response.created"' in one for one in seen):
        return []
    return await frames(socket, "response.done")


async def test_no_session_begins_with_anything_of_another_user(world: World) -> None:
    for path in ("/v1/realtime", "/openai/v1/realtime", "/v1/realtime/translations"):
        address = f"ws://127.0.0.1:{world.app.server.port}{path}"
        for name in ("conversation", "call_id"):
            for value in (*world.ids["conversation"], *world.ids["call"], *world.ids["item"]):
                with pytest.raises(InvalidStatus) as refused:
                    async with connect(f"{address}?{name}={value}", additional_headers=world.ben.headers):
                        pass
                assert refused.value.response.status_code in (400, 403, 404, 500, 503)
                assert world.leaks(bytes(refused.value.response.body or b""), frozenset((value,))) == []
    token = world.ids["resumption"][0]
    address = f"{world.app.server.ws}?resume={token}&after=x"
    try:
        async with connect(address, additional_headers=world.ben.headers, compression=None) as socket:
            created = json.loads((await frames(socket, "session.created"))[-1])
            assert world.leaks(json.dumps(created).encode(), frozenset((token,))) == []
    except ConnectionClosed:
        pass
    anna = f"{world.app.server.ws}?resume={token}"
    async with connect(anna, additional_headers=world.anna.headers, compression=None) as socket:
        assert socket.response is not None
        assert socket.response.headers.get("x-vasi-resume-token") not in (None, token), "it's still Anna's to resume"


async def test_a_short_lived_key_of_another_user_opens_nothing_of_the_api(world: World) -> None:
    answer = await world.app.http.post("/v1/realtime/client_secrets", json={}, headers=world.anna.headers)
    secret = {"authorization": f"Bearer {answer.json()['value']}"}
    described = world.app.vasi.asgi().routes[-1].app.openapi()  # type: ignore[attr-defined]
    for attempt in attempts(described, world.ids):
        if attempt.path in ("/api/session", "/api/events"):
            continue
        status, said = await tried(world, attempt, secret)
        assert status in (401, 403), (attempt, said)
        assert world.leaks(said, attempt.ids) == []


# --- tools ------------------------------------------------------------------------------------------------------------
async def test_no_tool_reads_or_changes_anything_of_another_user(world: World) -> None:
    before = await of_anna(world)
    everything = [one for found in world.ids.values() for one in found]
    context = ToolContext(world.ben.principal.owner, NOW, groups=world.ben.principal.groups)
    count = 0
    for tool in world.app.vasi.tools.own():
        properties: dict[str, Any] = dict(tool.parameters).get("properties", {})
        texts = [name for name, schema in properties.items() if "string" in json.dumps(schema)]
        required = dict(tool.parameters).get("required", [])
        for value in (*everything, CANARY):
            for name in texts or [""]:
                given = {one: _argument(properties[one], value) for one in required}
                if name:
                    given[name] = _argument(properties[name], value)
                try:
                    result = await tool.run(context, json.dumps(given))
                    said = result.output + repr(result.passages) + repr(result.changes)
                except VasiError as error:
                    said = error.message
                count += 1
                assert world.leaks(said.encode(), frozenset(everything)) == [], (tool.name, given, said)
    assert await of_anna(world) == before
    assert count > 200
    print(f"{count} calls of tools with another user's ids")


def _argument(schema: Any, value: str) -> Any:
    text = json.dumps(schema)
    if '"array"' in text:
        return [value]
    if '"integer"' in text:
        return 1
    if "enum" in schema:
        return schema["enum"][0]
    return value


def test_free_parameters_name_nothing() -> None:
    assert not set(FREE) & set(NAMES)
