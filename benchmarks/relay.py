"""What the relay in front of a model service costs, against the least that can be done.

Three processes: a service that sends audio deltas (canned frames, as fast as it's told to), a relay, and clients. The
relay is vasi's whole gateway, or one of two that hand frames on without a look: a bare one (the same web server as
vasi's, and ``websockets``), and the floor (aiohttp on both sides). Each is measured in turn, several times, in the same
run, on a core of its own where there are two.

- paced: so many sessions, a delta every 100 ms down and 100 ms of microphone up, out of step with each other, between
  the beginning of the answers and their end;
- burst: deltas as fast as they go;
- idle: memory of a session that says nothing;
- tool: what other events of a session wait while a tool runs for two seconds;
- restart: all sessions through a killed and restarted service.
"""

from __future__ import annotations

import argparse
import asyncio
import base64
import json
import os
import socket
import statistics
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import psutil

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

HOST = "127.0.0.1"
DELTA = base64.b64encode(b"\1\0" * 2400).decode()
"""A hundred milliseconds of sound: a frame of 6.6 kB."""
MICROPHONE_S = 0.1
SETTLE_S = 1.0
"""Until all sessions have been asked, and before the first of them is done."""
GOLDEN = 0.618033988749895
MICROPHONE = json.dumps({"type": "input_audio_buffer.append", "audio": base64.b64encode(bytes(4800)).decode()})


async def beat(number: float, every_s: float) -> float:
    """Wait for the first moment of session ``number``, and return it (by ``time.perf_counter``).

    Users don't speak in step, and neither are they answered so: the sessions' moments are spread evenly over
    ``every_s``, in the same way whatever relay is between. Left to themselves they would keep the distances with
    which a relay opened them: what is quick there would get its messages in heaps, which are cheaper.
    """
    phase = number * GOLDEN % 1 * every_s
    now = time.perf_counter()
    first = now + (phase - now) % every_s
    await asyncio.sleep(first - now)
    return first


def free_port() -> int:
    with socket.create_server((HOST, 0)) as free:
        return free.getsockname()[1]


# --- the service ----------------------------------------------------------------------------------------------------
def serve_model(port: int) -> None:
    """A service that answers as the user's last message, a plan in JSON, says: so many deltas, so far apart; a tool."""
    import uvloop
    from websockets.asyncio.server import serve

    def frame(kind: str, **fields: Any) -> str:
        return json.dumps({"type": kind, "event_id": "event_1", **fields}, separators=(",", ":"))

    async def answer(ws: Any, event: dict[str, Any], number: int, plan: dict[str, Any]) -> None:
        wanted, item_id = f"resp_{number}", f"item_{number}"
        response = {
            "id": wanted,
            "object": "realtime.response",
            "status": "in_progress",
            "status_details": None,
            "output": [],
            "conversation_id": "conv_1",
            "output_modalities": ["audio"],
            "max_output_tokens": "inf",
            "audio": {"output": {"format": {"type": "audio/pcm", "rate": 24000}, "voice": "alloy"}},
            "usage": None,
            "metadata": (event.get("response") or {}).get("metadata"),
        }
        place = {"response_id": wanted, "output_index": 0}
        item = {"id": item_id, "type": "message", "role": "assistant", "status": "in_progress", "content": []}
        await ws.send(frame("response.created", response=response))
        if plan.get("tool"):
            call = {"id": item_id, "type": "function_call", "name": "slow", "call_id": "call_1", "arguments": "{}"}
            await ws.send(frame("response.output_item.added", **place, item={**call, "status": "in_progress"}))
            finished = {**call, "status": "completed"}
            await ws.send(frame("response.output_item.done", **place, item=finished))
            await ws.send(frame("response.done", response={**response, "status": "completed", "output": [finished]}))
            return
        await ws.send(frame("response.output_item.added", **place, item=item))
        about = {**place, "item_id": item_id, "content_index": 0}
        part = {"type": "audio", "transcript": ""}
        await ws.send(frame("response.content_part.added", **about, part=part))
        head = {"response_id": wanted, "item_id": item_id, "output_index": 0, "content_index": 0}
        rest = frame("response.output_audio.delta", **head, delta=DELTA).partition('"event_id":"event_1"')[2]
        begin = await beat(plan["number"], plan["every_s"]) if plan["every_s"] else 0.0
        for count in range(plan["deltas"]):
            if plan["every_s"]:
                await asyncio.sleep(max(0.0, begin + count * plan["every_s"] - time.perf_counter()))
            stamp = f"event_{time.monotonic_ns()}"
            await ws.send(f'{{"type":"response.output_audio.delta","event_id":"{stamp}"{rest}')
        done = {**item, "status": "completed", "content": [{"type": "output_audio", "transcript": "x"}]}
        await ws.send(frame("response.output_item.done", **place, item=done))
        await ws.send(frame("response.done", response={**response, "status": "completed", "output": [done]}))

    async def session(ws: Any) -> None:
        await ws.send(frame("session.created", session={"type": "realtime", "id": "sess_1"}))
        plan = {"deltas": 1, "every_s": 0.0}
        number = 0
        answers: set[asyncio.Task[None]] = set()
        try:
            async for text in ws:
                if text.startswith('{"type":"input_audio_buffer.append"') or '"input_audio_buffer.append"' in text[:60]:
                    continue
                event = json.loads(text)
                match event["type"]:
                    case "session.update":
                        await ws.send(frame("session.updated", session={"type": "realtime"}))
                    case "conversation.item.create":
                        item = {**event["item"], "status": "completed"}
                        shown = {"item": item, "previous_item_id": None}
                        if item["type"] == "message" and item["role"] == "user":
                            plan = json.loads(item["content"][0]["text"])
                        elif item["type"] == "function_call_output":
                            plan = {"deltas": 1, "every_s": 0.0}
                        await ws.send(frame("conversation.item.added", **shown))
                        await ws.send(frame("conversation.item.done", **shown))
                    case "response.create":
                        number += 1
                        answers.add(asyncio.create_task(answer(ws, event, number, plan)))
                    case "input_audio_buffer.clear":
                        await ws.send(frame("input_audio_buffer.cleared"))
                    case _:
                        pass
        finally:
            for task in answers:
                task.cancel()
            await asyncio.gather(*answers, return_exceptions=True)

    async def main() -> None:
        async with serve(session, HOST, port, compression=None, max_size=None, ping_interval=None, backlog=512):
            print(port, flush=True)
            await asyncio.Future()

    uvloop.run(main())


# --- the relays -----------------------------------------------------------------------------------------------------
def serve_relay(kind: str, upstream: int) -> None:
    import uvloop

    from vasi.testing.server import hosting

    async def main() -> None:
        if kind == "floor":
            await serve_floor(upstream)
        async with hosting(bare(upstream)) if kind == "bare" else vasi_relay(upstream) as server:
            print(server.port, flush=True)
            await asyncio.Future()

    uvloop.run(main())


def bare(upstream: int) -> Any:
    """Two loops that hand frames on."""
    from starlette.applications import Starlette
    from starlette.routing import WebSocketRoute
    from starlette.websockets import WebSocket, WebSocketDisconnect
    from websockets.asyncio.client import connect
    from websockets.exceptions import ConnectionClosed

    async def relay(client: WebSocket) -> None:
        await client.accept()
        url = f"ws://{HOST}:{upstream}/openai/v1/realtime?model=m"
        async with connect(url, compression=None, max_size=None, proxy=None) as service:

            async def up() -> None:
                try:
                    while True:
                        await service.send(await client.receive_text())
                except (WebSocketDisconnect, ConnectionClosed):
                    await service.close()

            async def down() -> None:
                try:
                    async for frame in service:
                        await client.send_text(frame)
                except (WebSocketDisconnect, RuntimeError):
                    pass

            await asyncio.gather(up(), down())

    return Starlette(routes=[WebSocketRoute("/v1/realtime", relay)])


async def serve_floor(upstream: int) -> None:
    """Two loops that hand frames on, in aiohttp."""
    from aiohttp import ClientSession, WSMsgType, web

    async def relay(request: web.Request) -> web.WebSocketResponse:
        client = web.WebSocketResponse(compress=False, max_msg_size=0)
        await client.prepare(request)
        url = f"ws://{HOST}:{upstream}/openai/v1/realtime?model=m"
        async with request.app["http"].ws_connect(url, compress=0, max_msg_size=0) as service:

            async def pump(source: Any, target: Any) -> None:
                async for message in source:
                    if message.type == WSMsgType.TEXT:
                        await target.send_str(message.data)
                await target.close()

            await asyncio.gather(pump(client, service), pump(service, client))
        return client

    app = web.Application()
    app.router.add_get("/v1/realtime", relay)
    async with ClientSession() as session:
        app["http"] = session
        runner = web.AppRunner(app)
        await runner.setup()
        await web.TCPSite(runner, HOST, 0, backlog=512).start()
        print(runner.addresses[0][1], flush=True)
        await asyncio.Future()


def vasi_relay(upstream: int) -> Any:
    """The whole gateway, with a tool that takes two seconds."""
    from vasi.backends.upstream.address import address
    from vasi.backends.upstream.credentials import Key
    from vasi.backends.upstream.service import Service, ServiceSettings
    from vasi.backends.upstream.session import UpstreamBackend
    from vasi.testing.engines import scripted_engines
    from vasi.testing.llm import ScriptedLlm
    from vasi.testing.server import serving
    from vasi.tools.ports import ToolContext, ToolResult

    class Slow:
        name, description, parameters, read_only = "slow", "Takes two seconds.", {"type": "object"}, True

        async def run(self, context: ToolContext, arguments: str) -> ToolResult:
            await asyncio.sleep(2)
            return ToolResult("{}")

    there = address(f"http://{HOST}:{upstream}", "m", kind="azure")
    service = Service(there, Key("k" * 32, there), ServiceSettings(None, False, connect_timeout_s=20, reconnect_s=60))

    def backend(view: Any, *, seed: str, profile: str) -> UpstreamBackend:
        return UpstreamBackend(service, view, seed=seed)

    return serving(scripted_engines(ScriptedLlm()), tools=[Slow()], backend=backend, resume_s=0.1)


# --- the clients ----------------------------------------------------------------------------------------------------
RUNNING: set[Process] = set()
RELAYS = ("floor", "bare", "vasi")


def keep_apart(pid: int, *, alone: bool) -> None:
    """Give the relay a core of its own, where that can be said: whom it shares one with changes its CPU by half."""
    cores = os.cpu_count() or 1
    if cores > 1 and hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(pid, {cores - 1} if alone else set(range(cores - 1)))


class Process:
    """One of the other two processes."""

    def __init__(self, *arguments: object) -> None:
        command = [sys.executable, __file__, *map(str, arguments)]
        # What it complains of when its neighbours are killed is no news.
        self._process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        RUNNING.add(self)
        keep_apart(self._process.pid, alone=arguments[0] in RELAYS)
        assert self._process.stdout is not None
        first = self._process.stdout.readline().strip()
        assert first, f"{arguments} didn't come up"
        self.port = int(first)
        self.seen = psutil.Process(self._process.pid)

    def cpu_s(self) -> float:
        return sum(self.seen.cpu_times()[:2])

    def memory(self) -> int:
        return self.seen.memory_full_info().uss

    def kill(self) -> None:
        RUNNING.discard(self)
        self._process.kill()
        self._process.wait()
        assert self._process.stdout is not None
        self._process.stdout.close()


async def connected(port: int) -> Any:
    from websockets.asyncio.client import connect

    for _ in range(200):
        try:
            socket = await connect(
                f"ws://{HOST}:{port}/v1/realtime?model=m",
                compression=None,
                max_size=None,
                proxy=None,
                open_timeout=60,
                ping_interval=None,
            )
            break
        except OSError:
            await asyncio.sleep(0.05)
    else:
        raise SystemExit("the relay didn't come up")
    while '"session.created"' not in (await socket.recv())[:60]:
        pass
    return socket


async def ask(socket: Any, **plan: Any) -> None:
    part = {"type": "input_text", "text": json.dumps(plan)}
    item = {"id": f"item_{time.monotonic_ns():x}", "type": "message", "role": "user", "content": [part]}
    await socket.send(json.dumps({"type": "conversation.item.create", "item": item}))
    await socket.send(json.dumps({"type": "response.create"}))


async def listen(socket: Any, late: list[float]) -> int:
    """Until the response is done; returns how many deltas came."""
    count = 0
    while True:
        frame = await socket.recv()
        head = frame[:90]
        if '"response.output_audio.delta"' in head:
            count += 1
            stamp = head.partition('"event_id":"event_')[2].partition('"')[0]
            late.append((time.monotonic_ns() - int(stamp)) / 1e6)
        elif '"response.done"' in head:
            return count


async def speak(socket: Any, number: float, frames: int) -> None:
    begin = await beat(number, MICROPHONE_S)
    for count in range(frames):
        await asyncio.sleep(max(0.0, begin + count * MICROPHONE_S - time.perf_counter()))
        await socket.send(MICROPHONE)


async def load(relay: Process, port: int, sessions: int, deltas: int, every_s: float) -> dict[str, float]:
    """CPU of the relay per message, and how long a message took."""
    sockets = [await connected(port) for _ in range(sessions)]
    late: list[float] = []
    before, begin = relay.cpu_s(), time.perf_counter()
    for number, client in enumerate(sockets):
        await ask(client, deltas=deltas, every_s=every_s, number=number)
    work = [asyncio.ensure_future(listen(client, late)) for client in sockets]
    if every_s:
        whole_s = deltas * every_s
        frames = int(whole_s / MICROPHONE_S)
        # They speak between what they hear.
        speaking = [asyncio.ensure_future(speak(client, at + 0.5, frames)) for at, client in enumerate(sockets)]
        await asyncio.sleep(SETTLE_S)
        before, heard, at = relay.cpu_s(), len(late), time.perf_counter()
        await asyncio.sleep(whole_s - 2 * SETTLE_S)
        cpu = relay.cpu_s() - before
        messages = len(late) - heard + sessions * (time.perf_counter() - at) / MICROPHONE_S
        await asyncio.gather(*speaking)
    results = await asyncio.gather(*work)
    assert sum(results) == sessions * deltas, "deltas are missing"
    if not every_s:
        cpu, messages = relay.cpu_s() - before, sessions * deltas
    for client in sockets:
        await client.close()
    return {"us_per_message": cpu / messages * 1e6, "ms": statistics.median(late), "s": time.perf_counter() - begin}


async def idle_memory(relay: Process, port: int, sessions: int) -> float:
    """KiB of a session that says nothing."""
    warm = [await connected(port) for _ in range(10)]
    before = relay.memory()
    sockets = [await connected(port) for _ in range(sessions)]
    await asyncio.sleep(0.5)
    grown = relay.memory() - before
    for client in [*warm, *sockets]:
        await client.close()
    return grown / sessions / 1024


async def tool_delay(port: int) -> float:
    """The longest that an event waits while a tool runs, in ms."""
    client = await connected(port)
    await ask(client, tool=True)
    slowest = 0.0
    end = time.perf_counter() + 1.8
    while time.perf_counter() < end:
        sent = time.perf_counter()
        await client.send('{"type":"input_audio_buffer.clear"}')
        while "input_audio_buffer.cleared" not in await client.recv():
            pass
        slowest = max(slowest, (time.perf_counter() - sent) * 1000)
        await asyncio.sleep(0.05)
    await client.close()
    return slowest


async def restart(port: int, upstream: int, model: Process, sessions: int) -> dict[str, Any]:
    """All sessions through a killed and restarted service: how many get exactly one answer each afterwards."""
    sockets = [await connected(port) for _ in range(sessions)]
    model.kill()
    began = time.perf_counter()
    fresh = Process("model", upstream)
    for client in sockets:
        await ask(client, deltas=3, every_s=0.0)
    answers: list[int] = []
    for client in sockets:
        done = 0
        async with asyncio.timeout(90):
            await listen(client, [])
        done = 1
        answers.append(done)
    took = time.perf_counter() - began
    extra = 0
    for client in sockets:
        try:
            async with asyncio.timeout(0.01):
                while True:
                    extra += '"response.done"' in (await client.recv())[:90]
        except TimeoutError:
            pass
        await client.close()
    fresh.kill()
    return {"recovered": sum(answers), "doubled": extra, "s": round(took, 1)}


def measure(repeats: int) -> dict[str, Any]:
    figures: dict[str, Any] = {"load_average": os.getloadavg()[0]}
    runs: dict[str, list[dict[str, float]]] = {}
    for _ in range(repeats):
        for name, sessions, deltas, every_s in (("burst", 50, 400, 0.0), ("paced", 50, 80, 0.1)):
            for kind in RELAYS:
                upstream = free_port()
                model, relay = Process("model", upstream), Process(kind, upstream)
                port = relay.port
                asyncio.run(load(relay, port, 5, 20, 0.0))
                result = asyncio.run(load(relay, port, sessions, deltas, every_s))
                relay.kill()
                model.kill()
                runs.setdefault(f"{name} {kind}", []).append(result)
    for name, results in runs.items():
        figures[name] = {key: round(statistics.median(r[key] for r in results), 2) for key in results[0]}
    for name in ("burst", "paced"):
        for other in ("bare", "floor"):
            ratios = [
                v["us_per_message"] / b["us_per_message"]
                for v, b in zip(runs[f"{name} vasi"], runs[f"{name} {other}"], strict=True)
            ]
            figures[f"{name} CPU against {other}"] = round(statistics.median(ratios), 2)
    delays = [v["ms"] - b["ms"] for v, b in zip(runs["paced vasi"], runs["paced bare"], strict=True)]
    figures["added median latency ms"] = round(statistics.median(delays), 2)
    for kind in RELAYS:
        upstream = free_port()
        model, relay = Process("model", upstream), Process(kind, upstream)
        port = relay.port
        figures[f"idle session KiB {kind}"] = round(asyncio.run(idle_memory(relay, port, 100)), 1)
        if kind == "vasi":
            figures["slowest event beside a 2 s tool ms"] = round(asyncio.run(tool_delay(port)), 1)
            figures["restart of 200"] = asyncio.run(restart(port, upstream, model, 200))
        relay.kill()
        model.kill()
    return figures


def main() -> None:
    if len(sys.argv) > 1 and sys.argv[1] == "model":
        serve_model(int(sys.argv[2]))
        return
    if len(sys.argv) > 1 and sys.argv[1] in RELAYS:
        serve_relay(sys.argv[1], int(sys.argv[2]))
        return
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--json", type=Path, help="write the figures here")
    parser.add_argument("--repeats", type=int, default=3)
    arguments = parser.parse_args()
    try:
        figures = measure(arguments.repeats)
    finally:
        for process in list(RUNNING):
            process.kill()
    for name, value in figures.items():
        print(f"{name:36} {value}")
    if arguments.json:
        arguments.json.write_text(json.dumps(figures, indent=2))


if __name__ == "__main__":
    main()
