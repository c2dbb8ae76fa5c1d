"""How long it takes to establish who a client is, by a cookie, a personal key, an ephemeral key: a table, and JSON with
``--json FILE``.

``known`` is somebody who came lately, ``new`` somebody who has to be looked up in the store.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import statistics
import tempfile
import time
from collections.abc import Awaitable, Callable
from pathlib import Path

from starlette.requests import HTTPConnection

from vasi.accounts.accounts import Accounts
from vasi.accounts.browser_sessions import Browser
from vasi.accounts.sign_ins import Person
from vasi.app.package_settings import account_settings
from vasi.config import Settings
from vasi.knowledge.index import TextAnalyser
from vasi.storage.accounts import SCOPES, Identity
from vasi.storage.sqlite import SqliteStore
from vasi.web.access import Access
from vasi.web.origin_policy import OriginPolicy

ISSUER = "https://login.example.com"
PROVIDER = {"auth": {"mode": "oidc", "providers": {"example": {"issuer": ISSUER, "client_id": "vasi"}}}}
WARM_UP = 50


def connection(**headers: str) -> HTTPConnection:
    """A handshake of a page of the server, with ``headers`` besides."""
    given = {"host": "127.0.0.1:8787", "origin": "http://127.0.0.1:8787", **headers}
    raw = [(name.encode(), value.encode()) for name, value in given.items()]
    scope = {"type": "websocket", "scheme": "ws", "path": "/v1/realtime", "headers": raw, "query_string": b""}
    return HTTPConnection({**scope, "client": ("127.0.0.1", 1), "subprotocols": []})


async def measure(work: Callable[[], Awaitable[object]], rounds: int) -> tuple[float, float]:
    """Median and 99th percentile of ``work``, in ms."""
    taken: list[float] = []
    for _ in range(rounds + WARM_UP):
        began = time.perf_counter()
        await work()
        taken.append((time.perf_counter() - began) * 1000)
    taken = sorted(taken[WARM_UP:])
    return statistics.median(taken), taken[int(len(taken) * 0.99)]


async def run(users: int, rounds: int) -> dict[str, dict[str, float]]:
    """Median and 99th percentile in ms of each way, with so many users in the store."""
    figures: dict[str, dict[str, float]] = {}
    settings = Settings(**PROVIDER)
    with tempfile.TemporaryDirectory() as folder:
        store = SqliteStore(Path(folder) / "vasi.db", TextAnalyser())
        await store.open()
        accounts = Accounts(store, account_settings(settings))
        access = Access(
            accounts.authenticator(),
            accounts.ephemeral,
            OriginPolicy("127.0.0.1"),
            accounts.sessions,
            accounts.leases,
        )
        secret = ""
        for number in range(users):
            identity, person = Identity(ISSUER, f"user-{number}"), Person(f"User {number}")
            secret, _, _ = await accounts.sign_ins.complete(identity, person, Browser("127.0.0.1"))
        cookie = {"cookie": f"vasi-session={secret}"}
        principal = await access.authenticate(connection(**cookie))
        key, _ = await accounts.keys.make(principal, "benchmark", SCOPES, None)
        ephemeral, _ = await access.mint(principal, {"type": "realtime"}, 600)
        forms = {
            "cookie": cookie,
            "personal key": {"authorization": f"Bearer {key}"},
            "ephemeral key": {"authorization": f"Bearer {ephemeral}"},
        }
        print(f"{users} users, {rounds} rounds        median     99 %")
        await accounts.leases.look()
        for name, headers in forms.items():

            async def known(headers: dict[str, str] = headers) -> None:
                await access.authenticate(connection(**headers))

            async def new(headers: dict[str, str] = headers) -> None:
                accounts.remembered.confirm(changed=True)
                await access.authenticate(connection(**headers))

            for kind, work in (("known", known), ("new", new)):
                accounts.remembered.confirm(changed=False)
                median, late = await measure(work, rounds)
                print(f"{name:>14}, {kind:<5}       {median:7.3f}  {late:7.3f} ms")
                figures[f"{name}, {kind}"] = {"median_ms": round(median, 3), "p99_ms": round(late, 3)}
        await accounts.close()
        await store.close()
    return figures


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--users", type=int, default=200)
    parser.add_argument("--rounds", type=int, default=2_000)
    parser.add_argument("--json", type=Path, metavar="FILE")
    given = parser.parse_args()
    figures = asyncio.run(run(given.users, given.rounds))
    if given.json is not None:
        given.json.write_text(json.dumps(figures, indent=2) + "\n", encoding="utf-8")
