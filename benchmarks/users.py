"""Many users at once on one server: each with a key, a talk and the event stream open; they search and write notes.

Tells how long requests take, and what memory the server's process needs for each user. The server runs in a process of
its own, so that the clients don't count.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import multiprocessing
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack
from datetime import UTC, datetime
from multiprocessing.connection import Connection
from pathlib import Path
from statistics import median, quantiles
from typing import Any

import httpx2
import psutil
from websockets.asyncio.client import connect

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

NOTE = "The rowing boat of user {number} is called Zorvane {number}, and it lies at berth {number}."


def serve(data: str, users: int, told: Connection) -> None:
    """The server's process."""
    asyncio.run(_serve(Path(data), users, told))


async def _serve(data: Path, users: int, told: Connection) -> None:
    from tests import basic_engines
    from vasi.accounts.browser_sessions import principal_of
    from vasi.app import Vasi
    from vasi.app.package_settings import connection_limits
    from vasi.config import Settings
    from vasi.storage.accounts import Identity, User
    from vasi.testing.server import hosting

    limits = {"event_streams": 10_000, "sessions": 10_000, "connections_per_address": 10_000}
    settings = Settings(data=data, api_keys=["a-key-of-the-server"], engines=basic_engines.ENGINES, limits=limits)  # type: ignore[arg-type]
    async with Vasi.open(settings) as vasi:
        await vasi.ready()
        keys: list[str] = []
        for number in range(users):
            user = User(f"user_{number}", f"User {number}", "", "user", ("crew",), False, datetime.now(UTC))
            await vasi.store.find_or_add_user(Identity("https://id.example", str(number)), user)
            keys.append(
                (await vasi.accounts.keys.make(principal_of(user), "key", ("realtime", "read", "write"), None))[0]
            )
        handbook = await vasi.knowledge.collections.add("Handbook", everyone=True)
        await vasi.knowledge.add(handbook.owner, [Path(__file__).parents[1] / "examples" / "documents"])
        async with hosting(vasi.asgi(), connections=connection_limits(settings)) as server:
            told.send((server.port, keys))
            await asyncio.to_thread(told.recv)


async def measured(name: str, work: list[Callable[[], Awaitable[Any]]], result: dict[str, Any]) -> None:
    """Run all at once; how long each of them took, and all together."""
    times: list[float] = []

    async def one(task: Callable[[], Awaitable[Any]]) -> None:
        begin = time.perf_counter()
        await task()
        times.append(time.perf_counter() - begin)

    begin = time.perf_counter()
    await asyncio.gather(*map(one, work))
    whole = time.perf_counter() - begin
    result[name] = {
        "requests": len(work),
        "per_second": round(len(work) / whole),
        "median_ms": round(median(times) * 1000),
        "p95_ms": round(quantiles(times, n=20)[-1] * 1000),
    }


async def clients(port: int, keys: list[str], rounds: int, process: psutil.Process) -> dict[str, Any]:
    """What the users do."""
    result: dict[str, Any] = {"users": len(keys), "rss_mb_before": round(process.memory_info().rss / 1e6)}
    headers = [{"authorization": f"Bearer {key}"} for key in keys]
    # None is kept: the server closes those that nobody uses, perhaps in this very moment.
    everything = httpx2.Limits(max_connections=None, max_keepalive_connections=0)
    async with AsyncExitStack() as stack:
        http = await stack.enter_async_context(
            httpx2.AsyncClient(base_url=f"http://127.0.0.1:{port}", limits=everything, timeout=120)
        )

        async def talk(number: int) -> None:
            socket = await stack.enter_async_context(
                connect(f"ws://127.0.0.1:{port}/v1/realtime", additional_headers=headers[number], compression=None)
            )
            await socket.recv()

        async def follow(number: int) -> None:
            stream = await stack.enter_async_context(http.stream("GET", "/api/events", headers=headers[number]))
            assert stream.status_code == 200, stream.status_code

        async def note(number: int) -> None:
            answer = await http.post("/api/notes", json={"text": NOTE.format(number=number)}, headers=headers[number])
            assert answer.status_code == 201, answer.text

        async def search(number: int) -> None:
            params = {"q": "How fast is the Kestrel?"}
            answer = await http.get("/api/search", params=params, headers=headers[number])
            assert answer.json()["found"], answer.text

        async def notes(number: int) -> None:
            found = (await http.get("/api/notes", params={"q": "rowing boat"}, headers=headers[number])).json()["notes"]
            assert found
            assert {one["text"] for one in found} == {NOTE.format(number=number)}, "only one's own"

        def each(work: Callable[[int], Awaitable[None]]) -> list[Callable[[], Awaitable[None]]]:
            return [lambda number=number: work(number) for number in range(len(keys))]

        await measured("sign-in", each(lambda number: http.get("/api/session", headers=headers[number])), result)
        await measured("talks opened", each(talk), result)
        await measured("event streams opened", each(follow), result)
        for number in range(rounds):
            behind = f" {number + 1}" if rounds > 1 else ""
            await measured(f"notes written{behind}", each(note), result)
            await measured(f"searches{behind}", each(search), result)
            await measured(f"notes searched{behind}", each(notes), result)
        begin, used = time.perf_counter(), sum(process.cpu_times()[:2])
        await asyncio.sleep(5)
        result["idle_cpu_percent"] = round(
            (sum(process.cpu_times()[:2]) - used) / (time.perf_counter() - begin) * 100, 1
        )
        result["rss_mb_after"] = round(process.memory_info().rss / 1e6)
    grown = result["rss_mb_after"] - result["rss_mb_before"]
    result["mb_per_user"] = round(grown / len(keys), 2)
    return result


def run(users: int, rounds: int) -> dict[str, Any]:
    """The figures."""
    spawning = multiprocessing.get_context("spawn")
    ours, theirs = spawning.Pipe()
    with tempfile.TemporaryDirectory() as data:
        process = spawning.Process(target=serve, args=(data, users, theirs), daemon=False)
        process.start()
        theirs.close()
        try:
            port, keys = ours.recv()
            return asyncio.run(clients(port, keys, rounds, psutil.Process(process.pid)))
        finally:
            ours.send("end")
            process.join(30)


def main() -> None:
    """Print the figures as JSON."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--users", type=int, default=200)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the figures there")
    options = parser.parse_args()
    figures = json.dumps(run(options.users, options.rounds), indent=2) + "\n"
    print(figures)
    if options.json is not None:
        options.json.write_text(figures, encoding="utf-8")


if __name__ == "__main__":
    main()
