"""An OpenID provider for the app's tests, and how somebody signs in there."""

from __future__ import annotations

import asyncio
import re
import threading
from collections.abc import Coroutine, Iterator
from concurrent.futures import Future
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import urlsplit

from playwright.sync_api import Page

from tests.identity.provider import CLIENT, SECRET, OpenIdProvider, open_id_provider
from tests.server_process import ServerProcess, serving

LABEL = "test"
STARTS_WITHIN_S = 320
Result = TypeVar("Result")


class ProviderThread:
    """The provider with an event loop in a thread of its own, since the browser's driver has this one's."""

    def __init__(self) -> None:
        self._loop = asyncio.new_event_loop()
        self._done = asyncio.Event()
        self._ready: Future[OpenIdProvider] = Future()
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()
        self.provider = self._ready.result(STARTS_WITHIN_S)

    def _run(self) -> None:
        try:
            self._loop.run_until_complete(self._hold())
        except BaseException as error:
            if self._ready.done():
                raise
            self._ready.set_exception(error)

    async def _hold(self) -> None:
        async with open_id_provider() as provider:
            self._ready.set_result(provider)
            await self._done.wait()

    def do(self, work: Coroutine[Any, Any, Result]) -> Result:
        """Have it done there."""
        return asyncio.run_coroutine_threadsafe(work, self._loop).result(60)

    def close(self) -> None:
        self._loop.call_soon_threadsafe(self._done.set)
        self._thread.join(30)
        self._loop.close()


@contextmanager
def people_server(data: Path, limits: str = "") -> Iterator[tuple[ServerProcess, OpenIdProvider]]:
    """A server at which people sign in with a provider.

    Args:
        data: its data folder.
        limits: settings of the provider that say who may; everybody who is known there if there are none.
    """
    thread = ProviderThread()
    try:
        settings = data.parent / f"{data.name}.toml"
        settings.write_text(
            f"""
            [auth]
            mode = "oidc"
            [auth.providers.{LABEL}]
            title = "Harrow Bay"
            issuer = "{thread.provider.issuer}"
            client_id = "{CLIENT}"
            client_secret = '{SECRET}'
            {limits}
            """
        )
        with serving(data, "--config", str(settings)) as server:
            thread.do(thread.provider.serve(server.http, LABEL))
            yield server, thread.provider
    finally:
        thread.close()


def code_of(server: ServerProcess) -> str:
    """The code that makes the first administrator, as the server printed it."""
    assert server.process.stdout is not None
    for line in server.process.stdout:
        if found := re.search(r"enter the code (\S+)", line):
            return found[1]
    raise AssertionError("The server printed no code.")


def port_of(provider: OpenIdProvider) -> int:
    """Where the provider is."""
    port = urlsplit(provider.origin).port
    assert port is not None
    return port


def sign_in(page: Page, login: str, path: str = "/") -> None:
    """From the sign-in page through the provider's forms back into the app."""
    fill_in(page, login)
    page.wait_for_url(f"**{path}")
    page.get_by_role("navigation", name="Main").wait_for()


def fill_in(page: Page, login: str) -> None:
    """From the sign-in page through those of the provider's forms that it shows, back to the server."""
    with page.expect_navigation():
        page.get_by_role("link", name="Sign in with Harrow Bay").click()
    name, consent = page.get_by_placeholder("Enter any login"), page.get_by_role("button", name="Continue")
    while True:
        name.or_(consent).or_(page.get_by_role("main")).first.wait_for()
        if name.count():
            name.fill(login)
            page.get_by_placeholder("and password").fill("any")
            button = page.get_by_role("button", name="Sign-in")
        elif consent.count():
            button = consent
        else:
            return
        with page.expect_navigation():
            button.click()
